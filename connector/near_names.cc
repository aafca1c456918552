#include "connector/near_names.h"

#include <algorithm>
#include <cstddef>
#include <numeric>
#include <vector>

#include "connector/base/ascii.h"

namespace connector {

namespace {

// Letters that differ, are missing or are too many (Levenshtein), upper and lower case alike.
std::size_t distance(std::string_view a, std::string_view b) {
  using ascii::lower;
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = diagonal + (lower(a[i - 1]) == lower(b[j - 1]) ? 0 : 1);
      diagonal = row[j];
      row[j] = std::min({row[j] + 1, row[j - 1] + 1, replaced});
    }
  }
  return row[b.size()];
}

}  // namespace

std::optional<std::string_view> nearest(std::string_view wrong,
                                        std::span<const std::string_view> known) {
  // Longer ones are not typing errors, and the comparison would cost their length squared.
  if (wrong.size() > 64) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t best_distance = std::max<std::size_t>(2, wrong.size() / 3) + 1;
  for (const auto name : known) {
    const auto far = distance(wrong, name);
    if (far < best_distance && far < name.size()) {
      best = name;
      best_distance = far;
    }
  }
  return best;
}

}  // namespace connector
