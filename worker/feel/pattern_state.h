// What the parts of the translator of Java's regular expressions share: where they read, which
// flags are on, and whether the pattern was refused. Lives for one translation.
#pragma once

#include "worker/feel/java_pattern.h"
#include "worker/feel/pattern_reader.h"

namespace worker::feel {

inline constexpr int max_pattern_depth = 100;  // of groups and sets in each other

struct all_pattern_flags : pattern_flags {
  bool unicode_case = false;     // u
  bool unicode_classes = false;  // U
  bool unix_lines = false;       // d
};

struct pattern_state {
  pattern_reader in;
  all_pattern_flags flags;
  int depth = 0;
  bool refused = false;

  // Reading is over then: the reader is at its end.
  void refuse() {
    refused = true;
    in.go_to_end();
  }
  bool refuse_unless(bool good) {
    if (!good) refuse();
    return good;
  }
  void skip_comments() {
    if (flags.comments) in.skip_comments(flags.unix_lines);
  }
};

inline bool is_ascii_letter(char32_t c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
inline char32_t other_case(char32_t ascii_letter) { return ascii_letter ^ 0x20U; }

}  // namespace worker::feel
