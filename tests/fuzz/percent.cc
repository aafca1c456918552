// Percent-encoding: encoding always decodes to the same bytes and uses unreserved ones only.
#include "connector/base/percent.h"

#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

bool is_encoded_byte(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
         std::string_view("-._~%").find(c) != std::string_view::npos;
}

std::string run_percent(std::string_view text) {
  for (const bool path : {false, true}) {
    const auto encoded =
        path ? connector::percent_encode_path(text) : connector::percent_encode(text);
    const auto back = connector::percent_decode(encoded);
    if (!back || *back != text) return "what was encoded does not decode to itself";
    for (const char c : encoded) {
      if (!is_encoded_byte(c) && !(path && c == '/')) return "a reserved byte stayed";
    }
  }
  const auto decoded = connector::percent_decode(text);
  if (decoded && decoded->size() > text.size()) return "decoding made more of it";
  return {};
}

}  // namespace

target percent() {
  return {"Percent",
          run_percent,
          {"a%20b%2Fc", "%", "%2", "%zz", "%%41", "arn:aws:lambda:us-east-1:1:function:f",
           "caf\xc3\xa9"},
          {"%", "%2", "%25", "%2f", "%00", "/", "+", "~", "\xff"}};
}

}  // namespace fuzz
