#include "worker/feel/character_set.h"

#include <fmt/format.h>

#include <utility>

namespace worker::feel {

std::string escaped(char32_t code) {
  const bool plain =
      (code >= '0' && code <= '9') || (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z');
  if (plain) return {static_cast<char>(code)};
  return fmt::format("\\x{{{:X}}}", static_cast<unsigned>(code));
}

character_set character_set::of_items(std::string items) {
  character_set set;
  set.items_ = std::move(items);
  return set;
}

character_set character_set::any() {
  character_set set;
  set.listed_ = false;
  set.whole_ = "(?s:.)";
  return set;
}

character_set character_set::united(const character_set& other) const {
  if (listed_ && other.listed_) return of_items(items_ + other.items_);
  character_set set;
  set.listed_ = false;
  set.whole_ = "(?:" + pattern() + "|" + other.pattern() + ")";
  return set;
}

character_set character_set::cut_with(const character_set& other) const {
  character_set set;
  set.listed_ = false;
  set.whole_ = "(?:(?=" + pattern() + ")" + other.pattern() + ")";
  return set;
}

character_set character_set::negated() const {
  character_set set;
  set.listed_ = false;
  set.whole_ = listed_ ? "[^" + items_ + "]" : "(?:(?!" + whole_ + ")(?s:.))";
  return set;
}

character_set character_set::caseless() const {
  character_set set;
  set.listed_ = false;
  set.whole_ = "(?i:" + pattern() + ")";
  return set;
}

std::string character_set::pattern() const { return listed_ ? "[" + items_ + "]" : whole_; }

}  // namespace worker::feel
