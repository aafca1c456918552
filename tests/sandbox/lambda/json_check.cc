#include "tests/sandbox/lambda/json_check.h"

#include <cstddef>
#include <string>

namespace sandbox {

namespace {

class scanner {
 public:
  explicit scanner(std::string_view text) : text_(text) {}

  bool whole_value() {
    for (;;) {
      if (!begin_value()) return false;
      if (opened_) continue;
      // A value is over: close what it ends, or step to the next one.
      for (;;) {
        skip_space();
        if (open_.empty()) return at_ == text_.size();
        if (take(',')) {
          if (open_.back() == '{' && !key()) return false;
          break;
        }
        if (!take(open_.back() == '{' ? '}' : ']')) return false;
        open_.pop_back();
      }
    }
  }

 private:
  bool take(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }

  bool take(std::string_view word) {
    if (text_.substr(at_, word.size()) != word) return false;
    at_ += word.size();
    return true;
  }

  void skip_space() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n' || text_[at_] == '\r')) {
      ++at_;
    }
  }

  // A scalar, an empty container, or the opening of one (then `opened_`).
  bool begin_value() {
    opened_ = false;
    skip_space();
    if (take('{')) {
      skip_space();
      if (take('}')) return true;
      open_ += '{';
      opened_ = true;
      return key();
    }
    if (take('[')) {
      skip_space();
      if (take(']')) return true;
      open_ += '[';
      opened_ = true;
      return true;
    }
    if (at_ < text_.size() && text_[at_] == '"') return string();
    return take("true") || take("false") || take("null") || number();
  }

  bool key() {
    skip_space();
    if (!string()) return false;
    skip_space();
    return take(':');
  }

  bool string() {
    if (!take('"')) return false;
    while (at_ < text_.size()) {
      const char c = text_[at_++];
      if (c == '"') return true;
      if (static_cast<unsigned char>(c) < 0x20) return false;
      if (c == '\\' && !escape()) return false;
    }
    return false;
  }

  bool escape() {
    if (at_ == text_.size()) return false;
    const char c = text_[at_++];
    if (c != 'u') return std::string_view("\"\\/bfnrt").find(c) != std::string_view::npos;
    for (int i = 0; i < 4; ++i, ++at_) {
      constexpr std::string_view digits = "0123456789abcdefABCDEF";
      if (at_ == text_.size() || digits.find(text_[at_]) == std::string_view::npos) return false;
    }
    return true;
  }

  bool digits() {
    const std::size_t start = at_;
    while (at_ < text_.size() && text_[at_] >= '0' && text_[at_] <= '9') ++at_;
    return at_ > start;
  }

  bool number() {
    take('-');
    if (!take('0') && !digits()) return false;
    if (take('.') && !digits()) return false;
    if (take('e') || take('E')) {
      if (!take('+')) take('-');
      return digits();
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string open_;
  bool opened_ = false;
};

}  // namespace

bool is_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const auto byte = [&](std::size_t at) {
      return at < text.size() ? static_cast<unsigned char>(text[at]) : 0U;
    };
    const unsigned first = byte(i);
    if (first < 0x80) {
      ++i;
      continue;
    }
    const std::size_t more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
    if (first < 0xC2 || first > 0xF4) return false;
    unsigned value = first & (0x3FU >> more);
    for (std::size_t k = 1; k <= more; ++k) {
      if ((byte(i + k) & 0xC0) != 0x80) return false;
      value = value << 6 | (byte(i + k) & 0x3F);
    }
    if ((more == 2 && value < 0x800) || (more == 3 && (value < 0x10000 || value > 0x10FFFF)) ||
        (value >= 0xD800 && value <= 0xDFFF)) {
      return false;
    }
    i += more + 1;
  }
  return true;
}

bool is_json(std::string_view text) { return scanner(text).whole_value() && is_utf8(text); }

}  // namespace sandbox
