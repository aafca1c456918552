#include "worker/config/variable_names.h"

#include <algorithm>
#include <array>

namespace worker::config {

namespace {

constexpr std::size_t longest_compared = 64;
constexpr std::size_t least_compared = 8;  // shorter names are near to anybody's
constexpr std::size_t long_name = 14;      // from here on two slips are still one name

struct older_start {
  std::string_view older;
  std::string_view newer;
};
constexpr older_start older_starts[] = {
    {"CAMUNDACLIENTZEEBEDEFAULTS", "CAMUNDACLIENTWORKERDEFAULTS"},
    {"CAMUNDACLIENTZEEBE", "CAMUNDACLIENT"},
};

}  // namespace

std::string relaxed_name(std::string_view name) {
  std::string out;
  for (const char c : name) {
    if (c == '_' || c == '-' || c == '.') continue;
    out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  for (const auto& each : older_starts) {
    if (out.starts_with(each.older)) return std::string(each.newer) + out.substr(each.older.size());
  }
  return out;
}

bool is_spring_name(std::string_view name) {
  const auto relaxed = relaxed_name(name.substr(0, 2 * longest_compared));
  return relaxed.starts_with("CAMUNDACLIENT") || relaxed.starts_with("ZEEBECLIENT");
}

bool is_same_variable(std::string_view a, std::string_view b) {
  return a == b || (is_spring_name(a) && is_spring_name(b) && relaxed_name(a) == relaxed_name(b));
}

bool is_of_a_service(std::string_view name, std::string_view value) {
  return name.ends_with("_SERVICE_HOST") || name.ends_with("_SERVICE_PORT") ||
         name.find("_SERVICE_PORT_") != std::string_view::npos ||
         name.find("_TCP_") != std::string_view::npos ||
         name.find("_UDP_") != std::string_view::npos || value.starts_with("tcp://") ||
         value.starts_with("udp://");
}

std::size_t slips(std::string_view a, std::string_view b) {
  if (a.size() > longest_compared || b.size() > longest_compared) return 2 * longest_compared;
  using row = std::array<std::size_t, longest_compared + 1>;
  row before_last{};
  row last{};
  row current{};
  for (std::size_t j = 0; j <= b.size(); ++j) last.at(j) = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    current.at(0) = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t substituted = a[i - 1] == b[j - 1] ? 0 : 1;
      current.at(j) =
          std::min({last.at(j) + 1, current.at(j - 1) + 1, last.at(j - 1) + substituted});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        current.at(j) = std::min(current.at(j), before_last.at(j - 2) + 1);
      }
    }
    before_last = last;
    last = current;
  }
  return last.at(b.size());
}

std::optional<std::string_view> near_variable(std::string_view name,
                                              std::span<const std::string_view> known) {
  const auto wanted = relaxed_name(name.substr(0, 2 * longest_compared));
  if (wanted.size() < least_compared || wanted.size() > longest_compared) return std::nullopt;
  std::optional<std::string_view> best;
  std::size_t fewest = wanted.size() < long_name ? 2 : 3;
  for (const auto each : known) {
    const auto other = relaxed_name(each);
    if (other.size() > longest_compared) continue;
    const auto count = slips(wanted, other);
    if (count >= fewest) continue;
    best = each;
    fewest = count;
  }
  return best;
}

}  // namespace worker::config
