#include "tests/unit/worker/secrets/spelling_writers.h"

#include <fmt/format.h>

#include <random>

#include "connector/base/base64.h"

namespace worker::secrets {

namespace {

struct code_point {
  std::uint32_t value;
  std::string bytes;
};

std::vector<code_point> code_points(const std::string& text) {
  std::vector<code_point> out;
  for (std::size_t i = 0; i < text.size();) {
    const auto first = static_cast<unsigned char>(text[i]);
    const std::size_t length = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
    std::uint32_t value = length == 1 ? first : first & (0x7FU >> length);
    for (std::size_t k = 1; k < length; ++k) {
      value = value * 64 + (static_cast<unsigned char>(text[i + k]) % 64);
    }
    out.push_back({value, text.substr(i, length)});
    i += length;
  }
  return out;
}

std::string unit(std::uint32_t value, bool upper) {
  return upper ? fmt::format("\\u{:04X}", value) : fmt::format("\\u{:04x}", value);
}

// `by_number`: which characters become \uXXXX; those of the short escapes come first otherwise.
std::string json_text(const std::string& text, const std::string& by_number, bool ascii, bool upper,
                      bool slashes = false) {
  std::string out;
  for (const auto& [value, bytes] : code_points(text)) {
    const bool beyond = ascii && value >= 0x80 && value < 0x10000;
    if (beyond || (bytes.size() == 1 && by_number.find(bytes) != std::string::npos)) {
      out += unit(value, upper);
    } else if (bytes == "\"" || bytes == "\\" || (slashes && bytes == "/")) {
      out += "\\" + bytes;
    } else if (bytes == "\n") {
      out += "\\n";
    } else if (bytes == "\t") {
      out += "\\t";
    } else if (value >= 0x10000 && ascii) {
      out += unit(0xD7C0 + (value >> 10), upper) + unit(0xDC00 + value % 1024, upper);
    } else {
      out += bytes;
    }
  }
  return out;
}

std::string percent(const std::string& text, const std::string& kept, bool lower = false,
                    bool plus = false) {
  std::string out;
  for (const char c : text) {
    const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                       kept.find(c) != std::string::npos;
    const auto value = static_cast<unsigned>(static_cast<unsigned char>(c));
    if (plus && c == ' ') {
      out += '+';
    } else if (plain) {
      out += c;
    } else {
      out += lower ? fmt::format("%{:02x}", value) : fmt::format("%{:02X}", value);
    }
  }
  return out;
}

// `write`: what a byte of a character beyond ASCII becomes; the others stay, but the backslash.
std::string by_byte(const std::string& text, const std::function<std::string(unsigned)>& write) {
  std::string out;
  for (const char c : text) {
    const auto value = static_cast<unsigned>(static_cast<unsigned char>(c));
    out += value < 0x80 ? (c == '\\' ? "\\\\" : std::string(1, c)) : write(value);
  }
  return out;
}

std::string by_code_point(const std::string& text,
                          const std::function<std::string(std::uint32_t)>& write) {
  std::string out;
  for (const auto& [value, bytes] : code_points(text)) {
    out += bytes == "\\" ? "\\\\" : bytes.size() == 1 ? bytes : write(value);
  }
  return out;
}

std::string html(const std::string& text, const std::string& quote, const std::string& apostrophe) {
  std::string out;
  for (const char c : text) {
    out += c == '&'    ? "&amp;"
           : c == '<'  ? "&lt;"
           : c == '>'  ? "&gt;"
           : c == '"'  ? quote
           : c == '\'' ? apostrophe
                       : std::string(1, c);
  }
  return out;
}

std::string html_by_number(const std::string& text, bool hexadecimal) {
  std::string out;
  for (const auto& [value, bytes] : code_points(text)) {
    out += hexadecimal ? fmt::format("&#x{:X};", value) : fmt::format("&#{};", value);
  }
  return out;
}

std::string utf16(const std::string& text) {
  std::string out;
  for (const auto& [value, bytes] : code_points(text)) {
    const std::uint32_t pair = value - 0x10000;
    for (const std::uint32_t one :
         bytes.size() == 4 ? std::vector<std::uint32_t>{0xD800 + (pair >> 10), 0xDC00 + pair % 1024}
                           : std::vector<std::uint32_t>{value}) {
      out += static_cast<char>(one % 256);
      out += static_cast<char>(one / 256);
    }
  }
  return out;
}

// escape() of JavaScript.
std::string javascript_escape(const std::string& text) {
  std::string out;
  for (const auto& [value, bytes] : code_points(text)) {
    if (value >= 0x10000) {
      out += fmt::format("%u{:04X}%u{:04X}", 0xD7C0 + (value >> 10), 0xDC00 + value % 1024);
    } else if (value >= 0x100) {
      out += fmt::format("%u{:04X}", value);
    } else if (value >= 0x80) {
      out += fmt::format("%{:02X}", value);
    } else {
      out += percent(bytes, "@*_+-./");
    }
  }
  return out;
}

// Lines of at most 76 characters.
std::string quoted_printable(const std::string& text, const std::string& line_end) {
  std::string out;
  std::size_t column = 0;
  for (const char c : text) {
    const bool plain = c >= ' ' && c <= '~' && c != '=';
    const auto written =
        plain ? std::string(1, c) : fmt::format("={:02X}", static_cast<unsigned char>(c));
    if (column + written.size() > 75) {
      out += "=" + line_end;
      column = 0;
    }
    out += written;
    column += written.size();
  }
  return out;
}

// Of the letters in hundred_secrets(), those that can be taken apart.
std::string decomposed(const std::string& text) {
  std::string out;
  for (const auto& [value, bytes] : code_points(text)) {
    out += value == 0xE9 ? "e\xCC\x81" : value == 0xFC ? "u\xCC\x88" : bytes;
  }
  return out;
}

}  // namespace

std::vector<std::string> hundred_secrets() {
  std::mt19937 random(spelling_seed);
  const std::vector<std::string> alphabets = {
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789+/=",
      "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~abcXYZ019 ",
      "\n\t\"\\/&<>'+=%abc",
  };
  const std::vector<std::string> letters = {
      "\xC3\xA9", "\xC3\xBC", "\xE2\x82\xAC", "\xF0\x9F\x94\x91", "n", "u", "0", "/"};
  std::vector<std::string> out;
  while (out.size() < 100) {
    const std::size_t length = 8 + random() % 50;
    const std::size_t kind = random() % (alphabets.size() + 1);
    // Blanks at the ends are no part of what is looked for.
    std::string made = "x";
    while (made.size() < length) {
      made += kind < alphabets.size()
                  ? std::string(1, alphabets[kind][random() % alphabets[kind].size()])
                  : letters[random() % letters.size()];
    }
    out.push_back(made + "Y");
  }
  return out;
}

std::string base64(const std::string& text, bool url, bool padded) {
  auto out = connector::base64_encode(text);
  if (!padded) out.erase(out.find_last_not_of('=') + 1);
  if (!url) return out;
  for (auto& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
  return out;
}

std::string lines(const std::string& text, const std::string& end) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 76) out += text.substr(at, 76) + end;
  return out;
}

