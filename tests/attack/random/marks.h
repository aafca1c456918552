// The secrets of a run, each with a mark of its own that appears nowhere else, and the spellings in
// which the programs of functions would write them. What must not show a secret is searched for its
// mark, and for its base64 forms, which hide the mark. Plain values.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "tests/attack/random/dice.h"

namespace attack {

struct secret {
  std::string name;   // SECRET_<name> in the worker's environment
  std::string value;  // with characters that need escaping somewhere
  std::string mark;   // letters and digits in its middle
};

std::vector<secret> secrets_of(std::uint64_t seed);

// One of the spellings of contract's kinds: raw, JSON of several languages (once or twice), URL
// encoders, base64 writers.
std::string spelled(dice& from, const std::string& value);
// The text as a JSON string's inside, so that a spelling can stand in a document.
std::string json_inside(std::string_view text);

// The secrets that a text shows: their names, and the text around the first place.
struct sight {
  std::string name;
  std::string around;
};
std::vector<sight> seen_in(std::string_view text, const std::vector<secret>& all);

}  // namespace attack
