// What one job asks for: its headers and variables put together into inputs, before secrets are
// resolved (read_task) and after (make_call). Rules of which variable counts live here. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connector/base/result.h"
#include "connector/connector.h"
#include "worker/engine/types.h"
#include "worker/jobs/headers.h"
#include "worker/secrets/resolver.h"

namespace worker::jobs {

// Task-local variables that failing and calling leave behind for the next activation.
inline constexpr std::string_view attempt_variable = "lambdaAttempt";
inline constexpr std::string_view marker_variable = "lambdaCall";

struct task {
  // What makes it impossible: INVALID_INPUT. Steering is read as far as it could be, because it
  // says what becomes of the error.
  std::optional<connector::error> wrong;
  // All custom headers and the inputs from variables, as the resolver takes them.
  std::vector<secrets::task_value> values;
  controls steering;
  int attempt = 0;      // how often this task failed before
  bool marked = false;  // an earlier activation of this very job went as far as calling
  bool short_form = false;
  std::vector<std::pair<std::string, std::string>> misspelt_headers;
};

// The variables to fetch for an operation: the object, the short form, and our own two.
std::vector<std::string> fetched_variables(connector::operation_id what);

// Takes the variables out of the job (payloads are moved, not copied). `defaults`: headers of the
// worker that the model's win over.
task read_task(engine::job& from, const connector::operation_spec& operation,
               const std::map<std::string, std::string>& defaults);

// The call of a task whose values are resolved: headers win over variables of the same name.
// Headers with dotted names (authentication.secretAccessKey) are inputs of their own, which the
// connector puts into the object that they are fields of.
connector::call make_call(std::vector<secrets::task_value> resolved, const controls& steering,
                          const engine::job& from, const connector::operation_spec& operation);

}  // namespace worker::jobs
