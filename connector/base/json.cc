#include "connector/base/json.h"

#include <rapidjson/document.h>
#include <rapidjson/error/en.h>
#include <rapidjson/stringbuffer.h>
#include <rapidjson/writer.h>

#include <limits>

#include "connector/base/ascii.h"
#include "connector/base/number.h"
#include "connector/base/utf8.h"

namespace connector::json {

namespace {

// RapidJSON reads strings alone. Should a number come its way, it stays text: its conversion
// crashes on some exponents (CVE-2024-38517).
constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseNumbersAsStringsFlag;

// Tokens that reach this are single values without depth.
bool parse(std::string_view value, rapidjson::Document& document) {
  document.Parse<parse_flags>(value.data(), value.size());
  return !document.HasParseError();
}

}  // namespace

std::string quote(std::string_view text) {
  // RapidJSON's writer copies bytes; give it UTF-8 only.
  std::string safe;
  if (!is_utf8(text)) {
    safe = repaired_utf8(text);
    text = safe;
  }
  rapidjson::StringBuffer buffer;
  rapidjson::Writer<rapidjson::StringBuffer> writer(buffer);
  writer.String(text.data(), static_cast<rapidjson::SizeType>(text.size()));
  return {buffer.GetString(), buffer.GetSize()};
}

std::optional<std::string> text_of(std::string_view value) {
  value = ascii::trim(value);
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
  const auto inner = value.substr(1, value.size() - 2);
  if (inner.find('\\') == std::string_view::npos) {
    return is_json(value) ? std::optional<std::string>(inner) : std::nullopt;
  }
  rapidjson::Document document;
  if (!parse(value, document) || !document.IsString()) return std::nullopt;
  std::string text(document.GetString(), document.GetStringLength());
  // RapidJSON lets a lone low surrogate through, as bytes that are not UTF-8.
  if (!is_utf8(text)) return std::nullopt;
  return text;
}

std::optional<std::int64_t> integer_of(std::string_view value) {
  value = ascii::trim(value);
  // Leading zeros are digits, but no JSON.
  if (kind_of(value) != kind::number || !is_json(value)) return std::nullopt;
  using whole = std::numeric_limits<std::int64_t>;
  return integer_in(value, whole::min(), whole::max());
}

std::optional<bool> boolean_of(std::string_view value) {
  value = ascii::trim(value);
  if (value == "true") return true;
  if (value == "false") return false;
  return std::nullopt;
}

std::string_view describe(kind what) {
  switch (what) {
    case kind::null:
      return "null";
    case kind::boolean:
      return "a boolean";
    case kind::number:
      return "a number";
    case kind::string:
      return "a string";
    case kind::array:
      return "an array";
    case kind::object:
      return "an object";
  }
  return "";
}

void object_writer::name(std::string_view name) {
  if (text_.size() > 1) text_ += ',';
  text_ += quote(name);
  text_ += ':';
}

object_writer& object_writer::raw(std::string_view n, std::string_view json_value) {
  name(n);
  text_ += json_value;
  return *this;
}

object_writer& object_writer::string(std::string_view n, std::string_view text) {
  name(n);
  text_ += quote(text);
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
