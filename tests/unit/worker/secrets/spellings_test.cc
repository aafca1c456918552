// Each spelling that writers of common languages make of a secret is generated here by other code
// than ours, for a hundred secrets, and must be gone from what is masked.
#include "worker/secrets/spellings.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <functional>
#include <random>

#include "connector/base/base64.h"
#include "worker/secrets/redactor.h"

namespace worker::secrets {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr unsigned seed = 20'261'129;

std::vector<std::string> hundred_secrets() {
  std::mt19937 random(seed);
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
    if (bytes.size() == 1 && by_number.find(bytes) != std::string::npos) {
      out += unit(value, upper);
    } else if (bytes == "\"" || bytes == "\\" || (slashes && bytes == "/")) {
      out += "\\" + bytes;
    } else if (bytes == "\n") {
      out += "\\n";
    } else if (bytes == "\t") {
      out += "\\t";
    } else if (value >= 0x10000 && ascii) {
      out += unit(0xD7C0 + (value >> 10), upper) + unit(0xDC00 + value % 1024, upper);
    } else if (value >= 0x80 && ascii) {
      out += unit(value, upper);
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

std::string base64(const std::string& text, bool url = false, bool padded = true) {
  auto out = connector::base64_encode(text);
  if (!padded) out.erase(out.find_last_not_of('=') + 1);
  if (!url) return out;
  for (auto& c : out) c = c == '+' ? '-' : c == '/' ? '_' : c;
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

std::string lines(const std::string& text, const std::string& end) {
  std::string out;
  for (std::size_t at = 0; at < text.size(); at += 76) out += text.substr(at, 76) + end;
  return out;
}

using writer = std::function<std::string(const std::string&)>;

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
      {"percent of RFC 3986", [](const auto& s) { return percent(s, "-._~"); }},
      {"percent with slashes", [](const auto& s) { return percent(s, "-._~/"); }},
      {"percent in lower case", [](const auto& s) { return percent(s, "-._~", true); }},
      {"percent of a form", [](const auto& s) { return percent(s, "-._*", false, true); }},
      {"encodeURIComponent", [](const auto& s) { return percent(s, "-_.!~*'()"); }},
      {"encodeURI", [](const auto& s) { return percent(s, ";,/?:@&=+$-_.!~*'()#"); }},
      {"percent twice", [](const auto& s) { return percent(percent(s, "-._~"), "-._~"); }},
      {"percent in JSON", [](const auto& s) { return php(percent(s, "-._~/")); }},
      {"JSON in percent", [](const auto& s) { return percent(go(s), "-._~"); }},
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

class Spellings : public testing::Test {
 protected:
  void expect_hidden(const std::string& secret, const std::string& called,
                     const std::string& spelt) {
    const redactor known({connector::secret_string(secret)});
    const auto masked = known.mask("got <" + spelt + "> twice: " + spelt + "\n");
    EXPECT_THAT(masked, Not(HasSubstr(spelt))) << called;
    EXPECT_EQ(masked, "got <***> twice: ***\n") << called << " of " << secret << ": " << spelt;
    EXPECT_TRUE(known.finds(spelt)) << called;
  }
};

TEST_F(Spellings, OfEachWriterAreHidden) {
  for (const auto& secret : hundred_secrets()) {
    for (const auto& [called, write] : writers()) {
      auto spelt = write(secret);
      // Padding says nothing of the value, and is left where other text may follow.
      spelt.erase(spelt.find_last_not_of('=') + 1);
      expect_hidden(secret, called, spelt);
      if (HasFailure()) FAIL() << "seed " << seed;
    }
  }
}

// What is left of base64 on both sides are characters that other bytes share.
TEST_F(Spellings, InsideBase64AreHiddenAtEachAlignment) {
  const std::vector<std::pair<std::string, writer>> inner = {
      {"raw", [](const auto& s) { return s; }},
      {"JSON", plain_json},
      {"Go", go},
      {".NET", dot_net},
      {"Gson", gson},
      {"Python", python},
      {"PHP", php}};
  for (const auto& secret : hundred_secrets()) {
    const redactor known({connector::secret_string(secret)});
    for (const auto& [called, write] : inner) {
      for (const std::string before : {"", "u", "us", "user:", R"({"key":")"}) {
        for (const bool url : {false, true}) {
          const auto whole = base64(before + write(secret) + "\"}", url);
          const auto around = base64(before).size() + base64("\"}").size() + 8;
          const auto masked = known.mask(whole);
          ASSERT_THAT(masked, HasSubstr("***")) << called << " of " << secret;
          ASSERT_LE(masked.size(), 3 + around) << called << " of " << secret << ": " << masked;
        }
      }
    }
  }
}

TEST_F(Spellings, OfBase64InLinesAreHidden) {
  for (const auto& secret : hundred_secrets()) {
    const redactor known({connector::secret_string(secret)});
    for (const std::string end : {"\n", "\r\n", " "}) {
      for (std::size_t before = 0; before < 80; before += 7) {
        const auto whole = base64(std::string(before, 'b') + secret + std::string(60, 'a'));
        const auto masked = known.mask("data:\n" + lines(whole, end));
        ASSERT_THAT(masked, HasSubstr("***")) << secret << " after " << before;
        ASSERT_LE(masked.size(), 6 + base64(std::string(before + 60, 'b')).size() + 30)
            << secret << " after " << before << ": " << masked;
        // As a string of a log that is JSON.
        ASSERT_THAT(known.mask(plain_json(lines(whole, end))), HasSubstr("***"));
      }
    }
  }
}

TEST_F(Spellings, LinesMayEndInAnotherWay) {
  const std::string unix_key =
      "-----BEGIN KEY-----\nMIIBVgIBADANBg\nAT8wggE7AgEAAk\n-----END KEY-----";
  const std::string windows_key =
      "-----BEGIN KEY-----\r\nMIIBVgIBADANBg\r\nAT8wggE7AgEAAk\r\n-----END KEY-----";
  for (const auto& secret : {unix_key, windows_key}) {
    for (const auto& printed : {unix_key, windows_key}) {
      expect_hidden(secret, "raw", printed);
      const redactor known({connector::secret_string(secret)});
      EXPECT_EQ(known.mask("<" + dot_net(dot_net(windows_key)) + ">"), "<***>");
    }
  }
}

TEST_F(Spellings, AHostIsHiddenInLowerCase) {
  const redactor known(
      {connector::secret_string("MyTenant-Host"), connector::secret_string("Order")});
  EXPECT_EQ(known.mask("no connection to mytenant-host.example:443"),
            "no connection to ***.example:443");
  // A short word is no host's.
  EXPECT_EQ(known.mask("Order, order"), "***, order");
}

TEST_F(Spellings, PartsOfAUrlAreHidden) {
  const redactor known({connector::secret_string(
      "https://User9876:pw@Hooks.example.com:8443/services/T00/B00?k=v")});
  EXPECT_EQ(known.mask("host hooks.example.com is on no list"), "host *** is on no list");
  EXPECT_EQ(known.mask("\"hooks.example.com:8443/services/T00/B00?k=v\""), "\"***:8443***\"");
  EXPECT_EQ(known.mask("as User9876:pw"), "as ***");
  EXPECT_EQ(known.mask("at https://hooks.example.com:8443/services/T00/B00"),
            "at https://***:8443***");
  EXPECT_EQ(redactor({connector::secret_string("https://localhost")}).mask("localhost"),
            "localhost");
}

TEST_F(Spellings, AreThereOnceAndLongEnough) {
  for (const auto& secret : hundred_secrets()) {
    const auto spelt = spellings_of(secret);
    EXPECT_TRUE(std::is_sorted(spelt.begin(), spelt.end()));
    EXPECT_EQ(std::adjacent_find(spelt.begin(), spelt.end()), spelt.end());
    for (const auto& each : spelt) EXPECT_GE(each.size(), shortest_secret);
  }
  EXPECT_TRUE(spellings_of("abc").empty());
  EXPECT_TRUE(spellings_of(" ab \n").empty());
}

// A job may hold a hundred secrets of 64 KiB.
TEST_F(Spellings, OfALongValueTakeBoundedMemory) {
  std::string value;
  while (value.size() < 64 * 1024) value += "\"<&>\xE2\x82\xAC";
  std::size_t bytes = 0;
  for (const auto& each : spellings_of(value)) bytes += each.size();
  EXPECT_LE(bytes, 16 * value.size());
  expect_hidden(value, "raw", value);
  expect_hidden(value, "JSON of .NET", dot_net(value));
}

TEST_F(Spellings, BlanksAtTheEndsAreNoPartOfAValue) {
  EXPECT_EQ(redactor({connector::secret_string("a-secret-value\n")}).mask("<a-secret-value>"),
            "<***>");
}

}  // namespace
}  // namespace worker::secrets
