// Walks over JSON text value by value, for the functions of json_scan.h. Iterative: the levels that
// are open are kept in a list of their closing brackets, so nested text cannot use up the stack.
// One object a text; one thread.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>

#include "connector/base/ascii.h"
#include "connector/base/json_scan.h"

namespace connector::json {

// `at` moves; `wrong` is set at the first fault.
class json_scanner {
 public:
  json_scanner(std::string_view text, const limits& limits) : text_(text), limits_(limits) {}

  std::size_t at = 0;
  std::optional<problem> wrong;

  void skip_blanks() {
    while (at < text_.size() && ascii::is_blank(text_[at])) ++at;
  }

  bool fail(std::string_view reason) {
    wrong = problem{at, reason};
    return false;
  }

  [[nodiscard]] bool ended() const { return at >= text_.size(); }
  [[nodiscard]] char peek() const { return text_[at]; }

  bool expect(char c, std::string_view reason) {
    if (ended() || text_[at] != c) return fail(reason);
    ++at;
    return true;
  }

  // A string token, its opening quote at `at`.
  bool skip_string();

  // One whole value. `outer` counts the levels around it.
  bool skip_value(std::size_t outer);

  bool skip_name();

 private:
  bool skip_escape();
  bool skip_scalar(char c);
  bool skip_word(std::string_view word);
  std::size_t skip_digits();
  bool skip_number();
  static bool fits(std::string_view digits, bool negative);

  std::string_view text_;
  limits limits_;
};

}  // namespace connector::json
