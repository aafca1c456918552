#include "worker/jobs/task.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/shortened.h"
#include "connector/dotted_input.h"
#include "worker/dropin/durations.h"
#include "worker/dropin/inputs.h"
#include "worker/jobs/task_inputs.h"

namespace worker::jobs {

namespace json = connector::json;
using connector::bad_input;
using connector::result;
using secrets::origin;
using secrets::task_value;

namespace {

constexpr std::size_t max_headers = 1000;

std::string describe(const json::problem& problem) {
  return fmt::format("{} (at byte {})", problem.reason, problem.offset);
}

// The model's headers over the operator's default headers. `of_worker` receives the names of the
// defaults that the model does not override.
result<std::map<std::string, std::string>> read_header_texts(
    const std::string& text, const std::map<std::string, std::string>& defaults,
    std::set<std::string>& of_worker) {
  auto headers = defaults;
  for (const auto& [name, value] : defaults) of_worker.insert(name);
  if (connector::ascii::trim(text).empty()) return headers;
  const auto found = json::members(text);
  if (found.wrong) {
    return bad_input("The task's custom headers are no JSON object: " + describe(*found.wrong) +
                     ". The engine delivered them so; look at the model's task headers.");
  }
  if (found.members.size() > max_headers) {
    return bad_input(fmt::format("The task has {} custom headers; at most {} are read.",
                                 found.members.size(), max_headers));
  }
  for (const auto& [name, value] : found.members) {
    const auto key = json::text_of(fmt::format("\"{}\"", name));
    const auto decoded = json::text_of(value);
    if (!key || !decoded) {
      return bad_input(fmt::format("Custom header '{}' is no text.", key.value_or("?")));
    }
    headers[*key] = *decoded;
    of_worker.erase(*key);
  }
  return headers;
}

// A job type is of one profile, because the profile says which variables are fetched.
std::optional<connector::error> wrong_profile(const std::map<std::string, std::string>& headers,
                                              bool drop_in) {
  const auto found = headers.find("profile");
  if ((found != headers.end() && found->second == "camunda") == drop_in) return std::nullopt;
  return bad_input(
      drop_in ? "The tasks of this job type are those of the connector runtime (profile camunda). "
                "Take the header profile off the task, or give the task another job type."
              : "The profile camunda belongs to a job type and not to one task. Take the header "
                "profile off the task, or let the operator set "
                "LAMBDA_CONNECTOR_DEFAULT_HEADERS=TYPE:profile=camunda for its job type.");
}

result<void> add_drop_in_inputs(std::vector<task_value>& values, const job_variables& found,
                                const task_headers& headers) {
  auto inputs = dropin::read_inputs(found.all, headers.quoted_string_payload
                                                   ? dropin::string_payload::quoted
                                                   : dropin::string_payload::json_text);
  if (!inputs) return inputs.error();
  for (auto& input : *inputs) values.push_back({std::move(input), origin::variable});
  return {};
}

int read_attempt(const job_variables& found) {
  const auto value = json::find(found.all, attempt_variable);
  if (!value) return 0;
  const auto number = json::integer_of(*value).value_or(0);
  return static_cast<int>(std::clamp<std::int64_t>(number, 0, 1000));
}

// A marker counts only with this job's key: another job may have left one.
bool read_marker(const job_variables& found, engine::job_key key) {
  const auto value = json::find(found.all, at_most_once_marker_variable);
  if (!value || json::kind_of(*value) != json::kind::object) return false;
  const auto fields = json::members(*value).members;
  const auto written = json::find(fields, "jobKey");
  return written && json::text_of(*written) == std::to_string(key);
}

connector::job_context context_of(const engine::job& from) {
  connector::job_context out;
  out.job_key = std::to_string(from.key);
  out.process_instance_key = std::to_string(from.process_instance_key);
  out.bpmn_process_id = from.bpmn_process_id;
  out.element_id = from.element_id;
  out.element_instance_key = std::to_string(from.element_instance_key);
  out.retries = from.retries;
  out.tenant_id = from.tenant_id;
  out.business_id = from.business_id;
  // A job without a priority has 0, and gateways before 8.10 give none.
  if (from.priority != 0) out.priority = from.priority;
  out.physical_tenant = from.physical_tenant;
  out.tags = from.tags;
  return out;
}

}  // namespace

bool is_drop_in(const connector::operation_spec& operation,
                const std::map<std::string, std::string>& defaults) {
  const auto found = defaults.find("profile");
  return operation.id == connector::operation_id::invoke && found != defaults.end() &&
         found->second == "camunda";
}

std::vector<std::string> fetched_variables(const connector::operation_spec& operation,
                                           const std::map<std::string, std::string>& defaults) {
  std::vector<std::string> names;
  if (is_drop_in(operation, defaults)) {
    names.assign(dropin::variables().begin(), dropin::variables().end());
  } else {
    names.emplace_back("lambda");
    if (connector::find_input(operation, "functionName") != nullptr) {
      names.insert(names.end(), {"functionName", "function"});
    }
    if (connector::find_input(operation, "payload") != nullptr) names.emplace_back("payload");
  }
  names.emplace_back(attempt_variable);
  names.emplace_back(at_most_once_marker_variable);
  if (operation.id == connector::operation_id::invoke) names.emplace_back(durable_variable);
  return names;
}

task read_task(engine::job& from, const connector::operation_spec& operation,
               const std::map<std::string, std::string>& defaults) {
  task out;
  auto texts = read_header_texts(from.headers, defaults, out.of_worker);
  if (texts.has_error()) {
    out.error = texts.error();
    return out;
  }
  out.element_template = {header_text(*texts, "elementTemplateId"),
                          header_text(*texts, "elementTemplateVersion")};
  const bool drop_in = is_drop_in(operation, defaults);
  out.headers.drop_in = drop_in;
  if (drop_in) {
    if (auto wrong = dropin::normalise_durations(*texts)) {
      out.error = std::move(wrong);
      return out;
    }
  }
  auto headers = read_task_headers(*texts, out.of_worker);
  if (headers.has_error()) {
    out.error = headers.error();
    return out;
  }
  out.headers = std::move(*headers);
  out.headers.durable = out.headers.durable && operation.id == connector::operation_id::invoke;
  // An execution that is found again by its name needs no marker of a call that may have started.
  if (out.headers.durable) out.headers.at_most_once = false;
  out.misspelt_headers = misspelt(*texts, operation);
  if (auto wrong = wrong_profile(*texts, drop_in)) {
    out.error = std::move(wrong);
    return out;
  }

  const std::string text = std::exchange(from.variables, {});
  auto members =
      json::members(connector::ascii::trim(text).empty() ? std::string_view("{}") : text);
  if (members.wrong) {
    out.error =
        bad_input("The job's variables are no usable JSON object: " + describe(*members.wrong) +
                  ". Look at the values that the task maps.");
    return out;
  }
  const job_variables found(std::move(members.members));
  out.attempt = read_attempt(found);
  out.at_most_once_marker = read_marker(found, from.key);
  out.durable = read_progress(json::find(found.all, durable_variable), from.key);
  if (drop_in) {
    // Headers are no inputs here and hold no references, as at the connector runtime.
    const auto added = add_drop_in_inputs(out.values, found, out.headers);
    if (added.has_error()) out.error = added.error();
    return out;
  }
  for (const auto& [name, value] : *texts) {
    add_value(out.values, name, json::quote(value), origin::header);
  }
  const auto added = add_inputs(out.values, found, *texts, operation, out.bare_variables);
  if (added.has_error()) out.error = added.error();
  return out;
}

connector::call make_call(std::vector<task_value> resolved, const task_headers& headers,
                          const engine::job& from, const connector::operation_spec& operation) {
  connector::call out;
  out.operation = operation.id;
  out.job_context_in_payload = headers.job_context_in_payload;
  if (headers.shows_job()) out.job = context_of(from);
  for (auto& value : resolved) {
    // `function` is the other name of this input among the bare variables; headers may use it too.
    if (value.input.name == "function" && value.from == origin::header) {
      value.input.name = "functionName";
    }
    // One field of an object input. Only the model may give a single field.
    if (value.from == origin::header &&
        connector::find_object_of(operation, value.input.name) != nullptr) {
      if (!is_absent({}, value.input.value)) out.inputs.push_back(std::move(value.input));
      continue;
    }
    const auto* const spec = connector::find_input(operation, value.input.name);
    if (spec == nullptr || is_absent(value.input)) continue;
    // Headers are texts: an object is written as its JSON text.
    if (value.from == origin::header && (spec->type == connector::input_type::object ||
                                         spec->type == connector::input_type::integer ||
                                         spec->type == connector::input_type::string_list ||
                                         spec->type == connector::input_type::boolean)) {
      if (auto inner = json::text_of(value.input.value); inner && json::is_json(*inner)) {
        value.input.value = std::move(*inner);
      }
    }
    const auto same = std::find_if(out.inputs.begin(), out.inputs.end(), [&](const auto& other) {
      return other.name == value.input.name;
    });
    if (same == out.inputs.end()) {
      out.inputs.push_back(std::move(value.input));
    }
    // Headers come first in the list, so an input that is there already wins.
  }
  return out;
}

}  // namespace worker::jobs
