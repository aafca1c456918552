// Seeds and words for everything that reads JSON. Plain values.
#pragma once

#include <string>
#include <vector>

namespace fuzz {

inline std::vector<std::string> json_seeds() {
  return {
      R"({"a":1,"b":[true,false,null],"c":{"d":"e"}})",
      R"([12345678901234567890,1.10,1e400,-0,-9223372036854775809,18446744073709551616])",
      R"({"a":1,"a":2,"\u0061":3})",
      "{\"text\":\"\\u0000\\ud83d\\ude00\\ud800\\n\\\"\\\\\\/ caf\xc3\xa9 \xf0\x9f\x98\x80\"}",
      R"( { "blank" : [ ] , "empty" : { } , "" : "" } )",
      "\"\\ud800\"",
      std::string("\"\"\r\0\\\"\"{\"\"\"", 11),
      "[[[[[[[[[[]]]]]]]]]]",
      "{\"a\":{\"a\":{\"a\":{\"a\":0}}}}",
      "\"\xed\xa0\x80\"",
      "\"\xc0\xaf\"",
      "\xef\xbb\xbf{}",
      "-",
      "0",
      "",
  };
}

inline std::vector<std::string> json_words() {
  return {"{",       "}",       "[",    "]",        "\"",    ":",    ",",      "\\u",  "\\",
          "true",    "false",   "null", "0",        "-1",    "1e5",  ".5",     "01",   "\\ud800",
          "\\udc00", "\\u0022", "\t",   "\n",       " ",     "\x01", "\x7f",   "\xff", "\xc3",
          "{\"a\":", "[[",      "]]",   "\"a\":1,", "1e999", "-0",   "\"\":{}"};
}

}  // namespace fuzz
