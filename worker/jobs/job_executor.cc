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
#include "worker/policy/plaintext_keys.h"
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

connector::error call_may_have_started(const active_job& active) {
  connector::error e;
  e.code = connector::error_code::ambiguous;
  e.failure = failure_class::ambiguous;
  e.message = fmt::format(
      "An earlier activation of this job went as far as calling the function, and its outcome is "
      "not known; with atMostOnce=true it is not called again. Find out whether the function ran. "
      "To let it be called once more, set the task's local variable '{}' to null, give job {} "
      "retries and resolve the incident.",
      at_most_once_marker_variable, active.job.key);
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

connector::error plaintext_key_error(const std::string& field) {
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
  const auto judged = engine::classify(answer);
  return judged == engine::status_class::accepted ||
         (judged == engine::status_class::transient &&
          answer.code != engine::status_code::permission_denied);
}

constexpr std::string_view stopped_text = "The worker stopped before it called.";

fail_command release_unmarked(int retries) {
  auto back = release_command(retries, stopped_text);
  back.variables = json::object_writer().null(at_most_once_marker_variable).take();
  back.send_once = true;
  return back;
}

}  // namespace

awaitable<job_end> job_executor::run(active_job_ptr active) {
  // Only the call itself may be cut short; what follows it must reach the engine.
  co_await asio::this_coro::throw_if_cancelled(false);
  std::string bug;
  try {
    co_return co_await work(active);
  } catch (const std::exception& e) {
    bug = e.what();
  }
  log::error("a bug in the worker failed this job",
             {{"jobKey", std::to_string(active->job.key)}, {"what", bug}});
  fail_command failing;
  failing.retries = std::max(active->job.retries, 1) - 1;
  failing.message = job_message("UNKNOWN_ERROR",
                                "The worker met an error of its own while it ran this job; its log "
                                "has the details under this "
                                "job's key. Please report it.");
  co_return co_await deps_.commands.send(std::move(active), std::move(failing));
}

awaitable<job_end> job_executor::release(active_job_ptr active, std::string why) {
  job_command back = release_command(active->job.retries, why);
  co_return co_await deps_.commands.send(std::move(active), std::move(back));
}

awaitable<job_end> job_executor::refuse(active_job_ptr active, connector::error why,
                                        task_headers headers, job_facts facts) {
  active->masks = deps_.redaction.for_job(active->secrets);
  why.message = active->masks->mask(std::move(why.message));
  auto command = error_to_command(why, headers, facts, deps_.random);
  co_return co_await deps_.commands.send(std::move(active), std::move(command));
}

void job_executor::warn(const active_job& active, const task& read) const {
  for (const auto& [wrong, meant] : read.misspelt_headers) {
    if (!active.type.warned_headers.insert(wrong).second) continue;
    log::warning("unknown custom header, perhaps misspelt",
                 {{"header", wrong}, {"didYouMean", meant}, {"elementId", active.job.element_id}});
  }
  if (deps_.secrets.in_data() == secrets::data_mode::listed) {
    active.type.warned_places.look_at(read.values, active.job.bpmn_process_id,
                                      active.job.element_id);
  }
  if (read.bare_variables && read.headers.result_variable.empty() &&
      !active.type.warned_bare_variables) {
    active.type.warned_bare_variables = true;
    log::warning(
        "a task uses the short form (bare functionName and payload): the answer's payload leaves "
        "the "
        "task only through an output mapping or the header resultVariable",
        {{"elementId", active.job.element_id}, {"bpmnProcessId", active.job.bpmn_process_id}});
  }
}

std::optional<connector::error> job_executor::check_plaintext_keys(
    const active_job& active, const task& read, const policy::job_policy& policy) const {
  const auto field = policy::plaintext_key_in(read.values, deps_.secrets.in_data());
  if (!field) return std::nullopt;
  if (policy.require_secret_references) return plaintext_key_error(*field);
  if (std::exchange(active.type.warned_plaintext_key, true)) return std::nullopt;
  log::warning(
      "a task gives a key in clear; refer to a secret instead ({{secrets.NAME}}), or set "
      "REQUIRE_SECRET_REFERENCES=true to refuse such tasks",
      {{"field", *field},
       {"elementId", active.job.element_id},
       {"bpmnProcessId", active.job.bpmn_process_id}});
  return std::nullopt;
}

awaitable<job_end> job_executor::work(active_job_ptr active) {
  active->read = active->activation;
  if (active->job.kind != engine::job_kind::bpmn_element && !active->job.of_listener()) {
    // No header counts: a completion or an error would end something else than a task.
    auto why = kind_refused(active->job);
    const job_facts facts{active->job.retries};
    co_return co_await refuse(active, std::move(why), task_headers(), facts);
  }
  auto read = read_task(active->job, *active->type.operation, active->type.default_headers);
  warn(*active, read);
  const job_facts facts{active->job.retries,    read.attempt,     false,
                        active->type.operation, active->job.kind, active->job.listener_event};
  if (read.error) {
    co_return co_await refuse(active, std::move(*read.error), std::move(read.headers), facts);
  }
  if (read.at_most_once_marker && read.headers.at_most_once) {
    auto why = call_may_have_started(*active);
    co_return co_await refuse(active, std::move(why), std::move(read.headers), facts);
  }
  const auto policy =
      deps_.policies.of({active->type.name, active->job.tenant_id, active->job.bpmn_process_id});
  if (auto clear = check_plaintext_keys(*active, read, *policy)) {
    co_return co_await refuse(active, std::move(*clear), std::move(read.headers), facts);
  }
  secrets::refusing_list refusing = [policy](std::string_view name) {
    return policy::refusing(policy->secrets, name);
  };
  // Takes as long as a store of secrets takes to answer, when it is asked anew.
  auto resolved = co_await deps_.secrets.resolve(std::move(read.values), std::move(refusing));
  if (active->gone) co_return job_end::superseded;
  if (resolved.has_error()) {
    if (active->stop && resolved.error().failure != failure_class::permanent) {
      job_command back = release_command(active->job.retries, stopped_text);
      co_return co_await deps_.commands.send(std::move(active), std::move(back));
    }
    co_return co_await refuse(active, resolved.error(), std::move(read.headers), facts);
  }
  active->secrets = std::move(resolved->known);
  auto making =
      make_call(std::move(resolved->values), read.headers, active->job, *active->type.operation);
  making.allowed = policy->calls;
  // Before a marker is written the inputs must be right; otherwise the call itself finds out.
  if (read.headers.at_most_once) {
    if (auto checked = deps_.service.check(making); checked.has_error()) {
      co_return co_await refuse(active, checked.error(), std::move(read.headers), facts);
    }
  }
  co_return co_await call(std::move(active), std::move(making), std::move(read.headers), facts);
}

