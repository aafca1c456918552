#include "connector/aws/clock_skew.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iterator>
#include <utility>

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

seconds worthwhile_skew(const http::headers& fields, exchange_time when) {
  const auto skew = measured_skew(fields, when).value_or(seconds(0));
  return std::chrono::abs(skew) < worth_correcting ? seconds(0) : skew;
}

seconds clock_skew::correction(const clock_party& to) {
  auto* const one = find(to);
  if (to.word == word_of::anybody) {
    if (const auto* proof = proven(to)) return proof->correction;
    if (one != nullptr && !one->accepted && std::exchange(one->tried, true)) return seconds(0);
  }
  return one == nullptr ? seconds(0) : one->correction;
}

clock_skew::known* clock_skew::find(const clock_party& of) {
  const auto found =
      std::find_if(hosts_.begin(), hosts_.end(), [&](const known& one) { return one.is(of); });
  return found == hosts_.end() ? nullptr : &*found;
}

const clock_skew::known* clock_skew::proven(const clock_party& by) const {
  const known* of_service = nullptr;
  for (const auto& one : hosts_) {
    if (!one.accepted || by.began - *one.accepted > proof_lasts) continue;
    if (one.is(by)) return &one;
    if (of_service == nullptr && one.word == word_of::service) of_service = &one;
  }
  return of_service;
}

void clock_skew::forget(const clock_party& of) {
  std::erase_if(hosts_, [&](const known& one) { return one.is(of); });
}

void clock_skew::keep(const clock_party& of, known one) {
  forget(of);
  hosts_.push_front(std::move(one));
  if (hosts_.size() <= max_hosts) return;
  // That our own time was accepted is learned again sooner than a correction.
  const auto own = std::find_if(hosts_.rbegin(), hosts_.rend(),
                                [](const known& old) { return old.correction == seconds(0); });
  hosts_.erase(own == hosts_.rend() ? std::prev(hosts_.end()) : std::prev(own.base()));
}

bool clock_skew::refused(const clock_party& by, seconds used, const http::headers& fields,
                         exchange_time when) {
  if (by.word == word_of::anybody) {
    if (const auto* proof = proven(by)) return used != proof->correction;
  }
  const auto own = seconds(0);
  const auto better = worthwhile_skew(fields, when);
  auto* const held = find(by);
  if (std::chrono::abs(better - used) >= worth_correcting) {
    // Another call may have learned the same meanwhile.
    const auto now = held == nullptr ? own : held->correction;
    if (std::chrono::abs(better - now) < worth_correcting) {
      if (held != nullptr) held->tried = false;
      return true;
    }
    forget(by);
    if (better != own) keep(by, {by.host, by.word, better});
    return true;
  }
  if (used == own) return false;
  // The Date says what it said before, and it did not help. Was it accepted before, our own time
  // has not been tried for long.
  const bool own_time_is_news = held != nullptr && held->accepted && held->correction != own;
  forget(by);
  return own_time_is_news;
}

void clock_skew::accepted(const clock_party& by, seconds used) {
  auto* const one = find(by);
  if (one != nullptr && one->correction == used) {
    one->accepted = std::max(by.began, one->accepted.value_or(by.began));
  } else if (used == seconds(0) || by.word == word_of::anybody) {
    keep(by, {by.host, by.word, used, by.began});
  }
}

}  // namespace connector::aws
