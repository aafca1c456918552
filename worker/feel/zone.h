// Time zones by name, with the rules of the system's tzdata (TZDIR, else /usr/share/zoneinfo), and
// offsets from UTC. Without tzdata only offsets and UTC, GMT and UT with or without one are known.
// Plain value; any thread. The library below keeps each zone that was asked for until the end.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace worker::feel {

// A moment as a clock on the wall shows it: seconds since 1970-01-01T00:00 there, and how many
// seconds that clock is ahead of UTC.
struct wall_seconds {
  std::int64_t local = 0;
  std::int32_t offset = 0;
};

class zone {
 public:
  static constexpr std::int32_t max_offset = 18 * 3'600;

  // As java.time.ZoneId.of takes a name: Europe/Berlin, UTC, Z, +1, +01:30, GMT-5.
  static std::optional<zone> of(std::string_view name);
  // As it may stand behind '@' in a text: an offset has two digits of hours and of minutes.
  static std::optional<zone> in_text(std::string_view name);
  // `offset_seconds` ahead of UTC.
  static zone fixed(std::int32_t offset_seconds);

  // Empty for an offset alone.
  [[nodiscard]] const std::string& name() const { return name_; }

  [[nodiscard]] wall_seconds at(std::int64_t epoch_second) const;
  // What clocks there show for a local time. One that is skipped moves on by what is skipped; of
  // two that there are, the one with the offset `preferred` is taken, else the earlier one.
  [[nodiscard]] wall_seconds from_local(std::int64_t local_second,
                                        std::optional<std::int32_t> preferred = {}) const;
  // At present, without the summer's hour.
  [[nodiscard]] std::int32_t standard_offset() const;

 private:
  zone(std::string name, std::optional<std::int32_t> offset)
      : name_(std::move(name)), offset_(offset) {}
  static std::optional<zone> with_prefix(std::string_view prefix, std::int32_t offset);
  static std::optional<zone> region(std::string_view name);

  std::string name_;
  std::optional<std::int32_t> offset_;  // one that never changes
};

// Z, +01:00, -05:30, +00:53:28.
std::string offset_text(std::int32_t seconds);
// The form of offset_text, hours up to 18; nothing for anything else.
std::optional<std::int32_t> parse_offset(std::string_view text);

}  // namespace worker::feel
