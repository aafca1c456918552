#include "worker/jobs/task_headers.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "connector/base/ascii.h"
#include "connector/base/duration.h"
#include "connector/base/json_scan.h"
#include "connector/dotted_input.h"
#include "connector/near_names.h"
#include "worker/results/expressions.h"

namespace worker::jobs {

using connector::bad_input;

namespace {

template <auto member>
void store_text(task_headers& into, const std::string& value) {
  into.*member = value;
}
template <auto member>
void store_boolean(task_headers& into, const std::string& value) {
  into.*member = value == "true";
}
template <auto member>
void store_duration(task_headers& into, const std::string& value) {
  into.*member = connector::parse_iso_duration(value);
}

void store_result_expression(task_headers& into, const std::string& value) {
  if (results::is_expression(value)) into.result_expression = value;
}
void store_error_expression(task_headers& into, const std::string& value) {
  if (results::is_expression(value)) into.error_expression = value;
}
void store_retry_backoff(task_headers& into, const std::string& value) {
  if (value.starts_with('=')) {
    into.retry_backoff_expression = value;
  } else {
    into.retry_backoff = connector::parse_iso_duration(value);
  }
}
void store_profile(task_headers& into, const std::string& value) {
  into.drop_in = value == "camunda";
  into.alfresco_outputs = into.complete_on_error = value == "alfresco";
}
void store_job_context(task_headers& into, const std::string& value) {
  into.job_context = value == "true";
}
void store_string_payload(task_headers& into, const std::string& value) {
  into.quoted_string_payload = value == "quoted";
}
void store_outputs(task_headers& into, const std::string& value) {
  into.alfresco_outputs = value == "alfresco";
}
void store_bpmn_errors(task_headers& into, const std::string& value) {
  into.bpmn_errors = connector::ascii::items(value);
}
void store_on_function_error(task_headers& into, const std::string& value) {
  into.function_error = value == "fail"        ? on_function_error::fail
                        : value == "bpmnError" ? on_function_error::bpmn_error
                                               : on_function_error::complete;
}
void store_on_error(task_headers& into, const std::string& value) {
  into.complete_on_error = value == "complete";
}

void store_wait(task_headers& into, const std::string& value) {
  into.wait_by_polling = value == "poll";
}
void store_on_cancel(task_headers& into, const std::string& value) {
  into.stop_on_cancel = value == "stop";
}
void store_poll_interval(task_headers& into, const std::string& value) {
  into.poll_interval = connector::parse_iso_duration(value).value_or(into.poll_interval);
}

using type = header_type;
using into = task_headers;

// The header `inputs` is read by task.h, `secrets` by worker/secrets.
constexpr std::array table = {
    header_spec{"inputs", type::words, "lambda|short",
                "the one source of input variables: the object lambda, or bare variables"},
    header_spec{"resultVariable", type::variable_name, "",
                "write the whole response object into this one variable",
                store_text<&into::result_variable>},
    header_spec{"resultExpression", type::expression, "",
                "FEEL over the response: the entries of its context become the variables",
                store_result_expression},
    header_spec{"errorExpression", type::expression, "",
                "FEEL over the response, looked at first: bpmnError, jobError, ignoreError or null",
                store_error_expression},
    // Comes before the headers that it sets, so that these win.
    header_spec{"profile", type::words, "alfresco|camunda",
                "alfresco: outputs=alfresco and onError=complete, unless these say otherwise; "
                "camunda: a task of io.camunda:aws-lambda:1, a default header of its job type",
                store_profile},
    header_spec{"outputs", type::words, "plain|alfresco",
                "alfresco: lambdaPayload, lambdaStatus, lambdaLog, lambdaError", store_outputs},
    header_spec{"bpmnErrors", type::name_list, "",
                "error codes thrown as BPMN errors instead of failing; * for any",
                store_bpmn_errors},
    header_spec{"onFunctionError", type::words, "complete|bpmnError|fail",
                "what a failed function does to the task; default complete",
                store_on_function_error},
    header_spec{"onError", type::words, "fail|complete",
                "complete: errors end in the variable error instead of an incident",
                store_on_error},
    header_spec{"atMostOnce", type::boolean, "true|false",
                "never call the function a second time, whatever happens",
                store_boolean<&into::at_most_once>},
    header_spec{"jobTimeout", type::iso_duration, "", "upper bound of the whole call",
                store_duration<&into::job_timeout>},
    header_spec{"retryBackoff", type::duration_or_expression, "",
                "wait before a retry: a duration, or FEEL with a leading = over error and job; "
                "default exponential, 1 s to 5 min",
                store_retry_backoff},
    header_spec{"maskPayload", type::boolean, "true|false",
                "mask secrets in the function's answer too", store_boolean<&into::mask_payload>},
    header_spec{"secrets", type::secret_list, "",
                "secrets that variables may refer to: NAME, or place:NAME for one place alone"},
    header_spec{"jobContextInPayload", type::variable_name, "",
                "Event calls: add the job's block to the payload under this name",
                store_text<&into::job_context_in_payload>},
    header_spec{"jobContext", type::boolean, "true|false",
                "whether the function sees the job that called it; default true, with "
                "profile=camunda false",
                store_job_context},
    header_spec{"stringPayload", type::words, "json-text|quoted",
                "profile=camunda: a payload that is a string is sent as the JSON that it holds, or "
                "always as a JSON string; default json-text",
                store_string_payload},
    header_spec{"retryPermanentErrors", type::boolean, "true|false",
                "errors that will not pass cost one retry instead of all; default false",
                store_boolean<&into::retry_permanent_errors>},
    header_spec{"durable", type::boolean, "true|false",
                "the function is durable: one execution for one job, whatever breaks",
                store_boolean<&into::durable>},
    header_spec{"wait", type::words, "connection|poll",
                "durable: on the connection, or by asking again while the job is at the engine",
                store_wait},
    header_spec{"pollInterval", type::iso_duration, "",
                "wait=poll: longest pause between two questions, PT1S to P1D; default PT1M",
                store_poll_interval},
    header_spec{"onCancel", type::words, "keep|stop",
                "durable: stop the execution when its job is found to be gone; default keep",
                store_on_cancel},
    header_spec{"durablePrefix", type::name_prefix, "",
                "begins the names of durable executions, before the job's key; default by the "
                "engine's cluster",
                store_text<&into::durable_prefix>},
    header_spec{"durableRerun", type::boolean, "true|false",
                "a retry after a failed durable execution starts another one",
                store_boolean<&into::durable_rerun>},
};

}  // namespace

std::span<const header_spec> header_table() { return table; }

const header_spec* find_header(std::string_view name) {
  const auto* const found =
      std::find_if(table.begin(), table.end(), [&](const auto& s) { return s.name == name; });
  return found == table.end() ? nullptr : found;
}

bool task_headers::throws(std::string_view code) const {
  return std::any_of(bpmn_errors.begin(), bpmn_errors.end(),
                     [&](const auto& listed) { return listed == "*" || listed == code; });
}

connector::result<task_headers> read_task_headers(const std::map<std::string, std::string>& texts,
                                                  const std::set<std::string>& of_worker) {
  task_headers out;
  const auto profile = texts.find("profile");
  const bool drop_in = profile != texts.end() && profile->second == "camunda";
  for (const auto& spec : table) {
    const auto found = texts.find(std::string(spec.name));
    if (found == texts.end() || found->second.empty()) continue;
    const std::string& value = found->second;
    if (takes_as_expression(spec, value)) {
      spec.store(out, value);
      continue;
    }
    const bool any_name = drop_in && spec.type == header_type::variable_name;
    const auto wrong = any_name ? wrong_runtime_name(value) : wrong_value(spec, value);
    if (wrong) {
      return bad_input(
          fmt::format("Header '{}' {}. {}", spec.name, *wrong,
                      of_worker.contains(found->first)
                          ? "It is a default header of this worker: its operator must correct "
                            "LAMBDA_CONNECTOR_DEFAULT_HEADERS."
                          : "Correct it in the model."));
    }
    if (spec.store != nullptr) spec.store(out, value);
  }
  return out;
}

std::vector<std::pair<std::string, std::string>> misspelt(
    const std::map<std::string, std::string>& headers, const connector::operation_spec& operation) {
  std::vector<std::pair<std::string, std::string>> out;
  for (const auto& [name, value] : headers) {
    if (find_header(name) != nullptr || connector::find_input(operation, name) != nullptr) continue;
    if (const auto dot = name.find('.'); dot != std::string::npos) {
      // A field of an object input, or of a name that is close to one.
      if (connector::find_object_of(operation, name) != nullptr) continue;
      std::vector<std::string_view> objects;
      for (const auto& input : operation.inputs) {
        if (input.type == connector::input_type::object) objects.push_back(input.name);
      }
      const auto near = connector::nearest(std::string_view(name).substr(0, dot), objects);
      if (near) out.emplace_back(name, std::string(*near) + name.substr(dot));
      continue;
    }
    std::vector<std::string_view> known;
    for (const auto& spec : table) known.push_back(spec.name);
    for (const auto& input : operation.inputs) known.push_back(input.name);
    if (const auto near = connector::nearest(name, known)) out.emplace_back(name, *near);
  }
  return out;
}

}  // namespace worker::jobs
