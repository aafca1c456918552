#include "worker/secrets/encodings.h"

#include <fmt/format.h>

#include <cstdint>

#include "connector/base/base64.h"
#include "connector/base/json.h"
#include "connector/base/percent.h"

namespace worker::secrets {

namespace {

// Fragments of base64 shorter than this would mask ordinary words.
constexpr std::size_t shortest_fragment = 6;

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = text.find(what); at != std::string::npos;
       at = text.find(what, at + with.size())) {
    text.replace(at, what.size(), with);
  }
  return text;
}

std::string json_escaped(std::string_view value) {
  const std::string quoted = connector::json::quote(value);
  return quoted.substr(1, quoted.size() - 2);
}

// Appends the \uXXXX escapes of one code point, as writers do that emit ASCII only.
void append_escaped(std::string& out, std::uint32_t code, bool upper) {
  const auto unit = [&](std::uint32_t value) {
    out += upper ? fmt::format("\\u{:04X}", value) : fmt::format("\\u{:04x}", value);
  };
  if (code < 0x10000) {
    unit(code);
  } else {
    unit(0xD800 + ((code - 0x10000) >> 10U));
    unit(0xDC00 + ((code - 0x10000) & 0x3FFU));
  }
}

// The ASCII-only spelling of text that is JSON-escaped and UTF-8 already.
std::string ascii_only(std::string_view text, bool upper) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    if (first < 0x80) {
      out += text[i++];
      continue;
    }
    const std::size_t length = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : 2;
    std::uint32_t code = first & (0xFFU >> (length + 1));
    for (std::size_t k = 1; k < length && i + k < text.size(); ++k) {
      code = code << 6U | (static_cast<unsigned char>(text[i + k]) & 0x3FU);
    }
    append_escaped(out, code, upper);
    i += length;
  }
  return out;
}

// %2F as %2f, as many encoders write it.
std::string lower_hex(std::string text) {
  for (std::size_t i = 0; i + 2 < text.size(); ++i) {
    if (text[i] != '%') continue;
    for (std::size_t k = i + 1; k <= i + 2; ++k) {
      if (text[k] >= 'A' && text[k] <= 'F') text[k] = static_cast<char>(text[k] - 'A' + 'a');
    }
  }
  return text;
}

// The characters that `value` alone decides when `before` bytes of something else are encoded in
// front of it and more may follow.
std::string base64_inside(std::string_view value, std::size_t before) {
  const std::string encoded = connector::base64_encode(std::string(before, '\0').append(value));
  const std::size_t first = before == 0 ? 0 : before + 1;
  const std::size_t last = (before + value.size()) * 8 / 6;
  return last > first ? encoded.substr(first, last - first) : "";
}

void add_base64(std::vector<std::string>& forms, std::string_view value) {
  const auto add = [&](std::string form) {
    std::string for_urls = replaced(replaced(form, "+", "-"), "/", "_");
    forms.push_back(std::move(for_urls));
    forms.push_back(connector::percent_encode(form));
    forms.push_back(std::move(form));
  };
  add(connector::base64_encode(value));
  for (std::size_t before = 0; before < 3; ++before) {
    auto fragment = base64_inside(value, before);
    if (fragment.size() >= shortest_fragment) add(std::move(fragment));
  }
}

}  // namespace

std::vector<std::string> forms_of(std::string_view value) {
  std::vector<std::string> forms;
  forms.emplace_back(value);
  const std::string once = json_escaped(value);
  const std::string slashes = replaced(once, "/", "\\/");
  for (const auto& escaped : {once, slashes, ascii_only(once, false), ascii_only(once, true)}) {
    forms.push_back(escaped);
    forms.push_back(json_escaped(escaped));  // JSON text inside a string of JSON text
  }
  const std::string encoded = connector::percent_encode(value);
  forms.push_back(encoded);
  forms.push_back(lower_hex(encoded));
  forms.push_back(replaced(encoded, "%20", "+"));  // as HTML forms write blanks
  add_base64(forms, value);
  return forms;
}

}  // namespace worker::secrets
