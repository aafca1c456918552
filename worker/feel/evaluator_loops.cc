// for, some, every and the numbers between two.
#include <utility>

#include "worker/feel/evaluator.h"

namespace worker::feel {

// The lists of all iterators; nothing when one is no list.
std::optional<std::vector<value>> evaluator::iterated(const syntax& expression, const frame* in) {
  std::vector<value> lists;
  bool all = true;
  for (std::size_t at = 0; at < expression.names.size(); ++at) {
    lists.push_back(eval(*expression.parts[at], in));
    if (lists.back().is(kind::list)) continue;
    all = false;
    if (wants_warnings()) {
      warn(expression.parts[at]->offset, "'" + expression.names[at] +
                                             "' iterates over no list but " +
                                             std::string(name_of(lists.back().type())));
    }
  }
  if (!all || stopped()) return std::nullopt;
  return lists;
}

namespace {

// Goes through all combinations; the last iterator is the fastest.
class combinations {
 public:
  combinations(const std::vector<value>& lists, std::span<value> current)
      : lists_(lists), current_(current), positions_(lists.size(), 0) {}

  // False when there are no more.
  bool next() {
    if (!started_) {
      started_ = true;
      for (std::size_t at = 0; at < lists_.size(); ++at) {
        if (lists_[at].items().empty()) return false;
        current_[at] = lists_[at].items()[0];
      }
      return true;
    }
    for (std::size_t at = lists_.size(); at-- > 0;) {
      const auto& items = lists_[at].items();
      const bool wraps = ++positions_[at] == items.size();
      if (wraps) positions_[at] = 0;
      current_[at] = items[positions_[at]];
      if (!wraps) return true;
    }
    return false;
  }

 private:
  const std::vector<value>& lists_;
  std::span<value> current_;
  std::vector<std::size_t> positions_;
  bool started_ = false;
};

}  // namespace

value evaluator::for_each(const syntax& expression, const frame* in) {
  const auto lists = iterated(expression, in);
  if (!lists) return {};
  const auto count = lists->size();
  std::vector<std::string_view> names(expression.names.begin(), expression.names.end());
  names.emplace_back("partial");
  std::vector<value> current(count + 1);
  frame inside;
  inside.outer = in;
  inside.names = std::span(names).first(expression.uses_partial ? count + 1 : count);
  combinations all(*lists, std::span(current).first(count));
  std::vector<value> results;
  while (all.next()) {
    if (!spend(1) || !grow(results, 1)) return {};
    if (expression.uses_partial) {
      if (!spend_items(results.size())) return {};
      current[count] = checked(value(results));
    }
    inside.values = std::span(current).first(inside.names.size());
    auto made = eval(*expression.parts.back(), &inside);
    if (stopped()) return {};
    results.push_back(made.failed() ? value() : std::move(made));
  }
  return checked(value(std::move(results)));
}

value evaluator::quantified(const syntax& expression, const frame* in) {
  const auto lists = iterated(expression, in);
  if (!lists) return {};
  const bool ends_with = expression.operation == op::some;
  const std::vector<std::string_view> names(expression.names.begin(), expression.names.end());
  std::vector<value> current(lists->size());
  frame inside;
  inside.outer = in;
  inside.names = names;
  inside.values = current;
  combinations all(*lists, current);
  value so_far(!ends_with);
  while (all.next()) {
    if (!spend(1)) return {};
    join(so_far, eval(*expression.parts.back(), &inside), ends_with, expression);
    if (so_far.is(kind::fatal)) break;
    if (so_far.is(kind::boolean) && so_far.as_boolean() == ends_with) break;
  }
  return so_far;
}

value evaluator::steps(const syntax& expression, const frame* in) {
  const auto low = eval(*expression.parts[0], in);
  const auto high = eval(*expression.parts[1], in);
  if (low.failed()) return low;
  if (high.failed()) return high;
  if (!low.is(kind::number) || !high.is(kind::number)) {
    return error(expression, "the ends of the iteration are no numbers");
  }
  const auto last = high.as_number();
  auto next = low.as_number();
  const bool up = next < last;
  const number step(up ? 1 : -1);
  std::vector<value> numbers;
  while (up ? next <= last : next >= last) {
    if (!spend(1) || !grow(numbers, 1)) return {};
    numbers.emplace_back(next);
    next = next + step;
  }
  return value(std::move(numbers));
}

}  // namespace worker::feel
