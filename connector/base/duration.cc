#include "connector/base/duration.h"

#include <fmt/format.h>

namespace connector {

namespace {

constexpr std::int64_t most_ms = 10LL * 366 * 24 * 3600 * 1000;

// Reads digits (bounded, so that nothing overflows); false when there is none.
bool read_number(std::string_view& text, std::int64_t& value) {
  std::size_t digits = 0;
  value = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits == 13) return false;
    value = value * 10 + (text[digits] - '0');
    ++digits;
  }
  text.remove_prefix(digits);
  return digits > 0;
}

// The fraction of a second in ms; further digits than three are read and dropped.
bool read_fraction(std::string_view& text, std::int64_t& ms) {
  std::int64_t scale = 100;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9' && digits < 9) {
    ms += (text[digits] - '0') * scale;
    scale /= 10;
    ++digits;
  }
  text.remove_prefix(digits);
  return digits > 0;
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
    std::int64_t number = 0;
    std::int64_t fraction = 0;
    bool has_fraction = false;
    if (!read_number(text, number)) return std::nullopt;
    if (!text.empty() && text[0] == '.') {
      text.remove_prefix(1);
      has_fraction = true;
      if (!read_fraction(text, fraction)) return std::nullopt;
    }
    if (text.empty()) return std::nullopt;
    const auto at = units.find(text[0]);
    if (at == std::string_view::npos || (has_fraction && text[0] != 'S')) return std::nullopt;
    const std::int64_t unit_ms = text[0] == 'D'   ? 86'400'000
                                 : text[0] == 'H' ? 3'600'000
                                 : text[0] == 'M' ? 60'000
                                                  : 1000;
    if (number > most_ms / unit_ms) return std::nullopt;
    total += number * unit_ms + fraction;
    units.remove_prefix(at + 1);  // parts come once and in this order
    text.remove_prefix(1);
  }
  if (total > most_ms) return std::nullopt;
  return std::chrono::milliseconds(total);
}

std::string human(std::chrono::milliseconds duration) {
  const auto ms = duration.count();
  if (ms < 1000) return fmt::format("{} ms", ms);
  if (ms % 60'000 == 0 && ms >= 120'000) return fmt::format("{} min", ms / 60'000);
  if (ms % 1000 == 0) return fmt::format("{} s", ms / 1000);
  return fmt::format("{:.1f} s", static_cast<double>(ms) / 1000.0);
}

}  // namespace connector
