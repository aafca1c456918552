// The variables of a job that are inputs of its call: the object `lambda`, or the bare variables.
// The rules which of them counts live here. Pure.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/json_scan.h"
#include "connector/base/result.h"
#include "connector/connector.h"
#include "worker/secrets/resolver.h"

namespace worker::jobs {

// Views into the JSON text of a job's variables, which outlives it.
struct job_variables {
  explicit job_variables(std::vector<connector::json::member> members);

  std::vector<connector::json::member> all;
  std::optional<std::string_view> lambda;
  std::optional<std::string_view> bare_name;  // functionName, else function
  std::optional<std::string_view> payload;
};

// The text of a header; empty without the header.
std::string header_text(const std::map<std::string, std::string>& headers, const char* name);

// Whether a JSON value counts as absent: null and empty strings do, but a payload of null is sent
// as null.
bool is_absent(std::string_view name, std::string_view value);
// The same for an input. A text that stays a text is one also when it is empty.
bool is_absent(const connector::input_value& input);

void add_value(std::vector<secrets::task_value>& values, std::string name, std::string value,
               secrets::origin from);

// Adds the inputs of the operation that variables give. `bare_variables`: set when they are the
// variables functionName and payload. Error: INVALID_INPUT.
connector::result<void> add_inputs(std::vector<secrets::task_value>& values,
                                   const job_variables& found,
                                   const std::map<std::string, std::string>& headers,
                                   const connector::operation_spec& operation,
                                   bool& bare_variables);

}  // namespace worker::jobs