awaitable<job_executor::marker_result> job_executor::write_at_most_once_marker(
    active_job_ptr active) {
  const auto marker = json::object_writer()
                          .string("jobKey", std::to_string(active->job.key))
                          .string("time", connector::timestamp_text(connector::wall_clock::now()))
                          .take();
  const auto variables = json::object_writer().raw(at_most_once_marker_variable, marker).take();
  const auto latest = boot_clock::now() + longest_marking;
  for (int tries = 0;; ++tries) {
    const auto answer = co_await deps_.engine.set_variables(active->job.element_instance_key,
                                                            variables, milliseconds(5000));
    const auto now = boot_clock::now();
    if (answer.code == engine::status_code::not_found) active->gone = true;
    if (active->gone) co_return marker_result{job_end::superseded, std::nullopt};
    // Given out anew since its variables were read, it may have been run elsewhere in between.
    if (!active->ours.alive(now) || active->activation != active->read) {
      co_return marker_result{job_end::lapsed, std::nullopt};
    }
    if (answer.ok() && active->ours.alive_with_margin(now)) co_return marker_result{};
    const auto judged = engine::classify(answer);
    if (judged != engine::status_class::accepted && judged != engine::status_class::transient) {
      co_return marker_result{std::nullopt, answer};
    }
    if (answer.ok() || active->stop || now >= latest) co_return marker_result{std::nullopt, answer};
    active->reactivated.expires_after(connector::full_jitter(marker_backoff, tries, deps_.random) +
                                      milliseconds(10));
    boost::system::error_code ignored;
    co_await active->reactivated.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  }
}

awaitable<job_end> job_executor::call(active_job_ptr active, connector::call request,
                                      task_headers headers, job_facts facts) {
  if (headers.at_most_once) {
    facts.at_most_once_marker = true;
    const auto marked = co_await write_at_most_once_marker(active);
    if (marked.ended) co_return *marked.ended;
    facts.retries = active->job.retries;
    if (marked.refused && !active->stop && !is_busy(*marked.refused)) {
      auto why = marker_refused(*marked.refused);
      co_return co_await refuse(std::move(active), std::move(why), std::move(headers), facts);
    }
    if (marked.refused) {
      job_command back = active->stop ? release_unmarked(facts.retries)
                                      : release_without_marker(headers, facts, deps_.random);
      co_return co_await deps_.commands.send(std::move(active), std::move(back));
    }
  }
  request.at_most_once = headers.at_most_once;
  request.job_timeout = headers.job_timeout.value_or(milliseconds(0));
  request.end =
      boot_clock::now() + std::min(headers.job_timeout.value_or(longest_call), longest_call);
  request.may_send = [&active = *active] {
    const auto now = boot_clock::now();
    return active.active(now) && !active.stop && active.ours.alive_with_margin(now);
  };
  auto outcome = co_await deps_.service.run(std::move(request));
  // From here on nothing may be cut short: the result has to reach the engine.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());

  if (active->gone) co_return job_end::superseded;
  if (const auto* failed = outcome.failed(); failed != nullptr && !outcome.may_have_run) {
    const auto now = boot_clock::now();
    const bool kept_back = failed->code == connector::error_code::cancelled;
    if (!outcome.sent && !active->stop &&
        (!active->ours.alive(now) || (kept_back && !active->ours.alive_with_margin(now)))) {
      co_return job_end::lapsed;
    }
    if (active->stop && failed->failure != failure_class::permanent) {
      job_command back = facts.at_most_once_marker
                             ? release_unmarked(active->job.retries)
                             : release_command(active->job.retries, stopped_text);
      co_return co_await deps_.commands.send(std::move(active), std::move(back));
    }
  }
  if (outcome.answered() != nullptr && outcome.answered()->function_error) {
    facts.error_type = outcome.answered()->function_error->type;
  }
  active->masks = deps_.redaction.for_job(active->secrets);
  secrets::redact(outcome, *active->masks, headers.mask_payload);
  for (const auto& note : outcome.notes) {
    log::warning(note, {{"elementId", active->job.element_id},
                        {"bpmnProcessId", active->job.bpmn_process_id},
                        {"jobKey", std::to_string(active->job.key)}});
  }
  active->response_memory = std::move(outcome.room);
  facts.retries = active->job.retries;  // of the activation that lives now
  auto command = outcome_to_command(std::move(outcome), headers, facts, deps_.random);
  co_return co_await deps_.commands.send(std::move(active), std::move(command));
}

}  // namespace worker::jobs
