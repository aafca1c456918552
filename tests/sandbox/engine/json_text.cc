#include "tests/sandbox/engine/json_text.h"

#include <cstdint>
#include <utility>

#include "tests/sandbox/engine/json_strings.h"

namespace sandbox::engine {
namespace {

constexpr std::size_t longest_name = 50000;

// Of a text between quotes; an escape counts as one.
std::size_t characters(std::string_view text) {
  if (text.size() <= longest_name) return text.size();
  std::size_t count = 0;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if ((static_cast<unsigned char>(text[at]) & 0xC0) == 0x80) continue;
    ++count;
    if (text[at] != '\\') continue;
    ++at;
    if (text[at] == 'u') at += 4;
  }
  return count;
}

// One iterative pass over the first value of the text.
class scanner {
 public:
  explicit scanner(std::string_view text) : text_(text) {}

  document run() {
    skip_blanks();
    if (at_ == text_.size()) return std::move(result_);
    const char first = text_[at_];
    while (result_.problem.empty() && step()) {
    }
    if (!result_.problem.empty()) {
      result_.members.clear();
    } else if (first != '{' && first != 'n') {
      result_.problem = std::string("Expected document to be a root level object, but was '") +
                        root_name(first) + "'";
    }
    return std::move(result_);
  }

 private:
  enum class expect : std::uint8_t { value, first_item, first_name, name, after_value };

  const char* root_name(char first) const {
    if (first == '[') return "ARRAY";
    if (first == '"') return "STRING";
    if (first == 't' || first == 'f') return "BOOLEAN";
    return text_.substr(0, at_).find_first_of(".eE") == std::string_view::npos ? "INTEGER"
                                                                               : "FLOAT";
  }

  bool fail(const char* reason) {
    result_.problem = "Invalid JSON value: " + std::string(reason) + " at " + std::to_string(at_);
    return false;
  }

  void skip_blanks() {
    while (at_ < text_.size() &&
           (text_[at_] == ' ' || text_[at_] == '\n' || text_[at_] == '\r' || text_[at_] == '\t')) {
      ++at_;
    }
  }

  // False when the value is over or wrong.
  bool step() {
    skip_blanks();
    if (at_ == text_.size()) return fail("end of text");
    const char c = text_[at_];
    switch (expect_) {
      case expect::first_item:
        if (c == ']') return close();
        return value(c);
      case expect::value:
        return value(c);
      case expect::first_name:
        if (c == '}') return close();
        return name(c);
      case expect::name:
        return name(c);
      case expect::after_value:
        if (c == ',') {
          ++at_;
          expect_ = open_.back() == '{' ? expect::name : expect::value;
          return true;
        }
        if (c == (open_.back() == '{' ? '}' : ']')) return close();
        return fail("expected a comma or an end");
    }
    return false;
  }

  bool value(char c) {
    if (open_.size() == 1 && open_[0] == '{') value_from_ = at_;
    if (c == '{' || c == '[') {
      ++at_;
      open_.push_back(c);
      if (open_.size() > result_.depth) result_.depth = open_.size();
      expect_ = c == '{' ? expect::first_name : expect::first_item;
      return true;
    }
    bool good;
    if (c == '"') {
      good = string();
    } else if (c == '-' || is_digit(c)) {
      good = number();
    } else {
      good = word("true") || word("false") || word("null") || fail("not a value");
    }
    return good && ended();
  }

  bool word(std::string_view w) {
    if (text_.substr(at_, w.size()) != w) return false;
    at_ += w.size();
    return true;
  }

  bool close() {
    ++at_;
    open_.pop_back();
    return ended();
  }

  bool ended() {
    if (open_.empty()) return false;
    if (open_.size() == 1 && open_[0] == '{') {
      result_.members.push_back({unescaped(name_.substr(1, name_.size() - 2)), name_,
                                 text_.substr(value_from_, at_ - value_from_)});
    }
    expect_ = expect::after_value;
    return true;
  }

  bool name(char c) {
    if (c != '"') return fail("expected a name");
    const std::size_t from = at_;
    if (!string()) return false;
    if (characters(text_.substr(from + 1, at_ - from - 2)) > longest_name) {
      result_.problem = "Failed to convert JSON to MessagePack";
      result_.name_too_long = true;
      return false;
    }
    if (open_.size() == 1) name_ = text_.substr(from, at_ - from);
    skip_blanks();
    if (at_ == text_.size() || text_[at_] != ':') return fail("expected a colon");
    ++at_;
    expect_ = expect::value;
    return true;
  }

  bool string() {
    for (++at_; at_ < text_.size(); ++at_) {
      const char c = text_[at_];
      if (c == '"') {
        ++at_;
        return true;
      }
      if (static_cast<unsigned char>(c) < 0x20) return fail("control character");
      if (c != '\\') continue;
      ++at_;
      if (at_ == text_.size()) break;
      if (text_[at_] == 'u') {
        if (!hex4(text_.substr(at_ + 1))) return fail("bad escape");
        at_ += 4;
      } else if (std::string_view("\"\\/bfnrt").find(text_[at_]) == std::string_view::npos) {
        return fail("bad escape");
      }
    }
    return fail("open string");
  }

  bool digits() {
    const std::size_t from = at_;
    while (at_ < text_.size() && is_digit(text_[at_])) ++at_;
    return at_ > from;
  }

  bool number() {
    const std::size_t from = at_;
    const bool negative = text_[at_] == '-';
    if (negative) ++at_;
    const std::size_t first = at_;
    if (!digits()) return fail("bad number");
    if (text_[first] == '0' && at_ - first > 1) return fail("leading zero");
    bool integer = true;
    if (at_ < text_.size() && text_[at_] == '.') {
      integer = false;
      ++at_;
      if (!digits()) return fail("bad number");
    }
    if (at_ < text_.size() && (text_[at_] == 'e' || text_[at_] == 'E')) {
      integer = false;
      ++at_;
      if (at_ < text_.size() && (text_[at_] == '+' || text_[at_] == '-')) ++at_;
      if (!digits()) return fail("bad number");
    }
    if (!integer) return true;
    const std::string_view limit = negative ? "9223372036854775808" : "18446744073709551615";
    const std::string_view magnitude = text_.substr(first, at_ - first);
    if (magnitude.size() > limit.size() ||
        (magnitude.size() == limit.size() && magnitude > limit)) {
      at_ = from;
      return fail("integer out of range");
    }
    return true;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  expect expect_ = expect::value;
  std::string open_;  // the brackets around the place we are at
  std::string_view name_;
  std::size_t value_from_ = 0;
  document result_;
};

}  // namespace

document read_document(std::string_view text) { return scanner(text).run(); }

}  // namespace sandbox::engine
