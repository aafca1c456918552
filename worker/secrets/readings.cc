#include "worker/secrets/readings.h"

#include <algorithm>
#include <optional>

#include "connector/base/secret.h"

namespace worker::secrets {

namespace {

// JSON text in a string of JSON text and so on.
constexpr std::size_t max_escapes = 4;
constexpr std::size_t max_percents = 2;
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

std::size_t unicode_escape(std::string_view rest, std::string& out) {
  const auto unit = hex(rest, 2, 4);
  if (!unit) return as_it_is(rest, out);
  constexpr std::size_t length = 6;
  const bool high = *unit >= 0xD800 && *unit < 0xDC00;
  if (high && rest.substr(length, 2) == "\\u") {
    const auto low = hex(rest, length + 2, 4);
    if (low && *low >= 0xDC00 && *low < 0xE000) {
      append_utf8(out, 0x10000 + ((*unit - 0xD800) << 10U) + (*low - 0xDC00));
      return 2 * length;
    }
  }
  append_utf8(out, *unit);
  return length;
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
  if (rest[1] == 'u') return unicode_escape(rest, out);
  if (rest[1] == 'x') {
    if (const auto code = hex(rest, 2, 2)) {
      append_utf8(out, *code);
      return 4;
    }
  }
  return as_it_is(rest, out);
}

std::size_t percent_decode(std::string_view rest, std::string& out) {
  const auto byte = rest.front() == '%' ? hex(rest, 1, 2) : std::nullopt;
  if (!byte) return as_it_is(rest, out);
  out += static_cast<char>(*byte);
  return 3;
}

std::size_t form_decode(std::string_view rest, std::string& out) {
  if (rest.front() != '+') return percent_decode(rest, out);
  out += ' ';
  return 1;
}

bool is_base64(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '+' ||
         c == '/' || c == '-' || c == '_';
}

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

bool holds(std::string_view text, char wanted) {
  return text.find(wanted) != std::string_view::npos;
}

constexpr std::array<bool, 256> bytes(std::string_view all) {
  std::array<bool, 256> out{};
  for (const char c : all) out[static_cast<unsigned char>(c)] = true;
  return out;
}

constexpr layer of_escapes{bytes("\\"), unescape};
constexpr layer of_percents{bytes("%"), percent_decode};
constexpr layer of_forms{bytes("%+"), form_decode};
constexpr layer of_lines{bytes(" \r\n"), join_lines};

}  // namespace

reading::reading(const reading& of, const layer& without) : of_(&of) {
  const auto whole = of.text();
  const auto is_special = [&](char c) { return without.special[static_cast<unsigned char>(c)]; };
  made_.reserve(whole.size());
  for (std::size_t at = 0; at < whole.size();) {
    const auto next =
        std::find_if(whole.begin() + static_cast<std::ptrdiff_t>(at), whole.end(), is_special);
    const auto same = static_cast<std::size_t>(next - whole.begin()) - at;
    made_ += whole.substr(at, same);
    at += same;
    if (at == whole.size()) break;
    const std::size_t begin = made_.size();
    const std::size_t length = without.decode(whole.substr(at), made_);
    if (length != 1 || made_.size() != begin + 1) {
      pieces_.push_back(
          {static_cast<std::uint32_t>(made_.size()), static_cast<std::uint32_t>(at + length),
           static_cast<std::uint8_t>(made_.size() - begin), static_cast<std::uint8_t>(length)});
    }
    at += length;
  }
}

reading::~reading() { connector::wipe(made_); }

// Where the piece comes from that the byte lies in; a byte that was the same is a piece by itself.
reading::range reading::source_of(std::size_t byte) const {
  const auto next = std::upper_bound(
      pieces_.begin(), pieces_.end(), byte,
      [](std::size_t at, const piece& one) { return at < one.end - std::size_t{one.size}; });
  if (next == pieces_.begin()) return {byte, byte + 1};
  const piece& before = *std::prev(next);
  if (byte < before.end)
    return {before.source_end - std::size_t{before.source_size}, before.source_end};
  const std::size_t source = before.source_end + (byte - before.end);
  return {source, source + 1};
}

std::size_t reading::first(std::size_t begin) const {
  return of_ == nullptr ? begin : of_->first(source_of(begin).begin);
}

std::size_t reading::last(std::size_t end) const {
  return of_ == nullptr ? end : of_->last(source_of(end - 1).end);
}

void each_reading(std::string_view text, bool blanks,
                  const std::function<bool(const reading&)>& look) {
  const auto percents = [&](const reading& of) {
    if (blanks && holds(of.text(), '+') && look(reading(of, of_forms))) return true;
    std::array<std::optional<reading>, max_percents> decoded;
    const reading* last = &of;
    for (auto& next : decoded) {
      if (!holds(last->text(), '%')) break;
      last = &next.emplace(*last, of_percents);
      if (look(*last)) return true;
    }
    return has_lines(of.text()) && look(reading(of, of_lines));
  };
  const reading plain(text);
  if (look(plain) || percents(plain)) return;
  std::array<std::optional<reading>, max_escapes> decoded;
  const reading* last = &plain;
  for (auto& next : decoded) {
    if (!holds(last->text(), '\\')) break;
    last = &next.emplace(*last, of_escapes);
    if (look(*last) || percents(*last)) return;
  }
}

}  // namespace worker::secrets
