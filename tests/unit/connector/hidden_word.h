// While this lives, the word MARKED-SECRET is a secret for all text that gets shortened.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

#include "connector/base/shortened.h"
#include "connector/base/utf8.h"

namespace connector {

class hidden_word {
 public:
  static constexpr std::string_view word = "MARKED-SECRET";

  hidden_word() {
    set_front_cutter([](std::string_view text, std::size_t most) {
      auto end = cut_utf8(text, most).size();
      for (auto at = text.find(word); at < end; at = text.find(word, at + word.size())) {
        end = std::max(end, at + word.size());
      }
      return std::string(text.substr(0, end));
    });
  }
  hidden_word(const hidden_word&) = delete;
  hidden_word& operator=(const hidden_word&) = delete;
  ~hidden_word() { set_front_cutter({}); }

  // `size` bytes whose end lies inside the word, and more text after it.
  static std::string across(std::size_t size) { return cut(size).append(" and more"); }
  // What is left of that when it is cut to `size` bytes and the word stays whole.
  static std::string cut(std::size_t size) { return std::string(size - 8, 'x').append(word); }
};

}  // namespace connector
