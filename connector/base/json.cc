#include "connector/base/json.h"

#include <rapidjson/document.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <limits>

#include "connector/base/ascii.h"
#include "connector/base/eight_bytes.h"
#include "connector/base/json_scan.h"
#include "connector/base/number.h"
#include "connector/base/utf8.h"

namespace connector::json {

namespace {

// RapidJSON reads strings alone. Should a number come its way, it stays text: its conversion
// crashes on some exponents (CVE-2024-38517).
constexpr unsigned parse_flags = rapidjson::kParseIterativeFlag |
                                 rapidjson::kParseValidateEncodingFlag |
                                 rapidjson::kParseNumbersAsStringsFlag;

// Tokens that reach this are single values without depth. RapidJSON takes a zero byte for the end
// and does not look at what follows; JSON has none.
bool parse(std::string_view value, rapidjson::Document& document) {
  if (value.find('\0') != std::string_view::npos) return false;
  document.Parse<parse_flags>(value.data(), value.size());
  return !document.HasParseError();
}

constexpr std::array<bool, 256> make_escaped() {
  std::array<bool, 256> escaped{};
  for (std::size_t c = 0; c < 0x20; ++c) escaped[c] = true;
  escaped['"'] = escaped['\\'] = true;
  return escaped;
}
constexpr auto escaped = make_escaped();

bool needs_escape(char c) { return escaped[static_cast<unsigned char>(c)]; }

std::uint64_t may_need_escape(std::uint64_t eight) {
  using namespace eight_bytes;
  return below(eight, 0x20) | equal(eight, '"') | equal(eight, '\\');
}

void append_escape(std::string& out, char c) {
  constexpr std::string_view meant = "\"\\\b\f\n\r\t";
  constexpr std::string_view written = "\"\\bfnrt";
  constexpr std::string_view digits = "0123456789ABCDEF";
  if (const auto at = meant.find(c); at != std::string_view::npos) {
    out += '\\';
    out += written[at];
    return;
  }
  const auto code = static_cast<unsigned char>(c);
  out += "\\u00";
  out += digits[code >> 4U];
  out += digits[code & 15U];
}

}  // namespace

void append_quoted(std::string& out, std::string_view text) {
  std::string safe;
  if (!is_utf8(text)) {
    safe = repaired_utf8(text);
    text = safe;
  }
  out.reserve(out.size() + text.size() + 2);
  out += '"';
  while (!text.empty()) {
    const auto plain = eight_bytes::run(text, may_need_escape, needs_escape);
    out += text.substr(0, plain);
    text.remove_prefix(plain);
    if (text.empty()) break;
    append_escape(out, text.front());
    text.remove_prefix(1);
  }
  out += '"';
}

std::string quote(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

std::optional<std::string> text_of(std::string_view value) {
  value = ascii::trim(value);
  if (value.size() < 2 || value.front() != '"' || value.back() != '"') return std::nullopt;
  const auto inner = value.substr(1, value.size() - 2);
  if (inner.find('\\') == std::string_view::npos) {
    return is_json(value) ? std::optional<std::string>(inner) : std::nullopt;
  }
  // Room for a usual text. Without it a document takes 64 KB.
  alignas(std::max_align_t) std::array<char, 4096> room;  // NOLINT(*-member-init): only written to
  rapidjson::MemoryPoolAllocator<> memory(room.data(), room.size());
  rapidjson::Document document(&memory);
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

}  // namespace connector::json
