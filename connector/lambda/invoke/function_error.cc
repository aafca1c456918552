#include "connector/lambda/invoke/function_error.h"

#include <optional>
#include <string>
#include <vector>

#include "connector/base/ascii.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/shortened.h"

namespace connector::lambda {

namespace {

// A string's text; any other value as its JSON text; empty for null and for nothing.
std::string plain_text(std::optional<std::string_view> value, std::size_t most) {
  if (!value || *value == "null") return {};
  const auto text = json::text_of(*value);
  const std::string_view whole = text ? std::string_view(*text) : *value;
  return shortened(whole, most);
}

// stackTrace, or what Node.js calls trace.
std::optional<std::string_view> trace_member(const std::vector<json::member>& members) {
  const auto value = json::find(members, "stackTrace");
  return value && *value != "null" ? value : json::find(members, "trace");
}

// JSON text of a list; empty when there is no trace, or one out of all proportion.
std::string trace_of(std::optional<std::string_view> value) {
  if (!value || *value == "null" || value->size() > max_stack_trace) return {};
  if (json::kind_of(*value) == json::kind::array) return std::string(*value);
  if (json::kind_of(*value) != json::kind::string || *value == "\"\"") return {};
  return std::string("[").append(*value).append("]");
}

}  // namespace

error_object read_function_error(std::string_view payload) {
  error_object found;
  found.code = name_of(error_code::function_error);
  const auto read = json::members(payload);
  if (read.wrong) {
    found.message = plain_text(ascii::trim(payload), max_error_message);
    return found;
  }
  const auto type = json::find(read.members, "errorType");
  const auto message = json::find(read.members, "errorMessage");
  found.type = plain_text(type, max_error_type);
  found.message = plain_text(message, max_error_message);
  found.stack_trace_json = trace_of(trace_member(read.members));
  // An object of another form is still all that is known.
  if (!type && !message && !read.members.empty()) {
    found.message = plain_text(ascii::trim(payload), max_error_message);
  }
  return found;
}

}  // namespace connector::lambda
