#include "worker/feel/zone.h"

#include <absl/time/civil_time.h>
#include <absl/time/time.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <system_error>

#include "worker/feel/text_cursor.h"

namespace worker::feel {
namespace {

const absl::CivilSecond epoch_second_zero(1970, 1, 1, 0, 0, 0);

// Java's name of a region, in parts that stay below the folder of zones: the library keeps whatever
// it was asked for, so that what is no zone must not reach it.
bool can_be_region(std::string_view name) {
  // Files beside the zones, the same zones again, and names that java.time does not know.
  static constexpr std::array<std::string_view, 7> not_regions{
      "EST", "MST", "HST", "ROC", "Factory", "posixrules", "localtime"};
  const auto is_letter = [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); };
  if (name.size() < 2 || name.size() > 64 || !is_letter(name.front())) return false;
  for (const char c : name) {
    const bool good = is_letter(c) || text_cursor::is_digit(c) || c == '/' || c == '.' ||
                      c == '_' || c == '+' || c == '-' || c == '~';
    if (!good) return false;
  }
  if (name.find("//") != std::string_view::npos || name.find("/.") != std::string_view::npos ||
      name.back() == '/' || name.starts_with("posix/") || name.starts_with("right/")) {
    return false;
  }
  return std::find(not_regions.begin(), not_regions.end(), name) == not_regions.end();
}

std::optional<absl::TimeZone> load(std::string_view name) {
  if (!can_be_region(name)) return std::nullopt;
  const char* const named = std::getenv("TZDIR");
  const std::filesystem::path folder =
      named != nullptr && *named != 0 ? named : "/usr/share/zoneinfo";
  std::error_code failed;
  if (!std::filesystem::is_regular_file(folder / name, failed)) return std::nullopt;
  absl::TimeZone found;
  if (!absl::LoadTimeZone(std::string(name), &found)) return std::nullopt;
  return found;
}

absl::TimeZone loaded(const std::string& name) {
  absl::TimeZone found;
  absl::LoadTimeZone(name, &found);
  return found;
}

// Hours, minutes and seconds of an offset that java.time.ZoneOffset.of takes: +h, +hh, +hh:mm,
// +hhmm, +hh:mm:ss, +hhmmss.
std::optional<std::int32_t> lenient_offset(std::string_view text) {
  text_cursor in(text);
  const bool negative = in.sees('-');
  if ((!in.take('+') && !in.take('-')) || in.at_end()) return std::nullopt;
  const std::string_view rest = in.rest();
  std::int32_t parts[3] = {0, 0, 0};
  if (rest.size() == 1) {
    const auto hours = in.take_digits(1);
    if (!hours) return std::nullopt;
    parts[0] = *hours;
  } else {
    const bool colons = rest.size() > 2 && rest[2] == ':';
    for (int at = 0; at < 3 && !in.at_end(); ++at) {
      if (at > 0 && colons && !in.take(':')) return std::nullopt;
      const auto value = in.take_digits(2);
      if (!value) return std::nullopt;
      parts[at] = *value;
    }
  }
  if (!in.at_end() || parts[1] > 59 || parts[2] > 59) return std::nullopt;
  const std::int32_t total = parts[0] * 3'600 + parts[1] * 60 + parts[2];
  if (total > zone::max_offset) return std::nullopt;
  return negative ? -total : total;
}

}  // namespace

std::string offset_text(std::int32_t seconds) {
  if (seconds == 0) return "Z";
  const std::int32_t total = std::abs(seconds);
  std::string text =
      fmt::format("{}{:02}:{:02}", seconds < 0 ? '-' : '+', total / 3'600, total / 60 % 60);
  if (total % 60 != 0) text += fmt::format(":{:02}", total % 60);
  return text;
}

std::optional<std::int32_t> parse_offset(std::string_view text) {
  if (text == "Z") return 0;
  if ((text.size() != 6 && text.size() != 9) || text[3] != ':') return std::nullopt;
  return lenient_offset(text);
}

zone zone::fixed(std::int32_t offset_seconds) { return {"", offset_seconds}; }

std::optional<zone> zone::with_prefix(std::string_view prefix, std::int32_t offset) {
  const std::string name(prefix);
  return zone(offset == 0 ? name : name + offset_text(offset), offset);
}

std::optional<zone> zone::region(std::string_view name) {
  if (!load(name)) return std::nullopt;
  return zone(std::string(name), std::nullopt);
}

std::optional<zone> zone::of(std::string_view name) {
  if (name == "Z") return fixed(0);
  if (name.starts_with('+') || name.starts_with('-')) {
    const auto offset = lenient_offset(name);
    return offset ? std::optional(fixed(*offset)) : std::nullopt;
  }
  for (const std::string_view prefix : {"UTC", "GMT", "UT"}) {
    if (name == prefix) return with_prefix(prefix, 0);
    if (!name.starts_with(prefix)) continue;
    const std::string_view rest = name.substr(prefix.size());
    if (!rest.starts_with('+') && !rest.starts_with('-')) continue;
    const auto offset = lenient_offset(rest);
    return offset ? with_prefix(prefix, *offset) : std::nullopt;
  }
  return region(name);
}

std::optional<zone> zone::in_text(std::string_view name) {
  const bool sign = name.find_first_of("+-") != std::string_view::npos;
  if (sign &&
      (name.starts_with("UT") || name.starts_with("GMT") || name.find_first_of("+-") == 0)) {
    const std::string_view offset = name.substr(name.find_first_of("+-"));
    if (!parse_offset(offset)) return std::nullopt;
  }
  return of(name);
}

wall_seconds zone::at(std::int64_t epoch_second) const {
  if (offset_) return {epoch_second + *offset_, *offset_};
  const auto info = loaded(name_).At(absl::FromUnixSeconds(epoch_second));
  return {epoch_second + info.offset, info.offset};
}

wall_seconds zone::from_local(std::int64_t local_second,
                              std::optional<std::int32_t> preferred) const {
  if (offset_) return {local_second, *offset_};
  const absl::TimeZone rules = loaded(name_);
  const auto info = rules.At(epoch_second_zero + local_second);
  const std::int64_t first = absl::ToUnixSeconds(info.pre);
  if (info.kind == absl::TimeZone::TimeInfo::REPEATED && preferred) {
    const std::int64_t second = absl::ToUnixSeconds(info.post);
    if (local_second - second == *preferred) return at(second);
  }
  return at(first);
}

std::int32_t zone::standard_offset() const {
  if (offset_) return *offset_;
  const absl::TimeZone rules = loaded(name_);
  const absl::Time now = absl::FromChrono(std::chrono::system_clock::now());
  const auto here = rules.At(now);
  // Some zones call their winter the exception; java.time never does, so the lower offset counts.
  std::int32_t lowest = here.offset;
  const auto look_at = [&](absl::Time other) {
    const auto there = rules.At(other);
    if (there.is_dst != here.is_dst) lowest = std::min(lowest, there.offset);
  };
  absl::TimeZone::CivilTransition change;
  if (rules.NextTransition(now, &change)) {
    const absl::Time then = rules.At(change.to).trans;
    if (then - now < absl::Hours(24 * 366)) look_at(then);
  }
  if (rules.PrevTransition(now, &change)) {
    const absl::Time then = rules.At(change.to).trans;
    if (now - then < absl::Hours(24 * 366)) look_at(then - absl::Seconds(1));
  }
  return lowest;
}

}  // namespace worker::feel
