#include "worker/jobs/job_executor.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <utility>

#include "connector/base/json.h"
#include "connector/base/log.h"
#include "connector/base/shortened.h"
#include "worker/jobs/at_most_once_marker.h"
#include "worker/jobs/job_refusals.h"
#include "worker/secrets/near_references.h"
#include "worker/secrets/outcome_redaction.h"
#include "worker/secrets/references.h"

namespace worker::jobs {

namespace asio = boost::asio;
namespace json = connector::json;
namespace log = connector::log;
using asio::awaitable;
using connector::failure_class;
using connector::longest_call;
using std::chrono::milliseconds;

namespace {

// A misspelt header has no effect, which may be why the job fails.
std::string hint_about_headers(const task& read) {
  if (read.misspelt_headers.empty()) return {};
  const auto& [name, meant] = read.misspelt_headers.front();
  return fmt::format("The task has a custom header '{}', which has no effect. Did you mean '{}'?",
                     connector::shortened(name, 100), meant);
}

constexpr milliseconds longest_stop{10'000};
constexpr std::string_view stopped_text = "The worker stopped before it called.";

// The call did not happen, and the lease is over or too short for another attempt.
bool lapsed(const active_job& active, const connector::outcome& outcome) {
  if (outcome.sent || active.stops()) return false;
  const auto now = boot_clock::now();
  const bool not_permitted = outcome.failed()->code == connector::error_code::cancelled;
  return !active.current_lease().alive(now) ||
         (not_permitted && !active.current_lease().alive_with_margin(now));
}

// The name of its execution must not be guessed: another name would be another execution.
fail_command release_without_prefix(int retries) {
  auto out = release_command(retries,
                             "The gateway did not tell its cluster in time, which is a part of the "
                             "durable execution's name; the job is tried again.");
  out.back_off = milliseconds(1000);
  return out;
}

bool succeeded(const connector::outcome& outcome) {
  return outcome.answered() != nullptr && !outcome.answered()->function_error;
}

// Which references count in the variables of this task.
secrets::data_mode mode_of(const task& read, const secrets::resolver& from) {
  return read.headers.drop_in ? secrets::data_mode::runtime : from.in_data();
}

}  // namespace

awaitable<job_end> job_executor::run(active_job_ptr active) {
  // A cancellation may cut the call alone: its result and every command must reach the engine.
  co_await asio::this_coro::throw_if_cancelled(false);
  std::string bug;
  try {
    co_return co_await work(active);
  } catch (const std::exception& e) {
    bug = e.what();
  }
  log::error("a bug in the worker failed this job",
             {{"jobKey", std::to_string(active->key())}, {"what", bug}});
  fail_command failing;
  failing.retries = std::max(active->job().retries, 1) - 1;
  failing.message = job_message("UNKNOWN_ERROR",
                                "The worker met an error of its own while it ran this job; its log "
                                "has the details under this job's key. Please report it.");
  co_return co_await deps_.commands.send(std::move(active), std::move(failing));
}

awaitable<job_end> job_executor::release(active_job_ptr active, std::string reason,
                                         milliseconds back_off) {
  auto releasing = release_command(active->job().retries, reason);
  releasing.back_off = back_off;
  job_command command = std::move(releasing);
  co_return co_await deps_.commands.send(std::move(active), std::move(command));
}

awaitable<job_end> job_executor::refuse(active_job_ptr active, connector::error error,
                                        task_headers headers, job_facts facts) {
  // The check of secrets refuses a reference in these headers; they are not evaluated then.
  for (auto* text : {&headers.result_expression, &headers.error_expression}) {
    if (!secrets::references_in(*text).empty()) text->clear();
  }
  connector::outcome outcome;
  outcome.result = std::move(error);
  auto command = command_for(*active, std::move(outcome), headers, facts);
  co_return co_await deps_.commands.send(std::move(active), std::move(command));
}

job_command job_executor::command_for(active_job& active, connector::outcome outcome,
                                      const task_headers& headers, job_facts facts) {
  const auto& masks = active.prepare_masks(deps_.redaction);
  if (!facts.hint.empty()) facts.hint = masks.mask(std::move(facts.hint));
  if (!headers.has_expressions()) {
    secrets::redact(outcome, masks, headers.mask_payload);
    return outcome_to_command(std::move(outcome), headers, facts, deps_.random);
  }
  const bool decides = !headers.error_expression.empty() ||
                       (!headers.retry_backoff_expression.empty() && !succeeded(outcome));
  auto raw = decides ? response_of(outcome, facts, headers.drop_in) : std::string();
  secrets::redact(outcome, masks, headers.mask_payload);
  expression_facts expressions{results::begin_session(parsed_, log::enabled(log::level::debug)),
                               std::move(raw), masks};
  auto command = outcome_to_command(std::move(outcome), headers, facts, deps_.random, &expressions);
  for (auto& warning : expressions.session.warnings) {
    log::debug("a value in an expression is null", {{"reason", std::move(warning)},
                                                    {"elementId", active.job().element_id},
                                                    {"bpmnProcessId", active.job().bpmn_process_id},
                                                    {"jobKey", std::to_string(active.key())}});
  }
  return command;
}

void job_executor::warn(const active_job& active, const task& read) const {
  for (const auto& [name, meant] : read.misspelt_headers) {
    if (!active.type().warned_headers.insert(name).second) continue;
    log::warning("unknown custom header, perhaps misspelt",
                 {{"header", name}, {"didYouMean", meant}, {"elementId", active.job().element_id}});
  }
  if (mode_of(read, deps_.secrets) == secrets::data_mode::listed) {
    active.type().warned_places.look_at(read.values, active.job().bpmn_process_id,
                                        active.job().element_id);
  }
  if (read.bare_variables && read.headers.result_variable.empty() &&
      read.headers.result_expression.empty() && !active.type().warned_bare_variables) {
    active.type().warned_bare_variables = true;
    log::warning(
        "a task uses the short form (bare functionName and payload): the answer's payload leaves "
        "the "
        "task only through an output mapping or a result header",
        {{"elementId", active.job().element_id}, {"bpmnProcessId", active.job().bpmn_process_id}});
  }
}

std::optional<connector::error> job_executor::check_near_references(const active_job& active,
                                                                    const task& read,
                                                                    job_facts& facts) {
  const auto near = secrets::near_reference_in(read.values);
  if (!near) return std::nullopt;
  // Such a text is no key and no role. Elsewhere it may be meant, or a user typed it.
  if (near->of_credentials) return connector::bad_input(near->sentence);
  facts.hint += facts.hint.empty() ? near->sentence : " " + near->sentence;
  if (std::exchange(active.type().warned_near_reference, true)) return std::nullopt;
  log::warning(
      "a task holds a text that looks like a reference to a secret and is none; a reference is "
      "{{secrets.NAME}}",
      {{"input", near->input},
       {"elementId", active.job().element_id},
       {"bpmnProcessId", active.job().bpmn_process_id}});
  return std::nullopt;
}

awaitable<job_end> job_executor::work(active_job_ptr active) {
  auto& job = active->begin_reading();
  deps_.watch.job_came(active->key());
  const auto& type = active->type();
  if (job.kind != engine::job_kind::bpmn_element && !job.of_listener()) {
    // No header counts, because a completion or a BPMN error would end another thing than a task.
    active->counts_for(deps_.times.activated(type.name, {}, {}));
    auto error = kind_refused(job);
    const job_facts facts{job.retries};
    co_return co_await refuse(active, std::move(error), task_headers(), facts);
  }
  auto read = read_task(job, *type.operation, type.default_headers);
  keys_.mask(*active, read, mode_of(read, deps_.secrets));
  active->counts_for(
      deps_.times.activated(type.name, read.element_template.first, read.element_template.second));
  warn(*active, read);
  job_facts facts{job.retries, read.attempt, false, type.operation, job.kind, job.listener_event};
  facts.hint = hint_about_headers(read);
  if (read.error) {
    co_return co_await refuse(active, std::move(*read.error), std::move(read.headers), facts);
  }
  if (read.at_most_once_marker && read.headers.at_most_once) {
    auto error = call_may_have_started(job);
    co_return co_await refuse(active, std::move(error), std::move(read.headers), facts);
  }
  if (auto error = check_near_references(*active, read, facts)) {
    co_return co_await refuse(active, std::move(*error), std::move(read.headers), facts);
  }
  const auto policy = deps_.policies.of({type.name, job.tenant_id, job.bpmn_process_id});
  auto plaintext =
      keys_.check(*active, read, mode_of(read, deps_.secrets), policy->require_secret_references);
  if (plaintext.ask_engine) {
    plaintext.refused = co_await keys_.check_version(std::move(plaintext.field));
    if (active->state() == job_state::gone) co_return job_end::superseded;
  }
  if (plaintext.refused) {
    co_return co_await refuse(active, *std::move(plaintext.refused), std::move(read.headers),
                              facts);
  }
  secrets::refusing_list refusing = [policy](std::string_view name) {
    return policy::refusing(policy->secrets, name);
  };
  // A store of secrets may be asked here, which takes as long as it takes to answer.
  auto resolved = co_await deps_.secrets.resolve(std::move(read.values), std::move(refusing),
                                                 mode_of(read, deps_.secrets),
                                                 deps_.secrets.scope_of(job.tenant_id));
  if (active->state() == job_state::gone) co_return job_end::superseded;
  if (resolved.has_error()) {
    if (active->stops() && resolved.error().failure != failure_class::permanent) {
      job_command command = release_command(active->job().retries, stopped_text);
      co_return co_await deps_.commands.send(std::move(active), std::move(command));
    }
    co_return co_await refuse(active, resolved.error(), std::move(read.headers), facts);
  }
  active->keep_secrets(std::move(resolved->known));
  // After the check that these headers hold no references to secrets.
  if (auto wrong = unreadable_expressions(parsed_, read.headers)) {
    co_return co_await refuse(active, std::move(*wrong), std::move(read.headers), facts);
  }
  auto request =
      make_call(std::move(resolved->values), read.headers, active->job(), *type.operation);
  request.allowed = policy->calls;
  if (read.headers.durable) {
    if (read.headers.durable_prefix.empty()) {
      if (read.durable.prefix.empty()) {
        auto prefix = co_await durable_prefix();
        if (!prefix) {
          job_command command = release_without_prefix(active->job().retries);
          co_return co_await deps_.commands.send(std::move(active), std::move(command));
        }
        read.durable.prefix = *std::move(prefix);
      }
      read.headers.durable_prefix = read.durable.prefix;
    } else {
      read.durable.prefix.clear();
    }
    facts.key = active->key();
    facts.durable = read.durable;
    request.durable = durable_run_of(read.headers, active->key(), read.durable);
    if (read.headers.durable_rerun) {
      durable_progress next;
      next.run = read.durable.run + 1;
      next.prefix = read.durable.prefix;
      facts.next_run = progress_json(next, active->key());
    }
  }
  // The inputs are checked before a marker is written. Without a marker the call checks them.
  if (read.headers.at_most_once) {
    if (auto checked = deps_.service.check(request); checked.has_error()) {
      co_return co_await refuse(active, checked.error(), std::move(read.headers), facts);
    }
  }
  co_return co_await call(std::move(active), std::move(request), std::move(read.headers), facts);
}

awaitable<job_end> job_executor::call(active_job_ptr active, connector::call request,
                                      task_headers headers, job_facts facts) {
  request.at_most_once = headers.at_most_once;
  request.job_timeout = headers.job_timeout.value_or(milliseconds(0));
  request.end =
      boot_clock::now() + std::min(headers.job_timeout.value_or(longest_call), longest_call);
  std::optional<connector::call> stopping;
  if (request.durable && headers.stop_on_cancel) stopping = stop_of(request);
  request.may_send = [&active = *active] { return active.may_call(boot_clock::now()); };
  turn_waits::place place(deps_.waits, active);
  std::optional<marker_result> marker;
  request.turn.may_wait = [&place] { return place.begin(); };
  request.turn.hears_of_each = headers.at_most_once;
  request.turn.comes = [this, &place, &active, &marker, once = headers.at_most_once] {
    return come_to_call(place, active, once, marker);
  };
  auto outcome = co_await deps_.service.run(std::move(request));
  // From here on nothing may be cut short: the result has to reach the engine.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  facts.at_most_once_marker = marker.has_value();
  if (marker && marker->ended) co_return *marker->ended;
  facts.retries = active->job().retries;
  if (marker && marker->refused && !active->stops() &&
      !marker_may_be_taken_later(*marker->refused)) {
    auto error = marker_refused(*marker->refused);
    co_return co_await refuse(std::move(active), std::move(error), std::move(headers), facts);
  }
  if (marker && marker->refused) {
    job_command command = active->stops() ? release_and_remove_marker(facts.retries, stopped_text)
                                          : release_without_marker(headers, facts, deps_.random);
    co_return co_await deps_.commands.send(std::move(active), std::move(command));
  }
  if (outcome.answered() != nullptr) stopping.reset();
  if (const auto* still = outcome.still_runs(); stopping && still != nullptr) {
    stopping->durable->execution = still->execution;
  }
  const auto poll_interval = headers.poll_interval;
  const auto end = co_await send_outcome(active, std::move(outcome), std::move(headers), facts);
  // The execution goes on for the activation that holds the job's lease now.
  if (stopping && end == job_end::superseded && !active->is_fenced()) {
    co_await stop_execution(deps_.service, deps_.redaction, active->key(), *std::move(stopping),
                            longest_stop);
  } else if (stopping && end == job_end::waiting && !stopping->durable->execution.empty()) {
    deps_.watch.job_left(active->key(), {active->job().element_instance_key, *std::move(stopping),
                                         active->used_secrets(), poll_interval});
  }
  co_return end;
}

awaitable<bool> job_executor::come_to_call(turn_waits::place& place, active_job_ptr active,
                                           bool at_most_once,
                                           std::optional<marker_result>& marker) {
  const bool has_slot = co_await place.end();
  if (!has_slot) co_return false;
  if (!at_most_once) co_return true;
  // Not before: a job that waits for its turn has no call that may have started.
  marker = co_await write_at_most_once_marker(deps_.engine, std::move(active), deps_.random);
  co_return !marker->ended && !marker->refused;
}

awaitable<std::optional<std::string>> job_executor::durable_prefix() {
  if (durable_prefix_) co_return durable_prefix_;
  engine::topology found;
  const auto answer = co_await deps_.engine.ask_topology(found, milliseconds(5000));
  // Another job may have asked meanwhile, and its name counts.
  if (answer.ok() && !durable_prefix_) durable_prefix_ = prefix_of_cluster(found.cluster_id);
  co_return durable_prefix_;
}

awaitable<job_end> job_executor::send_outcome(active_job_ptr active, connector::outcome outcome,
                                              task_headers headers, job_facts facts) {
  if (active->state() == job_state::gone) co_return job_end::superseded;
  if (const auto* failed = outcome.failed(); failed != nullptr && !outcome.may_have_run) {
    if (lapsed(*active, outcome)) co_return job_end::lapsed;
    if (active->stops() && failed->failure != failure_class::permanent) {
      const int retries = active->job().retries;
      auto command = facts.at_most_once_marker ? release_and_remove_marker(retries, stopped_text)
                                               : release_command(retries, stopped_text);
      if (const auto kept = kept_progress(facts.durable, facts.key); !kept.empty()) {
        command.variables = json::object_writer().raw(durable_variable, kept).take();
      }
      co_return co_await deps_.commands.send(std::move(active), std::move(command));
    }
  }
  if (outcome.answered() != nullptr && outcome.answered()->function_error) {
    facts.error_type = outcome.answered()->function_error->type;
  } else {
    facts.next_run.clear();
  }
  active->prepare_masks(deps_.redaction);
  auto& facts_of_end = active->facts();
  // A function URL's query is the task's own and may hold anything.
  facts_of_end.function = active->masked(outcome.function);
  facts_of_end.function.resize(
      std::min(facts_of_end.function.find('?'), facts_of_end.function.size()));
  if (outcome.sent) deps_.times.called(facts_of_end.function, outcome.call_time);
  facts_of_end.region = active->masked(outcome.region);
  facts_of_end.request_id = active->masked(outcome.request_id);
  active->keep_response_memory(std::move(outcome.memory));
  for (auto& note : outcome.notes) {
    log::warning(active->masked(std::move(note)), {{"elementId", active->job().element_id},
                                                   {"bpmnProcessId", active->job().bpmn_process_id},
                                                   {"jobKey", std::to_string(active->key())}});
  }
  facts.retries = active->job().retries;  // of the current activation
  auto command = command_for(*active, std::move(outcome), headers, facts);
  co_return co_await deps_.commands.send(std::move(active), std::move(command));
}

}  // namespace worker::jobs
