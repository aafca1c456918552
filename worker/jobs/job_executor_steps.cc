// The steps of a run that wait for nothing: from the job to the request, and from the outcome to
// the command.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/base/json_writer.h"
#include "connector/base/log.h"
#include "connector/base/shortened.h"
#include "worker/jobs/job_executor.h"
#include "worker/jobs/job_refusals.h"
#include "worker/secrets/near_references.h"
#include "worker/secrets/outcome_redaction.h"
#include "worker/secrets/references.h"

namespace worker::jobs {

namespace json = connector::json;
namespace log = connector::log;
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

// The modeller cannot correct what the operator wrote.
std::string hint_about_default_headers(const connector::error& failed,
                                       const std::set<std::string>& of_worker) {
  using connector::error_code;
  if (failed.code != error_code::invalid_input && failed.code != error_code::missing_input) {
    return {};
  }
  for (const auto& name : of_worker) {
    // Of a single field: another field of the same object may be what is missing beside it.
    const auto input = name.substr(0, name.find('.'));
    if (find_header(name) != nullptr || failed.message.find(input) == std::string::npos) continue;
    return fmt::format(
        "{} is a default header of this worker: its operator must correct "
        "LAMBDA_CONNECTOR_DEFAULT_HEADERS.",
        name);
  }
  return {};
}

void add_hint(job_facts& facts, std::string_view sentence) {
  if (!facts.hint.empty() && !sentence.empty()) facts.hint += ' ';
  facts.hint += sentence;
}

// Warnings about expressions quote pieces of them.
bool shows_a_secret(const task_headers& headers, const secrets::redactor& masks) {
  return masks.finds(headers.result_expression) || masks.finds(headers.error_expression) ||
         masks.finds(headers.retry_backoff_expression);
}

// The call did not happen, and the lease is over or too short for another attempt.
bool lapsed(const active_job& active, const connector::outcome& outcome) {
  if (outcome.sent || active.stops()) return false;
  const auto now = boot_clock::now();
  const bool not_permitted = outcome.failed()->code == connector::error_code::cancelled;
  return !active.current_lease().alive(now) ||
         (not_permitted && !active.current_lease().alive_with_margin(now));
}

bool succeeded(const connector::outcome& outcome) {
  return outcome.answered() != nullptr && !outcome.answered()->function_error;
}

}  // namespace

secrets::data_mode job_executor::mode_of(const task& read) const {
  return read.headers.drop_in ? secrets::data_mode::runtime : deps_.secrets.in_data();
}

std::optional<connector::error> job_executor::read_job(active_job& active, job_run& run) {
  auto& job = active.begin_reading();
  deps_.watch.job_came(active.key());
  const auto& type = active.type();
  if (job.kind != engine::job_kind::bpmn_element && !job.of_listener()) {
    // No header counts, because a completion or a BPMN error would end another thing than a task.
    active.counts_for(deps_.times.activated(type.name, {}, {}));
    run.facts = {job.retries};
    return kind_refused(job);
  }
  auto& read = run.read;
  read = read_task(job, *type.operation, type.default_headers);
  keys_.mask(active, read, mode_of(read));
  active.counts_for(
      deps_.times.activated(type.name, read.element_template.first, read.element_template.second));
  warn(active, read);
  run.facts = {job.retries, read.attempt, false, type.operation, job.kind, job.listener_event};
  run.facts.hint = hint_about_headers(read);
  if (read.error) return std::move(read.error);
  if (read.at_most_once_marker && read.headers.at_most_once) return call_may_have_started(job);
  if (auto error = check_near_references(active, read, run.facts)) return error;
  run.policy = deps_.policies.of({type.name, job.tenant_id, job.bpmn_process_id});
  auto key_in_clear =
      keys_.check(active, read, mode_of(read), run.policy->require_secret_references);
  if (key_in_clear.ask_engine) run.field_to_ask_about = std::move(key_in_clear.field);
  return std::move(key_in_clear.refused);
}

std::optional<connector::error> job_executor::make_request(
    active_job& active, std::vector<secrets::task_value> resolved, job_run& run) {
  // After the check that these headers hold no references to secrets.
  if (auto wrong = unreadable_expressions(parsed_, run.read.headers)) return wrong;
  run.request =
      make_call(std::move(resolved), run.read.headers, active.job(), *active.type().operation);
  run.request.allowed = run.policy->calls;
  return std::nullopt;
}