std::string plain_json(const std::string& s) { return json_text(s, "", false, false); }
std::string go(const std::string& s) { return json_text(s, "<>&", false, false); }
std::string dot_net(const std::string& s) { return json_text(s, "<>&'+`\"", true, true); }
std::string gson(const std::string& s) { return json_text(s, "<>&='", false, false); }
std::string python(const std::string& s) { return json_text(s, "", true, false); }
std::string php(const std::string& s) { return json_text(s, "", true, false, true); }

const std::vector<std::pair<std::string, writer>>& writers() {
  static const std::vector<std::pair<std::string, writer>> all = {
      {"raw", [](const auto& s) { return s; }},
      {"JSON", plain_json},
      {"JSON of Go", go},
      {"JSON of .NET", dot_net},
      {"JSON of Gson", gson},
      {"JSON of Python", python},
      {"JSON of PHP", php},
      {"JSON all by number", [](const auto& s) { return json_text(s, s, true, false); }},
      {"JSON twice", [](const auto& s) { return plain_json(plain_json(s)); }},
      {"JSON of Go in Python's", [](const auto& s) { return python(go(s)); }},
      {"JSON of .NET twice", [](const auto& s) { return dot_net(dot_net(s)); }},
      {"JSON of PHP twice", [](const auto& s) { return php(php(s)); }},
      {"JSON thrice", [](const auto& s) { return plain_json(plain_json(go(s))); }},
      {"JSON four times",
       [](const auto& s) { return plain_json(plain_json(plain_json(plain_json(s)))); }},
      {"percent of RFC 3986", [](const auto& s) { return percent(s, "-._~"); }},
      {"percent with slashes", [](const auto& s) { return percent(s, "-._~/"); }},
      {"percent in lower case", [](const auto& s) { return percent(s, "-._~", true); }},
      {"percent of a form", [](const auto& s) { return percent(s, "-._*", false, true); }},
      {"encodeURIComponent", [](const auto& s) { return percent(s, "-_.!~*'()"); }},
      {"encodeURI", [](const auto& s) { return percent(s, ";,/?:@&=+$-_.!~*'()#"); }},
      {"percent twice", [](const auto& s) { return percent(percent(s, "-._~"), "-._~"); }},
      {"percent in JSON", [](const auto& s) { return php(percent(s, "-._~/")); }},
      {"JSON in a form", [](const auto& s) { return percent(plain_json(s), "-._*", false, true); }},
      {"JSON in percent", [](const auto& s) { return percent(go(s), "-._~"); }},
      {"escape() of JavaScript", javascript_escape},
      {"quoted-printable", [](const auto& s) { return quoted_printable(s, "\r\n"); }},
      {"quoted-printable in JSON", [](const auto& s) { return python(quoted_printable(s, "\n")); }},
      {"taken apart", decomposed},
      {"JSON of it taken apart", [](const auto& s) { return python(decomposed(s)); }},
      {"base64 of it taken apart", [](const auto& s) { return base64(decomposed(s)); }},
      {"bytes of Python",
       [](const auto& s) {
         return by_byte(s, [](auto b) { return fmt::format("\\x{:02x}", b); });
       }},
      {"bytes of C",
       [](const auto& s) { return by_byte(s, [](auto b) { return fmt::format("\\{:03o}", b); }); }},
      {"escapes of Rust",
       [](const auto& s) {
         return by_code_point(s, [](auto c) { return fmt::format("\\u{{{:x}}}", c); });
       }},
      {"long escapes of Python",
       [](const auto& s) {
         return by_code_point(s, [](auto c) { return fmt::format("\\U{:08x}", c); });
       }},
      {"HTML of Python", [](const auto& s) { return html(s, "&quot;", "&#x27;"); }},
      {"HTML of Go", [](const auto& s) { return html(s, "&#34;", "&#39;"); }},
      {"XML", [](const auto& s) { return html(s, "&quot;", "&apos;"); }},
      {"HTML by number", [](const auto& s) { return html_by_number(s, false); }},
      {"XML by number", [](const auto& s) { return html_by_number(s, true); }},
      {"HTML in JSON", [](const auto& s) { return php(html(s, "&quot;", "&#039;")); }},
      {"JSON in HTML", [](const auto& s) { return html(plain_json(s), "&quot;", "&#39;"); }},
      {"base64", [](const auto& s) { return base64(s); }},
      {"base64 for URLs", [](const auto& s) { return base64(s, true); }},
      {"base64 without padding", [](const auto& s) { return base64(s, false, false); }},
      {"base64 for URLs, no padding", [](const auto& s) { return base64(s, true, false); }},
      {"base64 twice", [](const auto& s) { return base64(base64(s)); }},
      {"base64 of UTF-16", [](const auto& s) { return base64(utf16(s)); }},
      {"base64 percent-encoded", [](const auto& s) { return percent(base64(s), "-._~"); }},
      {"base64 in JSON of .NET", [](const auto& s) { return dot_net(base64(s)); }},
      {"base64 in JSON of PHP", [](const auto& s) { return php(base64(s)); }},
  };
  return all;
}

}  // namespace worker::secrets
