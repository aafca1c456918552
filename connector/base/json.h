// Small JSON values to and from C++ values: the one place that uses RapidJSON. Everything larger
// stays text (json_scan.h). Pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connector/base/json_scan.h"

namespace connector::json {

// `"text"` with JSON's escapes, quotes included. Bytes that are not UTF-8 become U+FFFD.
std::string quote(std::string_view text);

// The text of a string token as UTF-8; nothing when `value` is no string or holds a lone surrogate.
std::optional<std::string> text_of(std::string_view value);

// Nothing when `value` is no integer that fits: also for 1.0 and 1e2, which are whole by value.
std::optional<std::int64_t> integer_of(std::string_view value);

// Nothing when `value` is neither true nor false.
std::optional<bool> boolean_of(std::string_view value);

// "an object", "a number": for messages.
std::string_view describe(kind type);

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
