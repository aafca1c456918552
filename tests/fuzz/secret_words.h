// Seeds and words for what reads references to secrets. Plain values.
#pragma once

#include <string>
#include <vector>

namespace fuzz {

inline std::vector<std::string> secret_seeds() {
  return {"{{secrets.A}}",
          "secrets.A",
          "x{{ secrets.A }}y{{secrets.NESTED}}z",
          "{{secrets.{{secrets.A}}}}",
          "{{{secrets.A}}}",
          "{{secrets.}} {{secrets.MISSING}} {{secrets.UNLISTED}}",
          R"({"a":"{{secrets.A}}","b":["secrets.A",1.10,"\u007b{secrets.QUOTES}}"]})",
          R"("{\"inner\":\"{{secrets.QUOTES}}\"}")",
          R"({"a":"\ud800{{secrets.A}}"})",
          "{{secrets.red/A}} {{secrets.blue/A}} {{secrets.../red/A}}",
          "A, NESTED ,,QUOTES",
          R"(payload.items[0].token:A, payload["a.b"][*]:QUOTES,NESTED)",
          R"(payload["\u002e\""][12].x)"};
}

inline std::vector<std::string> secret_words() {
  return {"{{",      "}}",       "{{secrets.", "secrets.", "A",       "NESTED",    "QUOTES",
          "MISSING", " ",        "\"",         "\\\"",     "\\u007b", "\\u0073",   ",",
          ":",       "{",        "}",          "[",        "]",       "{\"a\":\"", "\"}",
          "\\",      "\n",       "/",          ".",        "-",       "\\ud800",   "null",
          "\xff",    "payload.", "[0]",        "[*]",      "[\"",     "red/",      "../"};
}

}  // namespace fuzz
