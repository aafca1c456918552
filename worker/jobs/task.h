// The request of one job: its headers and variables as the inputs of a call, before its secrets are
// resolved (read_task) and after (make_call). The rules which variable counts live here. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "connector/base/result.h"
#include "connector/connector.h"
#include "worker/engine/types.h"
#include "worker/jobs/durable_task.h"
#include "worker/jobs/task_headers.h"
#include "worker/secrets/resolver.h"

namespace worker::jobs {

// Variables local to the task that a failed attempt and the marker of atMostOnce leave for the next
// activation.
inline constexpr std::string_view attempt_variable = "lambdaAttempt";
inline constexpr std::string_view at_most_once_marker_variable = "lambdaCall";

struct task {
  // INVALID_INPUT, when the task cannot be run. The headers are read as far as possible, because
  // they decide how the job ends.
  std::optional<connector::error> error;
  // All custom headers and the inputs from variables, as the resolver takes them.
  std::vector<secrets::task_value> values;
  task_headers headers;
  int attempt = 0;  // how often this task failed before
  // An earlier activation of this job wrote the marker of atMostOnce: its call may have started.
  bool at_most_once_marker = false;
  durable_progress durable;     // of the header durable
  bool bare_variables = false;  // inputs are the variables functionName and payload
  std::vector<std::pair<std::string, std::string>> misspelt_headers;
  // Headers of the operator (default headers) that the model does not override.
  std::set<std::string> of_worker;
  // Id and version of the element template that the model used; empty without one. For metrics.
  std::pair<std::string, std::string> element_template;
};

// Whether tasks of a job type with these default headers were written for the connector runtime
// (worker/dropin): profile=camunda at an operation that calls a function.
bool is_drop_in(const connector::operation_spec& operation,
                const std::map<std::string, std::string>& defaults);

// The variables to fetch for an operation: the object `lambda` and the bare variables, or those of
// the connector runtime, and what earlier activations left.
std::vector<std::string> fetched_variables(const connector::operation_spec& operation,
                                           const std::map<std::string, std::string>& defaults);

// Takes the variables out of the job: payloads are moved, not copied. `defaults`: the operator's
// headers; a header of the model wins over them.
task read_task(engine::job& from, const connector::operation_spec& operation,
               const std::map<std::string, std::string>& defaults);

// The call of a task whose values are resolved. A header wins over the variable of the same name.
// A header with a dotted name (authentication.secretAccessKey) is an input of its own; the
// connector puts it into the object that it is a field of.
connector::call make_call(std::vector<secrets::task_value> resolved, const task_headers& headers,
                          const engine::job& from, const connector::operation_spec& operation);

}  // namespace worker::jobs
