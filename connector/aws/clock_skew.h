// How wrong this machine's clock is, learned from the Date of answers: a signature five minutes off
// is refused. Kept for each host, because each can be wrong on its own, and a host of job data must
// not move the time of the others. Pure but for what it keeps; the clock is passed in. One thread.
#pragma once

#include <chrono>
#include <list>
#include <optional>
#include <string>
#include <string_view>

#include "connector/aws/aws_error.h"
#include "connector/base/clock.h"
#include "connector/http/message.h"

namespace connector::aws {

// An IMF-fixdate (RFC 9110 5.6.7), such as "Sun, 06 Nov 1994 08:49:37 GMT"; nothing when it is
// none.
std::optional<wall_clock::time_point> parse_http_date(std::string_view text);

// When a request went out and its answer was there, by this machine's clock.
struct exchange_time {
  wall_clock::time_point sent;
  wall_clock::duration took{};
};

// Server's clock minus ours: the answer's Date against the middle of the exchange. Nothing without
// a Date, for an answer out of a cache (Age), and for an exchange of more than 10 s: nobody knows
// when in a long call its Date was made.
std::optional<std::chrono::seconds> measured_skew(const http::headers& fields, exchange_time when);

// Whether the service may have refused the request because of its time.
bool may_be_skew(const service_failure& failure);

class clock_skew {
 public:
  // Half of what services accept; a difference below it is none.
  static constexpr std::chrono::seconds worth_correcting{120};
  static constexpr std::size_t most_hosts = 64;

  // What to add to our clock for a request to that host.
  [[nodiscard]] std::chrono::seconds correction(std::string_view host) const;

  // Learns from an answer. True when the correction of that host has changed by so much that a
  // request refused because of its time is worth sending again.
  bool learn(std::string_view host, const http::headers& fields, exchange_time when);

 private:
  struct known {
    std::string host;
    std::chrono::seconds correction{};
  };
  std::list<known> hosts_;  // only those that need a correction; the one learned last in front
};

}  // namespace connector::aws
