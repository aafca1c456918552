// While this lives, the word MARKED-SECRET is a secret for all text that gets shortened.
#pragma once

#include <string>
#include <string_view>

#include "connector/base/shortened.h"
#include "connector/base/utf8.h"

namespace connector {

class hidden_word {
 public:
  static constexpr std::string_view word = "MARKED-SECRET";

  hidden_word() {
    set_front_masker([](std::string_view text, std::size_t most) {
      std::string all(text);
      for (auto at = all.find(word); at != std::string::npos; at = all.find(word, at)) {
        all.replace(at, word.size(), "***");
      }
      return std::string(cut_utf8(all, most));
    });
  }
  hidden_word(const hidden_word&) = delete;
  hidden_word& operator=(const hidden_word&) = delete;
  ~hidden_word() { set_front_masker({}); }

  // `size` bytes of text in all, whose end lies inside the word, and more text after it.
  static std::string across(std::size_t size) {
    return std::string(size - 8, 'x').append(word).append(" and more");
  }
};

}  // namespace connector