std::optional<connector::error> job_executor::complete_request(const active_job& active,
                                                               job_run& run) {
  auto& headers = run.read.headers;
  auto& durable = run.read.durable;
  auto& request = run.request;
  if (headers.durable) {
    if (headers.durable_prefix.empty()) {
      headers.durable_prefix = durable.prefix;
    } else {
      durable.prefix.clear();
    }
    run.facts.key = active.key();
    run.facts.durable = durable;
    request.durable = durable_run_of(headers, active.key(), durable);
    if (headers.durable_rerun) {
      durable_progress next;
      next.run = durable.run + 1;
      next.prefix = durable.prefix;
      run.facts.next_run = progress_json(next, active.key());
    }
  }
  // The inputs are checked before a marker is written. Without a marker the call checks them.
  if (headers.at_most_once) {
    if (auto checked = deps_.service.check(request); checked.has_error()) return checked.error();
  }
  request.at_most_once = headers.at_most_once;
  request.job_timeout = headers.job_timeout.value_or(milliseconds(0));
  request.end =
      boot_clock::now() + std::min(headers.job_timeout.value_or(longest_call), longest_call);
  return std::nullopt;
}

job_command job_executor::refusal(active_job& active, connector::error error, job_run& run) {
  // The check of secrets refuses a reference in these headers; they are not evaluated then.
  auto& headers = run.read.headers;
  for (auto* text : {&headers.result_expression, &headers.error_expression}) {
    if (!secrets::references_in(*text).empty()) text->clear();
  }
  connector::outcome outcome;
  outcome.result = std::move(error);
  return command_for(active, std::move(outcome), run);
}

job_command job_executor::command_for(active_job& active, connector::outcome outcome,
                                      job_run& run) {
  const auto& headers = run.read.headers;
  auto& facts = run.facts;
  if (const auto* failed = outcome.failed()) {
    add_hint(facts, hint_about_default_headers(*failed, run.read.of_worker));
  }
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
  const bool with_warnings = log::enabled(log::level::debug) && !shows_a_secret(headers, masks);
  expression_facts expressions{results::begin_session(parsed_, with_warnings), std::move(raw),
                               masks};
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
  if (mode_of(read) == secrets::data_mode::listed) {
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
  add_hint(facts, near->sentence);
  if (std::exchange(active.type().warned_near_reference, true)) return std::nullopt;
  log::warning(
      "a task holds a text that looks like a reference to a secret and is none; a reference is "
      "{{secrets.NAME}}",
      {{"input", near->input},
       {"elementId", active.job().element_id},
       {"bpmnProcessId", active.job().bpmn_process_id}});
  return std::nullopt;
}

job_command job_executor::after_refused_marker(active_job& active, const engine::status& answer,
                                               job_run& run) {
  if (active.stops()) return release_and_remove_marker(run.facts.retries, stopped_text);
  if (!marker_may_be_taken_later(answer)) return refusal(active, marker_refused(answer), run);
  return release_without_marker(run.read.headers, run.facts, deps_.random);
}

std::variant<job_end, job_command> job_executor::after_call(active_job& active,
                                                            connector::outcome outcome,
                                                            job_run& run) {
  auto& facts = run.facts;
  if (active.state() == job_state::gone) return job_end::superseded;
  if (const auto* failed = outcome.failed(); failed != nullptr && !outcome.may_have_run) {
    if (lapsed(active, outcome)) return job_end::lapsed;
    if (active.stops() && failed->failure != failure_class::permanent) {
      const int retries = active.job().retries;
      auto command = facts.at_most_once_marker ? release_and_remove_marker(retries, stopped_text)
                                               : release_command(retries, stopped_text);
      if (const auto kept = kept_progress(facts.durable, facts.key); !kept.empty()) {
        command.variables = json::object_writer().raw(durable_variable, kept).take();
      }
      return job_command(std::move(command));
    }
  }
  if (outcome.answered() != nullptr && outcome.answered()->function_error) {
    facts.error_type = outcome.answered()->function_error->type;
  } else {
    facts.next_run.clear();
  }
  active.prepare_masks(deps_.redaction);
  auto& facts_of_end = active.facts();
  // A function URL's query is the task's own and may hold anything.
  facts_of_end.function = active.masked(outcome.function);
  facts_of_end.function.resize(
      std::min(facts_of_end.function.find('?'), facts_of_end.function.size()));
  if (outcome.sent) deps_.times.called(facts_of_end.function, outcome.call_time);
  facts_of_end.region = active.masked(outcome.region);
  facts_of_end.request_id = active.masked(outcome.request_id);
  active.keep_response_memory(std::move(outcome.memory));
  for (auto& note : outcome.notes) {
    log::warning(active.masked(std::move(note)), {{"elementId", active.job().element_id},
                                                  {"bpmnProcessId", active.job().bpmn_process_id},
                                                  {"jobKey", std::to_string(active.key())}});
  }
  facts.retries = active.job().retries;  // of the current activation
  return command_for(active, std::move(outcome), run);
}

}  // namespace worker::jobs
