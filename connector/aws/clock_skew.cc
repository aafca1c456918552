#include "connector/aws/clock_skew.h"

#include <algorithm>
#include <array>
#include <cstdlib>

#include "connector/base/number.h"

namespace connector::aws {

namespace {

using std::chrono::seconds;

constexpr auto longest_exchange = seconds(10);
constexpr std::string_view shape = "Www, 00 Mmm 0000 00:00:00 GMT";
constexpr std::array<std::string_view, 12> months = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

bool has_shape(std::string_view text) {
  if (text.size() != shape.size()) return false;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    const char c = text[i];
    if (shape[i] == '0') {
      if (c < '0' || c > '9') return false;
    } else if (i >= 3 && (i < 8 || i >= 11) && c != shape[i]) {
      return false;  // all but the names of day and month
    }
  }
  return true;
}

// Of digits that have passed has_shape().
unsigned number(std::string_view digits) { return integer_in(digits, 0U, 9999U).value_or(0); }

}  // namespace

std::optional<wall_clock::time_point> parse_http_date(std::string_view text) {
  using std::chrono::day;
  using std::chrono::hours;
  using std::chrono::minutes;
  using std::chrono::month;
  using std::chrono::year;
  if (!has_shape(text)) return std::nullopt;
  const auto name = std::find(months.begin(), months.end(), text.substr(8, 3));
  if (name == months.end()) return std::nullopt;
  const auto date = year(static_cast<int>(number(text.substr(12, 4)))) /
                    month(static_cast<unsigned>(name - months.begin()) + 1) /
                    day(number(text.substr(5, 2)));
  const auto hour = number(text.substr(17, 2));
  const auto minute = number(text.substr(20, 2));
  const auto second = number(text.substr(23, 2));
  if (!date.ok() || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  // Outside these a time_point of nanoseconds does not reach.
  if (date.year() < year(1970) || date.year() > year(2200)) return std::nullopt;
  return std::chrono::sys_days(date) + hours(hour) + minutes(minute) + seconds(second);
}

std::optional<seconds> measured_skew(const http::headers& fields, exchange_time when) {
  const auto date = http::find_header(fields, "Date");
  if (!date || http::find_header(fields, "Age") || when.took > longest_exchange ||
      when.took < wall_clock::duration::zero()) {
    return std::nullopt;
  }
  const auto theirs = parse_http_date(*date);
  if (!theirs) return std::nullopt;
  return std::chrono::round<seconds>(*theirs - (when.sent + when.took / 2));
}

seconds clock_skew::correction(std::string_view host) const {
  const auto found = std::find_if(hosts_.begin(), hosts_.end(),
                                  [&](const known& one) { return one.host == host; });
  return found == hosts_.end() ? seconds(0) : found->correction;
}

void clock_skew::forget(std::string_view host) {
  std::erase_if(hosts_, [&](const known& one) { return one.host == host; });
}

bool clock_skew::refused(std::string_view host, seconds used, const http::headers& fields,
                         exchange_time when) {
  const auto own = seconds(0);
  auto better = measured_skew(fields, when).value_or(own);
  if (std::chrono::abs(better) < worth_correcting) better = own;
  if (std::chrono::abs(better - used) >= worth_correcting) {
    // Another call may have learned the same meanwhile.
    if (std::chrono::abs(better - correction(host)) < worth_correcting) return true;
    forget(host);
    if (better != own) hosts_.push_front({std::string(host), better});
    if (hosts_.size() > max_hosts) hosts_.pop_back();
    return true;
  }
  if (used == own) return false;
  // The Date says what it said before, and it did not help. Was it accepted before, our own time
  // has not been tried for long.
  const auto held = std::find_if(hosts_.begin(), hosts_.end(),
                                 [&](const known& one) { return one.host == host; });
  const bool own_time_is_news = held != hosts_.end() && held->accepted;
  forget(host);
  return own_time_is_news;
}

void clock_skew::accepted(std::string_view host, seconds used) {
  if (used == seconds(0)) return forget(host);
  for (auto& one : hosts_) {
    if (one.host == host && one.correction == used) one.accepted = true;
  }
}

}  // namespace connector::aws
