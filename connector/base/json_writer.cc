#include "connector/base/json_writer.h"

#include <utility>

#include "connector/base/json.h"

namespace connector::json {

void object_writer::name(std::string_view name) {
  if (text_.size() > 1) text_ += ',';
  append_quoted(text_, name);
  text_ += ':';
}

object_writer& object_writer::raw(std::string_view n, std::string_view json_value) {
  name(n);
  text_ += json_value;
  return *this;
}

object_writer& object_writer::string(std::string_view n, std::string_view text) {
  name(n);
  append_quoted(text_, text);
  return *this;
}

object_writer& object_writer::number(std::string_view n, std::int64_t value) {
  name(n);
  text_ += std::to_string(value);
  return *this;
}

object_writer& object_writer::boolean(std::string_view n, bool value) {
  name(n);
  text_ += value ? "true" : "false";
  return *this;
}

object_writer& object_writer::null(std::string_view n) {
  name(n);
  text_ += "null";
  return *this;
}

std::string object_writer::take() {
  text_ += '}';
  return std::exchange(text_, "{");
}

}  // namespace connector::json
