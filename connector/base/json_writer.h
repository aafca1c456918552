// Writes an object of JSON, member by member. Plain value.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace connector::json {

// Puts an object together from values that are JSON text already; they are copied byte for byte.
class object_writer {
 public:
  object_writer& raw(std::string_view name, std::string_view json_value);
  object_writer& string(std::string_view name, std::string_view text);
  object_writer& number(std::string_view name, std::int64_t value);
  object_writer& boolean(std::string_view name, bool value);
  object_writer& null(std::string_view name);
  // The finished text; the writer is empty afterwards.
  std::string take();
  void reserve(std::size_t bytes) { text_.reserve(bytes); }

 private:
  void name(std::string_view name);
  std::string text_ = "{";
};

}  // namespace connector::json
