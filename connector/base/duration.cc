#include "connector/base/duration.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/base/number.h"

namespace connector {

namespace {

constexpr std::int64_t max_ms = 10LL * 366 * 24 * 3600 * 1000;

constexpr std::size_t max_fraction_digits = 9;

// The fraction of a second in ms; further digits than three are read and dropped.
std::optional<std::int64_t> take_fraction(std::string_view& text) {
  const std::size_t digits = std::min(text.find_first_not_of("0123456789"), text.size());
  if (digits == 0 || digits > max_fraction_digits) return std::nullopt;
  std::string thousandths(text.substr(0, 3));
  thousandths.resize(digits < 3 ? digits : 3);
  thousandths.resize(3, '0');
  text.remove_prefix(digits);
  return integer_in<std::int64_t>(thousandths, 0, 999);
}

}  // namespace

std::optional<std::chrono::milliseconds> parse_iso_duration(std::string_view text) {
  if (text.size() < 3 || text.size() > 64 || text[0] != 'P') return std::nullopt;
  text.remove_prefix(1);
  std::string_view units = "D";
  bool time_part = false;
  std::int64_t total = 0;
  while (!text.empty()) {
    if (text[0] == 'T') {
      if (time_part || text.size() == 1) return std::nullopt;
      time_part = true;
      units = "HMS";
      text.remove_prefix(1);
      continue;
    }
    const auto number = take_integer(text, static_cast<std::uint64_t>(max_ms));
    if (!number) return std::nullopt;
    std::int64_t fraction = 0;
    bool has_fraction = false;
    if (!text.empty() && text[0] == '.') {
      text.remove_prefix(1);
      has_fraction = true;
      const auto ms = take_fraction(text);
      if (!ms) return std::nullopt;
      fraction = *ms;
    }
    if (text.empty()) return std::nullopt;
    const auto at = units.find(text[0]);
    if (at == std::string_view::npos || (has_fraction && text[0] != 'S')) return std::nullopt;
    const std::int64_t unit_ms = text[0] == 'D'   ? 86'400'000
                                 : text[0] == 'H' ? 3'600'000
                                 : text[0] == 'M' ? 60'000
                                                  : 1000;
    const auto count = static_cast<std::int64_t>(*number);
    if (count > max_ms / unit_ms) return std::nullopt;
    total += count * unit_ms + fraction;
    units.remove_prefix(at + 1);  // parts come once and in this order
    text.remove_prefix(1);
  }
  if (total > max_ms) return std::nullopt;
  return std::chrono::milliseconds(total);
}

std::string human(std::chrono::milliseconds duration) {
  const auto ms = duration.count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms % 60'000 == 0 && ms >= 120'000) return fmt::format("{} min", ms / 60'000);
  if (ms % 1000 == 0 && ms >= 120'000) {
    return fmt::format("{} min {} s", ms / 60'000, ms % 60'000 / 1000);
  }
  if (ms % 1000 == 0) return fmt::format("{} s", ms / 1000);
  return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000.0);
}

}  // namespace connector
