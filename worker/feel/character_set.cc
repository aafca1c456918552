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

character_set character_set::of_pattern(std::string one) {
  character_set set;
  set.others_ = std::move(one);
  set.count_of_others_ = 1;
  return set;
}

character_set character_set::any() { return of_pattern("(?s:.)"); }

void character_set::add(const character_set& more) {
  items_ += more.items_;
  if (more.others_.empty()) return;
  if (!others_.empty()) others_ += '|';
  others_ += more.others_;
  count_of_others_ += more.count_of_others_;
}

character_set character_set::cut_with(const character_set& other) const {
  return of_pattern("(?:(?=" + pattern() + ")" + other.pattern() + ")");
}

character_set character_set::negated() const {
  return of_pattern(others_.empty() ? "[^" + items_ + "]" : "(?:(?!" + pattern() + ")(?s:.))");
}

character_set character_set::caseless() const { return of_pattern("(?i:" + pattern() + ")"); }

std::string character_set::pattern() const {
  if (others_.empty()) return "[" + items_ + "]";
  if (!items_.empty()) return "(?:[" + items_ + "]|" + others_ + ")";
  return count_of_others_ == 1 ? others_ : "(?:" + others_ + ")";
}

}  // namespace worker::feel
