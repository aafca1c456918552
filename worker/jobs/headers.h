// The custom headers that steer a task, as one typed table, and what they come to for one job.
// Templates are checked against the table; the README's table comes from it. Pure.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/result.h"
#include "connector/operations.h"

namespace worker::jobs {

enum class header_type {
  words,
  iso_duration,
  variable_name,
  name_list,
  secret_list,
  boolean,
  text
};

struct header_spec {
  std::string_view name;
  header_type type;
  std::string_view words;  // allowed words separated by '|', when type is words
  std::string_view text;   // one line for people
};

// All headers that are no inputs.
std::span<const header_spec> header_table();
const header_spec* find_header(std::string_view name);

enum class on_function_error { complete, bpmn_error, fail };

struct controls {
  std::string result_variable;
  bool alfresco_outputs = false;
  std::vector<std::string> bpmn_errors;  // codes, "*" for any
  on_function_error function_error = on_function_error::complete;
  bool complete_on_error = false;
  bool at_most_once = false;
  std::optional<std::chrono::milliseconds> job_timeout;
  std::optional<std::chrono::milliseconds> retry_backoff;
  bool mask_payload = false;
  std::string job_context_in_payload;

  [[nodiscard]] bool throws(std::string_view code) const;
};

// What is wrong with the value of a header, to be read after its name: "must be one of ...".
std::optional<std::string> wrong_value(const header_spec& spec, const std::string& value);

// `headers`: name to text, worker-wide defaults already under the model's; `of_worker`: the names
// of those that are defaults. Errors name the header, the allowed values and who can correct it:
// INVALID_INPUT.
connector::result<controls> read_controls(const std::map<std::string, std::string>& headers,
                                          const std::set<std::string>& of_worker = {});

// Names that are neither header nor input but lie close to one, with what was probably meant; for
// a warning. Other unknown headers are other people's.
std::vector<std::pair<std::string, std::string>> misspelt(
    const std::map<std::string, std::string>& headers, const connector::operation_spec& operation);

}  // namespace worker::jobs
