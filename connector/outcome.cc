#include "connector/outcome.h"

#include "connector/base/json_writer.h"

namespace connector {

std::string error_object::json() const {
  json::object_writer out;
  const auto text = [&out](std::string_view name, const std::string& value) {
    if (value.empty()) {
      out.null(name);
    } else {
      out.string(name, value);
    }
  };
  text("code", code);
  text("type", type);
  text("message", message);
  out.raw("stackTrace", stack_trace_json.empty() ? std::string_view("null") : stack_trace_json);
  text("requestId", request_id);
  text("functionName", function_name);
  return out.take();
}

}  // namespace connector
