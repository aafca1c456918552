#include "tests/attack/random/dice.h"

#include <fmt/format.h>

namespace attack {

std::string some_bytes(dice& from, std::size_t count) {
  std::string out(count, '\0');
  for (char& each : out) each = static_cast<char>(from.next());
  return out;
}

std::string some_text(dice& from, std::size_t most) {
  static const std::vector<std::string> pieces = {"a",
                                                  "Z",
                                                  "9",
                                                  "-",
                                                  "_",
                                                  " ",
                                                  ".",
                                                  "/",
                                                  ":",
                                                  "=",
                                                  "\\\"",
                                                  "\\\\",
                                                  "\\n",
                                                  "\\u00e9",
                                                  "\\ud83d\\ude00",
                                                  "\xc3\xa9",
                                                  "\xe4\xb8\xad",
                                                  "\xf0\x9f\x98\x80",
                                                  "{",
                                                  "}",
                                                  "[",
                                                  "<",
                                                  ">",
                                                  "&",
                                                  "%41",
                                                  "+",
                                                  "${x}"};
  std::string out;
  const auto count = from.below(most + 1);
  for (std::size_t i = 0; i < count; ++i) out += from.one_of(pieces);
  return out;
}

std::string some_json(dice& from, unsigned depth) {
  switch (from.below(depth == 0 ? 5 : 7)) {
    case 0:
      return "null";
    case 1:
      return from.chance(50) ? "true" : "false";
    case 2:
      return fmt::format("{}", static_cast<std::int64_t>(from.next()));
    case 3:
      return fmt::format("{}.{}e{}", from.between(-9, 9), from.below(100000),
                         from.between(-30, 30));
    case 4:
      return '"' + some_text(from, 12) + '"';
    case 5: {
      std::string out = "[";
      for (auto count = from.below(4); count > 0; --count) {
        out += some_json(from, depth - 1) + (count > 1 ? "," : "");
      }
      return out + "]";
    }
    default: {
      std::string out = "{";
      for (auto count = from.below(4); count > 0; --count) {
        out += fmt::format("\"m{}\":{}{}", count, some_json(from, depth - 1), count > 1 ? "," : "");
      }
      return out + "}";
    }
  }
}

std::string hostile_json(dice& from) {
  const auto nested = [](std::size_t depth, char open, char close) {
    return std::string(depth, open) + std::string(depth, close);
  };
  switch (from.below(16)) {
    case 0:
      return fmt::format("0.{}e{}", std::string(1 + from.below(30), '0') + "1",
                         -static_cast<std::int64_t>(2147483600 + from.below(200)));
    case 1:
      return fmt::format("{}e{}", from.between(-9, 9), from.between(-99999999999, 99999999999));
    case 2:
      return std::string(1 + from.below(5000), '9');
    case 3:
      return "-" + std::string(1 + from.below(40), '0') + "1";
    case 4:
      return nested(from.below(3000), '[', ']');
    case 5:
      return std::string(from.below(3000), '[');
    case 6: {
      std::string out;
      const auto depth = from.below(800);
      for (std::size_t i = 0; i < depth; ++i) out += R"({"a":)";
      return out + "1" + std::string(depth, '}');
    }
    case 7:
      return R"({"a":1,"a":)" + some_json(from) + "}";
    case 8:
      return R"("\ud800)" + some_text(from, 5) + "\"";
    case 9:
      return "\"" + some_bytes(from, from.below(60)) + "\"";
    case 10:
      return some_json(from) + some_json(from);
    case 11:
      return "\xef\xbb\xbf" + some_json(from);
    case 12:
      return from.one_of(std::vector<std::string>{"NaN", "Infinity", "-", "nul", "tru", "'a'", "1.",
                                                  ".5", "01", "0x10", "1e", "[1,]", "{\"a\"}", ""});
    case 13:
      return "\"" + std::string(from.below(200'000), 'x') + "\"";
    case 14:
      return "[" + std::string(2 * from.below(20'000), ' ') + "]";
    default:
      return some_bytes(from, from.below(200));
  }
}

std::string readable(std::string text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    // The shortest forms of two and three bytes only, no surrogates: that is enough for a test.
    const std::size_t length = lead < 0x80                   ? 1
                               : lead >= 0xC2 && lead < 0xE0 ? 2
                               : lead > 0xE0 && lead < 0xED  ? 3
                               : lead == 0xF0                ? 4
                                                             : 0;
    bool good = length > 0 && at + length <= text.size();
    for (std::size_t i = 1; good && i < length; ++i) {
      const auto next = static_cast<unsigned char>(text[at + i]);
      good = (next & 0xC0U) == 0x80 && (length != 4 || i != 1 || next >= 0x90);
    }
    if (!good) text[at] = '?';
    at += good ? length : 1;
  }
  return text;
}

}  // namespace attack
