#include "worker/feel/pattern_set.h"

#include <algorithm>
#include <optional>
#include <string>

#include "worker/feel/pattern_escape.h"

namespace worker::feel {
namespace {

class set_reader {
 public:
  explicit set_reader(pattern_state& state) : state_(state), in_(state.in) {}

  // Behind '[', or with `closed` false behind '&&', where the ']' is left for the set around.
  character_set read(bool closed) {
    if (!state_.refuse_unless(++state_.depth <= max_pattern_depth)) return character_set::any();
    skip();
    const bool negative = closed && in_.take('^');
    std::optional<character_set> all;
    int cuts = 0;
    for (skip(); !in_.at_end() && !(in_.sees(']') && all); skip()) {
      if (in_.take('[')) {
        unite(all, read(true));
      } else if (in_.sees('&') && in_.sees_behind(1, '&')) {
        // Each one stands in the next.
        if (!state_.refuse_unless(++cuts <= max_pattern_depth)) return character_set::any();
        cut(all);
      } else {
        unite(all, range());
      }
    }
    --state_.depth;
    const bool ended = closed ? in_.take(']') : in_.sees(']');
    if (!state_.refuse_unless(ended) || !all) return character_set::any();
    return negative ? all->negated() : *all;
  }

 private:
  void skip() { state_.skip_comments(); }

  static void unite(std::optional<character_set>& all, const character_set& more) {
    if (all) {
      all->add(more);
    } else {
      all = more;
    }
  }

  void cut(std::optional<character_set>& left) {
    in_.next();
    in_.next();
    std::optional<character_set> right;
    for (skip(); !in_.at_end() && !in_.sees(']') && !in_.sees('&'); skip()) {
      const bool nested = in_.take('[');
      unite(right, read(nested));
    }
    if (!state_.refuse_unless(left || right)) return;
    if (left && right) {
      left = left->cut_with(*right);
    } else if (right) {
      left = right;
    }
  }

  // One character, a range, or a set with a name.
  character_set range() {
    const pattern_escape first = character();
    if (first.set) return *first.set;
    skip();
    if (!in_.sees('-') || in_.sees_behind(1, '[') || in_.sees_behind(1, ']')) {
      return characters(first.code, first.code);
    }
    in_.next();
    skip();
    if (!state_.refuse_unless(!in_.at_end())) return character_set::any();
    const pattern_escape last = character();
    if (!state_.refuse_unless(!last.set && last.code >= first.code)) return character_set::any();
    return characters(first.code, last.code);
  }

  pattern_escape character() {
    const pattern_character one = in_.next();
    if (one.code == '\\' && !one.quoted) return read_escape(state_);
    return {one.code, {}};
  }

  [[nodiscard]] character_set characters(char32_t from, char32_t to) const {
    std::string items = escaped(from);
    if (to != from) items += "-" + escaped(to);
    if (state_.flags.caseless && !state_.flags.unicode_case) {
      for (const char32_t a : {U'a', U'A'}) {
        const char32_t first = std::max(from, a);
        const char32_t last = std::min<char32_t>(to, a + 25);
        if (first <= last) items += escaped(other_case(first)) + "-" + escaped(other_case(last));
      }
    }
    return character_set::of_items(items);
  }

  pattern_state& state_;
  pattern_reader& in_;
};

}  // namespace

character_set read_set(pattern_state& state) { return set_reader(state).read(true); }

}  // namespace worker::feel
