#include "worker/feel/distinct.h"

#include <cstddef>
#include <map>

#include "worker/feel/comparison.h"

namespace worker::feel {

namespace {

struct by_order {
  bool operator()(const value& left, const value& right) const {
    return order(left, right) == std::strong_ordering::less;
  }
};

struct group {
  std::size_t first = 0;
  std::size_t count = 0;
};

// Groups of equal items, by their first. Numbers and strings are found in a tree; all other kinds
// are few or have no order that agrees with `=`, and are looked through.
class groups {
 public:
  groups(const std::vector<value>& all, work& counted) : all_(all), counted_(counted) {
    for (std::size_t at = 0; at < all.size(); ++at) {
      // A text is compared with some others on the way down its tree.
      if (!counted_.spend(1 + 20 * steps_of(all[at]))) return;
      const auto group = group_of(at);
      if (group >= all_groups_.size()) return;  // a limit is reached
      ++all_groups_[group].count;
    }
  }
  const std::vector<group>& found() const { return all_groups_; }

 private:
  std::size_t group_of(std::size_t at) {
    const auto& item = all_[at];
    if (item.is(kind::number) || item.is(kind::string)) {
      auto& tree = item.is(kind::number) ? numbers_ : strings_;
      const auto place = tree.lower_bound(item);
      if (place != tree.end() && !by_order()(item, place->first)) return place->second;
      if (counted_.spend_bytes(bytes_of_place<places>)) {
        tree.emplace_hint(place, item, all_groups_.size());
      }
      return add_group(at);
    }
    for (const auto candidate : others_) {
      if (!counted_.spend(1)) return candidate;
      if (equal(all_[all_groups_[candidate].first], item, counted_).value_or(false)) {
        return candidate;
      }
    }
    if (counted_.grow(others_, 1)) others_.push_back(all_groups_.size());
    return add_group(at);
  }

  std::size_t add_group(std::size_t first) {
    if (!counted_.grow(all_groups_, 1)) return 0;
    all_groups_.push_back({first, 0});
    return all_groups_.size() - 1;
  }

  using places = std::map<value, std::size_t, by_order>;

  const std::vector<value>& all_;
  work& counted_;
  std::vector<group> all_groups_;
  places numbers_;
  places strings_;
  std::vector<std::size_t> others_;
};

std::vector<value> items_that_are_there(std::size_t least, const std::vector<value>& all,
                                        work& counted) {
  const groups grouped(all, counted);
  std::vector<value> out;
  for (const auto& each : grouped.found()) {
    if (each.count < least) continue;
    if (!counted.grow(out, 1)) break;
    out.push_back(all[each.first]);
  }
  return out;
}

}  // namespace

std::vector<value> distinct_items(const std::vector<value>& all, work& counted) {
  return items_that_are_there(1, all, counted);
}

std::vector<value> duplicate_items(const std::vector<value>& all, work& counted) {
  return items_that_are_there(2, all, counted);
}

}  // namespace worker::feel
