#include "worker/secrets/layers.h"

#include <algorithm>
#include <array>
#include <optional>

#include "connector/base/number.h"
#include "connector/base/utf8.h"

namespace worker::secrets {

namespace {

// A line of base64 is cut at 64 or 76 characters, its first one after other text perhaps.
constexpr std::size_t shortest_line = 16;

std::optional<std::uint32_t> hex(std::string_view text, std::size_t at, std::size_t digits) {
  if (text.size() < at + digits) return std::nullopt;
  std::uint32_t value = 0;
  for (std::size_t i = at; i < at + digits; ++i) {
    const char c = text[i];
    const int digit = c >= '0' && c <= '9'   ? c - '0'
                      : c >= 'a' && c <= 'f' ? c - 'a' + 10
                      : c >= 'A' && c <= 'F' ? c - 'A' + 10
                                             : -1;
    if (digit < 0) return std::nullopt;
    value = value << 4U | static_cast<std::uint32_t>(digit);
  }
  return value;
}

void append_utf8(std::string& out, std::uint32_t code) {
  const auto byte = [&out](std::uint32_t value) { out += static_cast<char>(value); };
  if (code < 0x80) {
    byte(code);
  } else if (code < 0x800) {
    byte(0xC0 | code >> 6U);
    byte(0x80 | (code & 0x3FU));
  } else if (code < 0x10000) {
    byte(0xE0 | code >> 12U);
    byte(0x80 | (code >> 6U & 0x3FU));
    byte(0x80 | (code & 0x3FU));
  } else {
    byte(0xF0 | code >> 18U);
    byte(0x80 | (code >> 12U & 0x3FU));
    byte(0x80 | (code >> 6U & 0x3FU));
    byte(0x80 | (code & 0x3FU));
  }
}

std::size_t as_it_is(std::string_view rest, std::string& out) {
  out += rest.front();
  return 1;
}

// \u20ac, and %u20AC as escape() of JavaScript writes it.
std::size_t unicode_escape(std::string_view rest, std::string& out) {
  const auto unit = hex(rest, 2, 4);
  if (!unit) return as_it_is(rest, out);
  constexpr std::size_t length = 6;
  const bool high = *unit >= 0xD800 && *unit < 0xDC00;
  if (high && rest.substr(length, 2) == rest.substr(0, 2)) {
    const auto low = hex(rest, length + 2, 4);
    if (low && *low >= 0xDC00 && *low < 0xE000) {
      append_utf8(out, 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00));
      return 2 * length;
    }
  }
  append_utf8(out, *unit);
  return length;
}

// A code point in hexadecimal digits up to `end` (of any length without one): \u{1f511},
// \U0001f511.
std::size_t long_escape(std::string_view rest, std::size_t begin, std::size_t digits,
                        std::size_t behind, std::string& out) {
  const auto code = hex(rest, begin, digits);
  if (!code || *code > 0x10FFFF) return as_it_is(rest, out);
  append_utf8(out, *code);
  return begin + digits + behind;
}

// \u{...}: one to six digits.
std::size_t braced_escape(std::string_view rest, std::string& out) {
  const auto end = rest.substr(0, 10).find('}');
  if (end == std::string_view::npos || end == 3) return as_it_is(rest, out);
  return long_escape(rest, 3, end - 3, 1, out);
}

// Two hexadecimal digits behind `sign`: \xE9, %E9. They are a code point in a text of Python and in
// escape() of JavaScript, and a byte in bytes of Python, in Go, C and URLs: a byte when the escapes
// that follow make a character with it.
std::size_t byte_escape(std::string_view sign, std::string_view rest, std::string& out) {
  const std::size_t length = sign.size() + 2;
  const auto code = hex(rest, sign.size(), 2);
  if (!code) return as_it_is(rest, out);
  if (*code < 0x80) {
    out += static_cast<char>(*code);
    return length;
  }
  std::string bytes;
  for (std::size_t at = 0; bytes.size() < 4 && rest.substr(at, sign.size()) == sign; at += length) {
    const auto byte = hex(rest, at + sign.size(), 2);
    if (!byte) break;
    bytes += static_cast<char>(*byte);
  }
  const std::size_t whole = connector::utf8_length(bytes);
  if (whole == 0) {
    append_utf8(out, *code);
    return length;
  }
  out.append(bytes, 0, whole);
  return whole * length;
}

// \303, a byte as C and shells write it.
std::size_t octal_escape(std::string_view rest, std::string& out) {
  std::uint32_t value = 0;
  for (std::size_t at = 1; at < 4; ++at) {
    if (rest.size() <= at || rest[at] < '0' || rest[at] > '7') return as_it_is(rest, out);
    value = value * 8 + static_cast<std::uint32_t>(rest[at] - '0');
  }
  if (value > 0xFF) return as_it_is(rest, out);
  out += static_cast<char>(value);
  return 4;
}

// Strings of JSON, and of languages with similar strings: \x2b, \'. Other text stays.
std::size_t unescape(std::string_view rest, std::string& out) {
  if (rest.front() != '\\' || rest.size() < 2) return as_it_is(rest, out);
  constexpr std::string_view written = "\"\\/'bfnrt";
  constexpr std::string_view meant = "\"\\/'\b\f\n\r\t";
  if (const auto at = written.find(rest[1]); at != std::string_view::npos) {
    out += meant[at];
    return 2;
  }
  if (rest[1] == 'u' && rest.substr(2, 1) == "{") return braced_escape(rest, out);
  if (rest[1] == 'u') return unicode_escape(rest, out);
  if (rest[1] == 'U') return long_escape(rest, 2, 8, 0, out);
  if (rest[1] == 'x') return byte_escape("\\x", rest, out);
  return octal_escape(rest, out);
}

struct entity {
  std::string_view written;
  char meant;
};
constexpr std::array entities = {entity{"&amp;", '&'}, entity{"&lt;", '<'}, entity{"&gt;", '>'},
                                 entity{"&quot;", '"'}, entity{"&apos;", '\''}};

// Of HTML and XML: by name, and by number (&#39; &#x27;).
std::size_t entity_decode(std::string_view rest, std::string& out) {
  for (const auto& one : entities) {
    if (!rest.starts_with(one.written)) continue;
    out += one.meant;
    return one.written.size();
  }
  constexpr std::size_t longest = 10;  // &#1114111;
  const auto end = rest.substr(0, longest).find(';');
  if (!rest.starts_with("&#") || end == std::string_view::npos) return as_it_is(rest, out);
  auto digits = rest.substr(2, end - 2);
  const bool by_hex = digits.starts_with('x') || digits.starts_with('X');
  if (by_hex) digits.remove_prefix(1);
  const auto code = connector::integer_in<std::uint32_t>(digits, 1, 0x10FFFF, by_hex ? 16 : 10);
  if (!code) return as_it_is(rest, out);
  append_utf8(out, *code);
  return end + 1;
}

std::size_t percent_decode(std::string_view rest, std::string& out) {
  if (rest.front() != '%') return as_it_is(rest, out);
  return rest.substr(1, 1) == "u" ? unicode_escape(rest, out) : byte_escape("%", rest, out);
}

constexpr std::array<bool, 256> bytes(std::string_view all) {
  std::array<bool, 256> out{};
  for (const char c : all) out[static_cast<unsigned char>(c)] = true;
  return out;
}

constexpr auto base64_bytes =
    bytes("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_");

bool is_base64(char c) { return base64_bytes[static_cast<unsigned char>(c)]; }

// Whether `text` ends with enough base64 to be a line of it.
bool ends_a_line(std::string_view text) {
  if (text.size() < shortest_line) return false;
  text.remove_prefix(text.size() - shortest_line);
  return std::all_of(text.begin(), text.end(), is_base64);
}

// In messages a blank replaces each line end.
bool is_line_end(char c) { return c == '\n' || c == ' '; }

// Drops a line end when base64 continues after it.
std::size_t join_lines(std::string_view rest, std::string& out) {
  const std::size_t end = rest.front() == '\r' && rest.size() > 1 ? 1 : 0;
  const bool goes_on = is_line_end(rest[end]) && rest.size() > end + 1 && is_base64(rest[end + 1]);
  return goes_on && ends_a_line(out) ? end + 1 : as_it_is(rest, out);
}

// The length of a soft line end of quoted-printable at the front of `rest`; 0: there is none.
std::size_t soft_line_end(std::string_view rest) {
  return rest.starts_with("=\n") ? 2 : rest.starts_with("=\r\n") ? 3 : 0;
}

// =C3 is a byte. The bytes of one character may stand in two lines.
std::size_t quoted_decode(std::string_view rest, std::string& out) {
  if (const auto length = soft_line_end(rest); length != 0) return length;
  const auto byte = hex(rest, 1, 2);
  if (!byte) return as_it_is(rest, out);
  out += static_cast<char>(*byte);
  return 3;
}

constexpr layer layer_of(std::string_view special,
                         std::size_t (*decode)(std::string_view rest, std::string& out)) {
  return {bytes(special), special.size() == 1 ? special.front() : '\0', decode};
}

}  // namespace

bool has_quoted(std::string_view text) {
  for (auto at = text.find('='); at != std::string_view::npos; at = text.find('=', at + 1)) {
    if (soft_line_end(text.substr(at)) != 0 || hex(text, at + 1, 2)) return true;
  }
  return false;
}

bool has_lines(std::string_view text) {
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (!is_line_end(text[at])) continue;
    const std::size_t end = at > 0 && text[at - 1] == '\r' ? at - 1 : at;
    if (at + 1 < text.size() && is_base64(text[at + 1]) && ends_a_line(text.substr(0, end))) {
      return true;
    }
  }
  return false;
}

constinit const layer of_escapes = layer_of("\\", unescape);
constinit const layer of_percents = layer_of("%", percent_decode);
constinit const layer of_entities = layer_of("&", entity_decode);
constinit const layer of_quoted = layer_of("=", quoted_decode);
constinit const layer of_lines = layer_of(" \r\n", join_lines);

}  // namespace worker::secrets
