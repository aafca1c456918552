#include "worker/feel/sorted.h"

#include <algorithm>
#include <array>
#include <utility>

namespace worker::feel {

// Bottom up; safe whatever the function answers, which a sort of the library is not.
std::optional<std::vector<value>> sorted(std::vector<value> items, call& of) {
  if (!of.spend_items(items.size())) return std::nullopt;
  std::vector<value> to(items.size());
  for (std::size_t width = 1; width < items.size(); width *= 2) {
    for (std::size_t start = 0; start < items.size(); start += 2 * width) {
      auto left = start;
      const auto left_end = std::min(start + width, items.size());
      auto right = left_end;
      const auto right_end = std::min(start + 2 * width, items.size());
      for (auto at = start; at < right_end; ++at) {
        bool take_right = left == left_end;
        if (!take_right && right < right_end) {
          const std::array pair{items[right], items[left]};
          const auto before = of.invoke(of[1], pair);
          if (!before.is(kind::boolean)) return std::nullopt;
          take_right = before.as_boolean();
        }
        to[at] = std::move(take_right ? items[right++] : items[left++]);
      }
    }
    std::swap(items, to);
  }
  return items;
}

}  // namespace worker::feel
