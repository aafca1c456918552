#include "connector/base/timestamp.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

#include "connector/base/number.h"

namespace connector {

namespace {

using std::chrono::milliseconds;

// The clock counts to the year 2262.
constexpr int latest_year = 2200;

// Takes single things off the front of a text; after the first that is not there, nothing more.
class reader {
 public:
  explicit reader(std::string_view text) : left_(text) {}

  // Exactly so many digits, at most four.
  int digits(std::size_t count) {
    if (left_.size() < count) return fail();
    const auto value = integer_in(left_.substr(0, count), 0U, 9999U);
    if (!value) return fail();
    left_.remove_prefix(count);
    return static_cast<int>(*value);
  }

  bool one_of(std::string_view allowed) {
    if (left_.empty() || allowed.find(left_.front()) == std::string_view::npos) return false;
    left_.remove_prefix(1);
    return true;
  }

  void must(std::string_view allowed) {
    if (!one_of(allowed)) fail();
  }

  // ".5625" as 562 ms; zero when there is no fraction.
  milliseconds fraction() {
    if (!one_of(".,")) return milliseconds(0);
    const std::size_t count = std::min(left_.find_first_not_of("0123456789"), left_.size());
    if (count == 0 || count > 12) {
      fail();
      return milliseconds(0);
    }
    std::string thousandths(left_.substr(0, std::min<std::size_t>(count, 3)));
    thousandths.resize(3, '0');
    left_.remove_prefix(count);
    return milliseconds(integer_in(thousandths, 0, 999).value_or(0));
  }

  [[nodiscard]] bool good() const { return good_; }
  [[nodiscard]] bool at_end() const { return left_.empty(); }
  [[nodiscard]] bool next_is(char c) const { return !left_.empty() && left_.front() == c; }
  [[nodiscard]] bool next_is_digit() const {
    return !left_.empty() && left_.front() >= '0' && left_.front() <= '9';
  }

 private:
  int fail() {
    good_ = false;
    left_ = {};
    return 0;
  }

  std::string_view left_;
  bool good_ = true;
};

}  // namespace

std::optional<wall_clock::time_point> parse_timestamp(std::string_view text) {
  namespace chrono = std::chrono;
  reader in(text);
  const int year = in.digits(4);
  const bool extended_date = in.one_of("-");
  const int month = in.digits(2);
  if (extended_date) in.must("-");
  const int day = in.digits(2);
  in.must("Tt ");
  const int hour = in.digits(2);
  const bool extended_time = in.one_of(":");
  const int minute = in.digits(2);
  // Java leaves seconds away that are zero.
  const bool has_seconds = extended_time ? in.one_of(":") : in.next_is_digit();
  const int second = has_seconds ? in.digits(2) : 0;
  const milliseconds fraction = has_seconds ? in.fraction() : milliseconds{0};
  chrono::minutes offset{0};
  if (!in.one_of("Zz")) {
    const bool west = in.next_is('-');
    in.must("+-");
    const int hours = in.digits(2);
    const int minutes = in.one_of(":") || !in.at_end() ? in.digits(2) : 0;
    if (hours > 23 || minutes > 59) return std::nullopt;
    offset = chrono::hours(hours) + chrono::minutes(minutes);
    if (west) offset = -offset;
  }
  const bool ends_day = hour == 24 && minute == 0 && second == 0 && fraction.count() == 0;
  if (!in.good() || !in.at_end() || year < 1970 || (hour > 23 && !ends_day) || minute > 59 ||
      second > 60) {
    return std::nullopt;
  }
  const chrono::year_month_day date{chrono::year(year), chrono::month(static_cast<unsigned>(month)),
                                    chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return std::nullopt;
  if (year > latest_year) return chrono::sys_days(chrono::year(latest_year) / 12 / 31);
  return chrono::sys_days(date) + chrono::hours(hour) + chrono::minutes(minute) +
         chrono::seconds(second) + fraction - offset;
}

std::string timestamp_text(wall_clock::time_point at) {
  namespace chrono = std::chrono;
  const auto whole = chrono::floor<chrono::seconds>(at);
  const auto day = chrono::floor<chrono::days>(whole);
  const chrono::year_month_day date(day);
  const chrono::hh_mm_ss time(whole - day);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()),
                     time.hours().count(), time.minutes().count(), time.seconds().count());
}

}  // namespace connector
