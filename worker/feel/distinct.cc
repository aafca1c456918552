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
      ++all_groups_[group_of(at)].count;
    }
  }
  const std::vector<group>& found() const { return all_groups_; }

 private:
  std::size_t group_of(std::size_t at) {
    const auto& item = all_[at];
    if (item.is(kind::number) || item.is(kind::string)) {
      auto& tree = item.is(kind::number) ? numbers_ : strings_;
      const auto [place, is_new] = tree.emplace(item, all_groups_.size());
      if (is_new) all_groups_.push_back({at, 0});
      return place->second;
    }
    for (const auto candidate : others_) {
      if (!counted_.spend(1)) return candidate;
      if (equal(all_[all_groups_[candidate].first], item, counted_).value_or(false)) {
        return candidate;
      }
    }
    others_.push_back(all_groups_.size());
    all_groups_.push_back({at, 0});
    return others_.back();
  }

  const std::vector<value>& all_;
  work& counted_;
  std::vector<group> all_groups_;
  std::map<value, std::size_t, by_order> numbers_;
  std::map<value, std::size_t, by_order> strings_;
  std::vector<std::size_t> others_;
};

}  // namespace

std::vector<value> distinct_items(const std::vector<value>& all, work& counted) {
  const groups grouped(all, counted);
  std::vector<value> out;
  for (const auto& each : grouped.found()) out.push_back(all[each.first]);
  return out;
}

std::vector<value> duplicate_items(const std::vector<value>& all, work& counted) {
  const groups grouped(all, counted);
  std::vector<value> out;
  for (const auto& each : grouped.found()) {
    if (each.count > 1) out.push_back(all[each.first]);
  }
  return out;
}

}  // namespace worker::feel
