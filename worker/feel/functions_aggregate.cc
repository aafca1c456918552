// The part of the family "list" that makes one value of many: sums, means, the smallest.
#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "worker/feel/comparison.h"
#include "worker/feel/function_table.h"

namespace worker::feel {

namespace {

using items = std::vector<value>;

// The first of those that no other is before.
value extreme(call& of, bool largest) {
  if (!of.is(0, kind::list)) return of.no_match();
  const auto& all = of[0].items();
  if (all.empty()) return {};
  if (!of.spend(all.size())) return {};
  if (!is_ordered(of[0], of)) return of.null_because("the items cannot be compared");
  const auto* best = &all.front();
  for (const auto& item : all) {
    if (!of.spend(steps_of(item, *best))) return {};
    const auto compared = order(item, *best);
    if (!compared && all.size() > 1) return of.fail("lists have no order");
    if (compared && (largest ? *compared > 0 : *compared < 0)) best = &item;
  }
  return *best;
}

value min(call& of) { return extreme(of, false); }
value max(call& of) { return extreme(of, true); }

// `use` of the items, when all are numbers; `empty` for no items.
template <class Use>
value with_numbers(call& of, Use use, value empty = {}) {
  if (!of.is(0, kind::list)) return of.no_match();
  const auto& all = of[0].items();
  if (all.empty()) return empty;
  if (!of.spend(all.size())) return {};
  for (const auto& item : all) {
    if (!item.is(kind::number)) return of.null_because("an item of the list is no number");
  }
  return use(all);
}

number total(const items& all) {
  auto sum = all.front().as_number();
  for (std::size_t at = 1; at < all.size(); ++at) sum = sum + all[at].as_number();
  return sum;
}

number size_of(const items& all) { return number(static_cast<std::int64_t>(all.size())); }

value sum(call& of) {
  return with_numbers(of, [](const items& all) { return value(total(all)); });
}

value product(call& of) {
  return with_numbers(of, [](const items& all) {
    auto result = all.front().as_number();
    for (std::size_t at = 1; at < all.size(); ++at) result = result * all[at].as_number();
    return value(result);
  });
}

value mean(call& of) {
  return with_numbers(of, [](const items& all) { return value(total(all) / size_of(all)); });
}

value median(call& of) {
  return with_numbers(of, [&of](const items& from) {
    if (!of.spend(steps_of_sorting(from.size()))) return value();
    // Sorting takes as much room again.
    if (!of.spend_bytes(2 * from.size() * sizeof(number))) return value();
    std::vector<number> all;
    all.reserve(from.size());
    for (const auto& each : from) all.push_back(each.as_number());
    std::stable_sort(all.begin(), all.end(),
                     [](const number& a, const number& b) { return (a <=> b) < 0; });
    const auto middle = all.size() / 2;
    if (all.size() % 2 == 1) return value(all[middle]);
    return value((all[middle - 1] + all[middle]) / number(2));
  });
}

value stddev(call& of) {
  return with_numbers(of, [&of](const items& all) {
    if (all.size() == 1) return of.fail("stddev: one number has no deviation");
    const auto middle = total(all) / size_of(all);
    number squares;
    for (const auto& each : all) {
      const auto distance = each.as_number() - middle;
      squares = squares + distance * distance;
    }
    const auto variance = squares / (size_of(all) - number(1));
    const auto result = number::from_double(std::sqrt(variance.to_double()));
    return result ? value(*result) : of.fail("stddev: the result is no number");
  });
}

value mode(call& of) {
  return with_numbers(
      of,
      [&of](const items& all) {
        if (!of.spend(steps_of_sorting(all.size()))) return value();
        const auto before = [](const number& a, const number& b) { return (a <=> b) < 0; };
        using counted_numbers = std::map<number, std::size_t, decltype(before)>;
        if (!of.spend_bytes(all.size() * bytes_of_place<counted_numbers>)) return value();
        counted_numbers counts(before);
        std::size_t most = 0;
        for (const auto& each : all) most = std::max(most, ++counts[each.as_number()]);
        items modes;
        for (const auto& [each, count] : counts) {
          if (count == most && of.grow(modes, 1)) modes.emplace_back(each);
        }
        return of.list(std::move(modes));
      },
      value(items()));
}

// Three-valued: what is no boolean counts as null.
value junction(call& of, bool ends_with) {
  if (!of.is(0, kind::list)) return of.no_match();
  value so_far(!ends_with);
  for (const auto& item : of[0].items()) {
    if (!of.spend(1)) return {};
    const bool boolean = item.is(kind::boolean);
    if (boolean && item.as_boolean() == ends_with) return item;
    if (!boolean) so_far = value();
  }
  return so_far;
}

value all(call& of) { return junction(of, false); }
value any(call& of) { return junction(of, true); }

constexpr std::array aggregate_table{
    function_row{"min", {"list"}, min, "The smallest item.", true},
    function_row{"max", {"list"}, max, "The largest item.", true},
    function_row{"sum", {"list"}, sum, "The sum of numbers; null for none.", true},
    function_row{"product", {"list"}, product, "The product of numbers.", true},
    function_row{"mean", {"list"}, mean, "Their sum by their count.", true},
    function_row{"median", {"list"}, median, "The number in the middle.", true},
    function_row{"stddev", {"list"}, stddev, "The standard deviation of a sample.", true},
    function_row{"mode", {"list"}, mode, "The numbers that are there most often.", true},
    function_row{"all", {"list"}, all, "Whether all booleans are true.", true},
    function_row{"and", {"list"}, all, "The same.", true},
    function_row{"any", {"list"}, any, "Whether one of the booleans is true.", true},
    function_row{"or", {"list"}, any, "The same.", true},
};

}  // namespace

std::span<const function_row> aggregate_functions() { return aggregate_table; }

}  // namespace worker::feel
