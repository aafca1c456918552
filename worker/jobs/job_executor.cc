#include "worker/jobs/job_executor.h"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <exception>
#include <utility>

#include "connector/base/duration.h"
#include "connector/base/json.h"
#include "connector/base/log.h"
#include "connector/base/timestamp.h"
#include "worker/guards/clear_keys.h"
#include "worker/secrets/outcome_redaction.h"

namespace worker::jobs {

namespace asio = boost::asio;
namespace json = connector::json;
namespace log = connector::log;
using asio::awaitable;
using connector::failure_class;
using std::chrono::milliseconds;

namespace {

// The longest function runs 30 minutes; half a minute for everything around it.
constexpr milliseconds longest_call{30 * 60'000 + 30'000};

// Tries to write the marker of atMostOnce, as long as the engine may take it in a moment.
constexpr connector::backoff_limits marker_backoff{milliseconds(50), milliseconds(1000)};
constexpr milliseconds longest_marking{10'000};

connector::error marked_before(const active_job& held) {
  connector::error e;
  e.code = connector::error_code::ambiguous;
  e.failure = failure_class::ambiguous;
  e.message = fmt::format(
      "An earlier activation of this job went as far as calling the function, and its outcome is "
      "not known; with atMostOnce=true it is not called again. Find out whether the function ran. "
      "To let it be called once more, set the task's local variable '{}' to null, give job {} "
      "retries and resolve the incident.",
      marker_variable, held.job.key);
  return e;
}

// Nothing is called: what such a job's end must hold is not what an operation gives.
connector::error kind_refused(const engine::job& from) {
  connector::error e;
  e.code = connector::error_code::invalid_request;
  e.message =
      from.kind == engine::job_kind::ad_hoc_sub_process
          ? "This job is an ad-hoc sub-process's (kind AD_HOC_SUB_PROCESS), whose worker says "
            "which "
            "of its elements run next; this worker cannot. Nothing was called. Give the ad-hoc "
            "sub-process another job type, and call the function from a service task."
          : fmt::format(
                "This job is of a kind that this version of the worker does not know (number "
                "{}). Nothing was called. It runs jobs of service tasks, execution "
                "listeners and task listeners: use one of these, or a newer worker.",
                from.kind_number);
  return e;
}

connector::error clear_key_error(const std::string& field) {
  return connector::bad_input(fmt::format(
      "{0} holds a key in clear, which this worker refuses "
      "(REQUIRE_SECRET_REFERENCES). Put the key into the worker's secrets and write "
      "{{{{secrets.NAME}}}} into the custom header {0}, or there with the custom header "
      "secrets={0}:NAME.",
      field));
}

connector::error marker_refused(const engine::status& answer) {
  connector::error e;
  e.code = connector::error_code::service_error;
  e.failure = failure_class::not_started;
  e.message = fmt::format(
      "The marker of atMostOnce could not be written: the engine answered {} to SetVariables. The "
      "function was not called. Let the worker's client set variables of process instances, or "
      "take the header atMostOnce off the task.",
      engine::name_of(answer.code));
  return e;
}

// It may write the marker in a moment.
bool is_busy(const engine::status& answer) {
  const auto judged = engine::judge(answer);
  return judged == engine::verdict::accepted ||
         (judged == engine::verdict::transient &&
          answer.code != engine::status_code::permission_denied);
}

constexpr std::string_view stopped_text = "The worker stopped before it called.";

fail_command hand_back_unmarked(int retries) {
  auto back = jobs::hand_back(retries, stopped_text);
  back.variables = json::object_writer().null(marker_variable).take();
  back.once = true;
  return back;
}

}  // namespace

awaitable<job_end> job_executor::run(active_job_ptr held) {
  // Only the call itself may be cut short; what follows it must reach the engine.
  co_await asio::this_coro::throw_if_cancelled(false);
  std::string bug;
  try {
    co_return co_await work(held);
  } catch (const std::exception& e) {
    bug = e.what();
  }
  log::error("a bug in the worker failed this job",
             {{"jobKey", std::to_string(held->job.key)}, {"what", bug}});
  fail_command failing;
  failing.retries = std::max(held->job.retries, 1) - 1;
  failing.message = job_message("UNKNOWN_ERROR",
                                "The worker met an error of its own while it ran this job; its log "
                                "has the details under this "
                                "job's key. Please report it.");
  co_return co_await with_.ends.deliver(std::move(held), std::move(failing));
}

awaitable<job_end> job_executor::hand_back(active_job_ptr held, std::string why) {
  command back = jobs::hand_back(held->job.retries, why);
  co_return co_await with_.ends.deliver(std::move(held), std::move(back));
}

awaitable<job_end> job_executor::refuse(active_job_ptr held, connector::error why,
                                        controls steering, job_facts facts) {
  held->masks = with_.redaction.for_job(held->secrets);
  why.message = held->masks->mask(std::move(why.message));
  auto what = decide(why, steering, facts, with_.random);
  co_return co_await with_.ends.deliver(std::move(held), std::move(what));
}

void job_executor::warn(const active_job& held, const task& what) const {
  for (const auto& [wrong, meant] : what.misspelt_headers) {
    if (!held.type.warned_headers.insert(wrong).second) continue;
    log::warning("unknown custom header, perhaps misspelt",
                 {{"header", wrong}, {"didYouMean", meant}, {"elementId", held.job.element_id}});
  }
  if (with_.secrets.in_data() == secrets::data_mode::listed) {
    held.type.warned_places.look_at(what.values, held.job.bpmn_process_id, held.job.element_id);
  }
  if (what.short_form && what.steering.result_variable.empty() && !held.type.warned_short_form) {
    held.type.warned_short_form = true;
    log::warning(
        "a task uses the short form (bare functionName and payload): the answer's payload leaves "
        "the "
        "task only through an output mapping or the header resultVariable",
        {{"elementId", held.job.element_id}, {"bpmnProcessId", held.job.bpmn_process_id}});
  }
}

std::optional<connector::error> job_executor::check_clear_keys(
    const active_job& held, const task& what, const guards::job_policy& guard) const {
  const auto field = guards::clear_key_in(what.values, with_.secrets.in_data());
  if (!field) return std::nullopt;
  if (guard.require_secret_references) return clear_key_error(*field);
  if (std::exchange(held.type.warned_clear_key, true)) return std::nullopt;
  log::warning(
      "a task gives a key in clear; refer to a secret instead ({{secrets.NAME}}), or set "
      "REQUIRE_SECRET_REFERENCES=true to refuse such tasks",
      {{"field", *field},
       {"elementId", held.job.element_id},
       {"bpmnProcessId", held.job.bpmn_process_id}});
  return std::nullopt;
}

awaitable<job_end> job_executor::work(active_job_ptr held) {
  held->read = held->activation;
  if (held->job.kind != engine::job_kind::bpmn_element && !held->job.of_listener()) {
    // No header counts: a completion or an error would end something else than a task.
    auto why = kind_refused(held->job);
    const job_facts facts{held->job.retries};
    co_return co_await refuse(held, std::move(why), controls(), facts);
  }
  auto what = read_task(held->job, *held->type.operation, held->type.default_headers);
  warn(*held, what);
  const job_facts facts{held->job.retries,    what.attempt,   false,
                        held->type.operation, held->job.kind, held->job.listener_event};
  if (what.wrong) {
    co_return co_await refuse(held, std::move(*what.wrong), std::move(what.steering), facts);
  }
  if (what.marked && what.steering.at_most_once) {
    auto why = marked_before(*held);
    co_return co_await refuse(held, std::move(why), std::move(what.steering), facts);
  }
  const auto guard =
      with_.guards.of({held->type.name, held->job.tenant_id, held->job.bpmn_process_id});
  if (auto clear = check_clear_keys(*held, what, *guard)) {
    co_return co_await refuse(held, std::move(*clear), std::move(what.steering), facts);
  }
  secrets::refusing_list refusing = [guard](std::string_view name) {
    return guards::refusing(guard->secrets, name);
  };
  // Takes as long as a store of secrets takes to answer, when it is asked anew.
  auto resolved = co_await with_.secrets.resolve(std::move(what.values), std::move(refusing));
  if (held->gone) co_return job_end::superseded;
  if (resolved.has_error()) {
    if (held->stop && resolved.error().failure != failure_class::permanent) {
      command back = jobs::hand_back(held->job.retries, stopped_text);
      co_return co_await with_.ends.deliver(std::move(held), std::move(back));
    }
    co_return co_await refuse(held, resolved.error(), std::move(what.steering), facts);
  }
  held->secrets = std::move(resolved->known);
  auto making =
      make_call(std::move(resolved->values), what.steering, held->job, *held->type.operation);
  making.allowed = guard->calls;
  // Before a marker is written the inputs must be right; otherwise the call itself finds out.
  if (what.steering.at_most_once) {
    if (auto checked = with_.service.check(making); checked.has_error()) {
      co_return co_await refuse(held, checked.error(), std::move(what.steering), facts);
    }
  }
  co_return co_await call(std::move(held), std::move(making), std::move(what.steering), facts);
}

awaitable<job_executor::marking> job_executor::write_marker(active_job_ptr held) {
  const auto marker = json::object_writer()
                          .string("jobKey", std::to_string(held->job.key))
                          .string("time", connector::timestamp_text(connector::wall_clock::now()))
                          .take();
  const auto variables = json::object_writer().raw(marker_variable, marker).take();
  const auto give_up = boot_clock::now() + longest_marking;
  for (int tries = 0;; ++tries) {
    const auto answer = co_await with_.engine.set_variables(held->job.element_instance_key,
                                                            variables, milliseconds(5000));
    const auto now = boot_clock::now();
    if (answer.code == engine::status_code::not_found) held->gone = true;
    if (held->gone) co_return marking{job_end::superseded, std::nullopt};
    // Given out anew since its variables were read, it may have been run elsewhere in between.
    if (!held->ours.alive(now) || held->activation != held->read) {
      co_return marking{job_end::lapsed, std::nullopt};
    }
    if (answer.ok() && held->ours.alive_with_margin(now)) co_return marking{};
    const auto judged = engine::judge(answer);
    if (judged != engine::verdict::accepted && judged != engine::verdict::transient) {
      co_return marking{std::nullopt, answer};
    }
    if (answer.ok() || held->stop || now >= give_up) co_return marking{std::nullopt, answer};
    held->reactivated.expires_after(connector::full_jitter(marker_backoff, tries, with_.random) +
                                    milliseconds(10));
    boost::system::error_code ignored;
    co_await held->reactivated.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

awaitable<job_end> job_executor::call(active_job_ptr held, connector::call what, controls steering,
                                      job_facts facts) {
  if (steering.at_most_once) {
    facts.marker = true;
    const auto marked = co_await write_marker(held);
    if (marked.ended) co_return *marked.ended;
    facts.retries = held->job.retries;
    if (marked.refused && !held->stop && !is_busy(*marked.refused)) {
      auto why = marker_refused(*marked.refused);
      co_return co_await refuse(std::move(held), std::move(why), std::move(steering), facts);
    }
    if (marked.refused) {
      command giving = held->stop ? hand_back_unmarked(facts.retries)
                                  : give_up_marking(steering, facts, with_.random);
      co_return co_await with_.ends.deliver(std::move(held), std::move(giving));
    }
  }
  what.at_most_once = steering.at_most_once;
  what.job_timeout = steering.job_timeout.value_or(milliseconds(0));
  what.end =
      boot_clock::now() + std::min(steering.job_timeout.value_or(longest_call), longest_call);
  what.may_send = [&job = *held] {
    const auto now = boot_clock::now();
    return job.active(now) && !job.stop && job.ours.alive_with_margin(now);
  };
  auto outcome = co_await with_.service.run(std::move(what));
  // From here on nothing may be cut short: the result has to reach the engine.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());

  if (held->gone) co_return job_end::superseded;
  if (const auto* failed = outcome.failed(); failed != nullptr && !outcome.may_have_run) {
    const auto now = boot_clock::now();
    const bool kept_back = failed->code == connector::error_code::cancelled;
    if (!outcome.sent && !held->stop &&
        (!held->ours.alive(now) || (kept_back && !held->ours.alive_with_margin(now)))) {
      co_return job_end::lapsed;
    }
    if (held->stop && failed->failure != failure_class::permanent) {
      command giving = facts.marker ? hand_back_unmarked(held->job.retries)
                                    : jobs::hand_back(held->job.retries, stopped_text);
      co_return co_await with_.ends.deliver(std::move(held), std::move(giving));
    }
  }
  if (outcome.answered() != nullptr && outcome.answered()->function_error) {
    facts.error_type = outcome.answered()->function_error->type;
  }
  held->masks = with_.redaction.for_job(held->secrets);
  secrets::redact(outcome, *held->masks, steering.mask_payload);
  for (const auto& note : outcome.notes) {
    log::warning(note, {{"elementId", held->job.element_id},
                        {"bpmnProcessId", held->job.bpmn_process_id},
                        {"jobKey", std::to_string(held->job.key)}});
  }
  held->answer_room = std::move(outcome.room);
  facts.retries = held->job.retries;  // of the activation that lives now
  auto answer = decide(std::move(outcome), steering, facts, with_.random);
  co_return co_await with_.ends.deliver(std::move(held), std::move(answer));
}

}  // namespace worker::jobs
