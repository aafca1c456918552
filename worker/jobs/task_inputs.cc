#include "worker/jobs/task_inputs.h"

#include <fmt/format.h>

#include <set>
#include <utility>

#include "connector/base/json.h"
#include "connector/base/shortened.h"
#include "connector/dotted_input.h"
#include "connector/near_names.h"

namespace worker::jobs {

namespace json = connector::json;
using connector::bad_input;
using connector::result;
using secrets::origin;
using secrets::task_value;

job_variables::job_variables(std::vector<json::member> members) : all(std::move(members)) {
  const auto present = [&](std::string_view name) -> std::optional<std::string_view> {
    const auto value = json::find(all, name);
    return value && *value != "null" ? value : std::nullopt;
  };
  lambda = present("lambda");
  bare_name = present("functionName");
  if (!bare_name) bare_name = present("function");
  payload = json::find(all, "payload");
}

bool is_absent(std::string_view name, std::string_view value) {
  return value == "\"\"" || (value == "null" && name != "payload");
}

bool is_absent(const connector::input_value& input) {
  return !input.literal_text && is_absent(input.name, input.value);
}

std::string header_text(const std::map<std::string, std::string>& headers, const char* name) {
  const auto it = headers.find(name);
  return it == headers.end() ? std::string() : it->second;
}

void add_value(std::vector<task_value>& values, std::string name, std::string value, origin from) {
  task_value one;
  one.input.name = std::move(name);
  one.input.value = std::move(value);
  one.from = from;
  values.push_back(std::move(one));
}

namespace {

// The fields of the object `lambda`.
result<void> add_object(std::vector<task_value>& values, std::string_view object,
                        const connector::operation_spec& operation) {
  if (json::kind_of(object) != json::kind::object) {
    return bad_input(fmt::format(
        "Variable 'lambda' must be an object with fields such as {} and {}; it is {}.",
        operation.inputs[0].name, operation.inputs[1].name, json::describe(json::kind_of(object))));
  }
  const auto [fields, wrong] = json::members(object);
  if (wrong) return bad_input(fmt::format("Variable 'lambda' cannot be read: {}.", wrong->reason));
  std::set<std::string> seen;
  for (const auto& [raw_name, value] : fields) {
    const auto name = json::text_of(fmt::format("\"{}\"", raw_name)).value_or("");
    if (connector::find_input(operation, name) == nullptr) {
      std::vector<std::string_view> known;
      for (const auto& input : operation.inputs) known.push_back(input.name);
      const auto near = connector::nearest(name, known);
      return bad_input(fmt::format(
          "Variable 'lambda' has an unknown field '{}'.{} Correct the task's input mapping.",
          connector::shortened(name, 100), near ? fmt::format(" Did you mean '{}'?", *near) : ""));
    }
    if (!seen.insert(name).second) {
      return bad_input(fmt::format(
          "Variable 'lambda' has the field '{}' twice, and it is not clear which one is meant. "
          "Correct the task's input mapping, or what makes the variable.",
          name));
    }
    if (is_absent(name, value)) continue;
    add_value(values, name, std::string(value), origin::variable);
  }
  return {};
}

}  // namespace

result<void> add_inputs(std::vector<task_value>& values, const job_variables& found,
                        const std::map<std::string, std::string>& headers,
                        const connector::operation_spec& operation, bool& bare_variables) {
  const auto header = [&](const char* name) { return header_text(headers, name); };
  const std::string source = header("inputs");
  // Bare variables exist for operations that name a function.
  const bool names_function = connector::find_input(operation, "functionName") != nullptr;
  const bool has_bare = names_function && found.bare_name.has_value();
  if (source.empty() && found.lambda && has_bare) {
    return bad_input(
        "The task sees both a variable 'lambda' and a bare 'functionName' or 'function', so it is "
        "not clear which one is meant. Add the header inputs=lambda or inputs=short to the task.");
  }
  const bool use_lambda = source == "lambda" || (source.empty() && found.lambda.has_value());
  if (use_lambda || !names_function) {
    if (use_lambda && found.lambda) return add_object(values, *found.lambda, operation);
    return {};
  }
  const bool has_payload = connector::find_input(operation, "payload") != nullptr;
  bare_variables = has_payload;
  // With the name in a header only the payload is read from variables.
  const bool named_in_header = !header("functionName").empty() || !header("function").empty();
  if (!named_in_header && found.bare_name && !is_absent("functionName", *found.bare_name)) {
    add_value(values, "functionName", std::string(*found.bare_name), origin::variable);
  }
  if (has_payload && found.payload && !is_absent("payload", *found.payload)) {
    add_value(values, "payload", std::string(*found.payload), origin::variable);
  }
  return {};
}

}  // namespace worker::jobs
