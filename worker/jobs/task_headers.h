// The custom headers that control a task: one typed table, and their values for one job. The
// templates and the project's README are compared with the table by tests. Pure.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/result.h"
#include "connector/operations.h"
#include "worker/jobs/header_values.h"

namespace worker::jobs {

enum class on_function_error { complete, bpmn_error, fail };

struct task_headers {
  std::string result_variable;
  std::string result_expression;  // FEEL text; empty: none
  std::string error_expression;
  bool alfresco_outputs = false;
  std::vector<std::string> bpmn_errors;  // codes, "*" for any
  on_function_error function_error = on_function_error::complete;
  bool complete_on_error = false;
  bool at_most_once = false;
  std::optional<std::chrono::milliseconds> job_timeout;
  std::optional<std::chrono::milliseconds> retry_backoff;
  std::string retry_backoff_expression;  // FEEL text; empty: none
  bool mask_payload = false;
  std::string job_context_in_payload;
  // The task was written for the connector runtime (profile camunda).
  bool drop_in = false;
  std::optional<bool> job_context;     // whether the function sees the job; none: by the profile
  bool quoted_string_payload = false;  // drop_in: a string payload is always a JSON string
  bool retry_permanent_errors = false;
  bool durable = false;
  std::string durable_prefix;  // empty: by the engine's cluster
  bool durable_rerun = false;
  bool stop_on_cancel = false;
  bool wait_by_polling = false;
  std::chrono::milliseconds poll_interval{60'000};  // the longest pause between two questions

  [[nodiscard]] bool has_expressions() const {
    return !result_expression.empty() || !error_expression.empty() ||
           !retry_backoff_expression.empty();
  }
  [[nodiscard]] bool throws(std::string_view code) const;
  // Whether the function sees the job. It does not in the profile camunda unless the task asks.
  [[nodiscard]] bool shows_job() const {
    return job_context.value_or(!drop_in || !job_context_in_payload.empty());
  }
};

// All headers that are not inputs.
std::span<const header_spec> header_table();
const header_spec* find_header(std::string_view name);

// `texts`: name to text, the model's headers over the operator's defaults. `of_worker`: the names
// of the defaults among them. Error: INVALID_INPUT, which names the header, the allowed values and
// the person who can correct it.
// Expressions are taken as they are: whether they can be read says `unreadable_expression`.
connector::result<task_headers> read_task_headers(const std::map<std::string, std::string>& texts,
                                                  const std::set<std::string>& of_worker = {});

// Headers whose names are neither a header nor an input of ours but are close to one, each with the
// name that was probably meant; for a warning. Other unknown headers belong to other programs.
std::vector<std::pair<std::string, std::string>> misspelt(
    const std::map<std::string, std::string>& headers, const connector::operation_spec& operation);

}  // namespace worker::jobs
