#include "worker/secrets/spellings.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdlib>
#include <span>

#include "connector/base/ascii.h"
#include "connector/base/base64.h"
#include "connector/base/secret.h"
#include "worker/secrets/code_points.h"
#include "worker/secrets/json_writers.h"

namespace worker::secrets {

namespace {

// Lower-cased or as a part, a shorter one could be an ordinary word.
constexpr std::size_t shortest_part = 8;
// A session token has about a thousand bytes, and there may be many: the spellings that are rare in
// programs are for short values. The keys of certificates are longer, and they are written as JSON.
constexpr std::size_t max_short = 512;
constexpr std::size_t max_json = 16 * 1024;

using words = std::vector<std::string>;

bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_control(char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; }

std::string replaced(std::string text, char from, char with) {
  std::replace(text.begin(), text.end(), from, with);
  return text;
}

// Programs write host names in lower case.
void as_host(std::string_view value, words& out) {
  const bool host = std::all_of(value.begin(), value.end(), [](char c) {
    return is_upper(c) || (c >= 'a' && c <= 'z') || connector::ascii::is_digit(c) || c == '-' ||
           c == '.' || c == ':';
  });
  if (host && value.size() >= shortest_part) out.push_back(connector::ascii::lower(value));
}

// The parts of a URL that messages show: the URL without its scheme, the host, the path and query.
void as_parts_of_a_url(std::string_view value, words& out) {
  const auto scheme = value.find("://");
  if (scheme == std::string_view::npos) return;
  const auto rest = value.substr(scheme + 3);
  const auto end = std::min(rest.find_first_of("/?#"), rest.size());
  auto authority = rest.substr(0, end);
  const auto behind = rest.substr(end);
  const auto query = std::min(behind.find('?'), behind.size());
  for (const auto part : {behind, behind.substr(0, query), behind.substr(query)}) {
    if (part.size() >= shortest_part) out.emplace_back(part);
  }
  if (const auto user = authority.rfind('@'); user != std::string_view::npos) {
    if (user >= shortest_part) out.emplace_back(authority.substr(0, user));
    authority.remove_prefix(user + 1);
  }
  const auto host = authority.substr(0, authority.find(':'));
  // A host without dots is a word as others are: localhost.
  if (host.size() < rest.size()) out.emplace_back(rest);
  if (host.find('.') == std::string_view::npos) return;
  out.emplace_back(host);
  out.push_back(connector::ascii::lower(host));
}

// Messages are one line.
void as_one_line(std::string_view value, words& out) {
  std::string line(value);
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  out.push_back(std::move(line));
}

// A key in PEM may have been read on one system and printed on another one.
void as_other_lines(std::string_view value, words& out) {
  if (value.find_first_of("\r\n") == std::string_view::npos) return;
  std::string unix_lines;
  std::string windows_lines;
  for (std::size_t at = 0; at < value.size(); ++at) {
    const bool pair = value.substr(at, 2) == "\r\n";
    const bool ends = pair || value[at] == '\n' || value[at] == '\r';
    unix_lines += ends ? '\n' : value[at];
    windows_lines += ends ? std::string("\r\n") : std::string(1, value[at]);
    if (pair) ++at;
  }
  as_one_line(unix_lines, out);
  out.push_back(std::move(unix_lines));
  out.push_back(std::move(windows_lines));
}

// Forms write + for a blank. All else that they write is taken off the text (readings.h), so this
// is what is left, whatever else was written around it.
void as_form(std::string_view value, words& out) {
  words found = {std::string(value)};
  as_one_line(value, found);
  as_other_lines(value, found);
  for (auto& each : found) {
    if (each.find(' ') != std::string::npos) out.push_back(replaced(each, ' ', '+'));
    connector::wipe(each);
  }
}

// The characters of base64 that `value` alone decides when `before` bytes of something else are
// encoded in front of it and more may follow.
std::string base64_inside(std::string_view value, std::size_t before) {
  const std::string encoded = connector::base64_encode(std::string(before, '\0').append(value));
  const std::size_t first = before == 0 ? 0 : before + 1;
  const std::size_t last = (before + value.size()) * 8 / 6;
  return last > first ? encoded.substr(first, last - first) : "";
}

// Both alphabets, with padding and without, at each of the three alignments.
void as_base64(std::string_view value, words& out) {
  words found = {connector::base64_encode(value)};
  found.push_back(found.front().substr(0, found.front().find('=')));
  for (std::size_t before = 0; before < 3; ++before) found.push_back(base64_inside(value, before));
  for (auto& each : found) {
    out.push_back(replaced(replaced(each, '+', '-'), '/', '_'));
    out.push_back(std::move(each));
  }
}

void as_base64_twice(std::string_view value, words& out) {
  as_base64(connector::base64_encode(value), out);
}

// Little endian, as PowerShell wants its commands.
void as_base64_of_utf16(std::string_view value, words& out) {
  std::string units;
  const auto append = [&units](std::uint32_t unit) {
    units += static_cast<char>(unit & 0xFFU);
    units += static_cast<char>(unit >> 8U);
  };
  for (std::size_t i = 0; i < value.size();) {
    const auto [code, length] = code_point_at(value, i);
    if (code < 0x10000) {
      append(code);
    } else {
      append(0xD800 + ((code - 0x10000) >> 10U));
      append(0xDC00 + ((code - 0x10000) & 0x3FFU));
    }
    i += length;
  }
  as_base64(units, out);
}

// Text that is put into base64 may have been JSON before.
void as_base64_of_plain_json(std::string_view value, words& out) {
  as_base64(json_of(value, json_writers.front()), out);
}

void as_base64_of_other_json(std::string_view value, words& out) {
  for (const auto& writer : std::span(json_writers).subspan(1)) {
    as_base64(json_of(value, writer), out);
  }
}

// Encodings that a reading removes (JSON escapes, percent-encoding, quoted-printable) need no row
// here.
struct spelling {
  std::string_view called;
  void (*append)(std::string_view value, words& out);
  std::size_t longest = SIZE_MAX;  // of longer values it would take too much memory
};

constexpr std::array table = {
    spelling{"as it is", [](std::string_view value, words& out) { out.emplace_back(value); }},
    spelling{"in one line", as_one_line},
    spelling{"with other line ends", as_other_lines},
    spelling{"in a form", as_form},
    spelling{"as a host name", as_host},
    spelling{"parts of a URL", as_parts_of_a_url},
    spelling{"base64", as_base64},
    spelling{"base64 twice", as_base64_twice, max_short},
    spelling{"base64 of UTF-16", as_base64_of_utf16, max_short},
    spelling{"base64 of plain JSON", as_base64_of_plain_json, max_json},
    spelling{"base64 of other JSON", as_base64_of_other_json, max_short},
};

// `value` with its characters composed (NFC) or taken apart (NFD), as file systems and databases
// store text.
std::string in_normal_form(std::string_view value, utf8proc_option_t form) {
  utf8proc_uint8_t* made = nullptr;
  const auto size = utf8proc_map(reinterpret_cast<const utf8proc_uint8_t*>(value.data()),
                                 static_cast<utf8proc_ssize_t>(value.size()), &made,
                                 static_cast<utf8proc_option_t>(UTF8PROC_STABLE | form));
  if (size < 0) return std::string(value);
  std::string out(reinterpret_cast<const char*>(made), static_cast<std::size_t>(size));
  std::fill_n(made, size, utf8proc_uint8_t{0});
  std::free(made);
  return out;
}

// The value as it is first.
words normal_forms_of(std::string_view value) {
  words out;
  out.emplace_back(value);
  const bool ascii = std::all_of(value.begin(), value.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  if (ascii) return out;
  for (const auto form : {UTF8PROC_COMPOSE, UTF8PROC_DECOMPOSE}) {
    auto made = in_normal_form(value, form);
    if (std::find(out.begin(), out.end(), made) == out.end()) out.push_back(std::move(made));
  }
  return out;
}

}  // namespace

std::vector<std::string> spellings_of(std::string_view value) {
  value = connector::ascii::trim(value);
  words out;
  if (value.size() < shortest_secret) return out;
  for (auto& form : normal_forms_of(value)) {
    for (const auto& line : table) {
      if (form.size() <= line.longest) line.append(form, out);
    }
    connector::wipe(form);
  }
  std::sort(out.begin(), out.end());
  const auto unwanted = [](const std::string& one) { return one.size() < shortest_secret; };
  for (auto end = std::unique(out.begin(), out.end()); end != out.end(); ++end) {
    connector::wipe(*end);
  }
  out.erase(std::remove_if(out.begin(), out.end(), unwanted), out.end());
  return out;
}

}  // namespace worker::secrets
