// What the engine needs to know of a JSON document: would it be taken, how deep is it, where do its
// variables lie. Its own code, so that it can disagree with the worker's. Pure functions; views
// point into the text given.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox::engine {

struct member {
  std::string name;        // escapes resolved
  std::string_view token;  // the name as written, quotes included
  std::string_view value;  // raw text
};

// One document as a command brings it. The rules are a broker's: an empty text, blanks and `null`
// count as the empty object; what follows the first value is ignored; numbers beyond doubles and
// lone surrogates pass; NaN, unescaped control characters and integers outside -2^63 .. 2^64-1 do
// not.
struct document {
  std::string problem;         // empty: it is taken
  bool name_too_long = false;  // the reader of the gateway stops there, which is an INTERNAL error
  std::size_t depth = 0;
  std::vector<member> members;
};
document read_document(std::string_view text);

// {"a":1,"b":2} of raw texts: `tokens` are names with their quotes.
class object_writer {
 public:
  void add(std::string_view token, std::string_view value);
  std::string finish() &&;

 private:
  std::string text_ = "{";
};

std::string quoted_name(std::string_view name);

}  // namespace sandbox::engine
