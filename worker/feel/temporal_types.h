// The temporal values as plain data. Years reach from -999999999 to 999999999, as in java.time.
// Text, arithmetic and zones: temporal.h. Pure; any thread.
#pragma once

#include <compare>
#include <cstdint>
#include <string>

namespace worker::feel {

struct date {
  std::int32_t year = 1970;
  std::uint8_t month = 1;
  std::uint8_t day = 1;
  auto operator<=>(const date&) const = default;
};

struct local_time {
  std::int64_t nanoseconds = 0;  // since midnight, below one day
  auto operator<=>(const local_time&) const = default;
};

// A time with an offset from UTC, and with the zone's name when the offset was found through one.
struct zoned_time {
  local_time time;
  std::int32_t offset_seconds = 0;
  std::string zone;  // such as Europe/Berlin; empty: the offset alone
};

struct local_date_time {
  date day;
  local_time time;
  auto operator<=>(const local_date_time&) const = default;
};

struct zoned_date_time {
  local_date_time local;
  std::int32_t offset_seconds = 0;
  std::string zone;  // empty: the offset alone
};

// As java.time.Duration: the value is seconds + nanoseconds / 10^9, where 0 <= nanoseconds < 10^9.
struct days_time_duration {
  std::int64_t seconds = 0;
  std::int32_t nanoseconds = 0;
  auto operator<=>(const days_time_duration&) const = default;
};

struct years_months_duration {
  std::int64_t months = 0;
  auto operator<=>(const years_months_duration&) const = default;
};

}  // namespace worker::feel
