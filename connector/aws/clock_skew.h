// How far a service's clock and ours are apart, learned from the Date of refusals that speak of
// time: a signature five minutes off is refused. The Date of any other answer proves nothing: it
// may come from a cache or a proxy, and our own time was good enough. Kept for each host, because
// each can be wrong on its own, and a host of job data must not move the time of the others. Pure
// but for what it keeps; the clock is passed in. One thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <list>
#include <optional>
#include <string>
#include <string_view>

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

class clock_skew {
 public:
  // Half of what services accept; a difference below it is none.
  static constexpr std::chrono::seconds worth_correcting{120};
  static constexpr std::size_t max_hosts = 64;

  // What to add to our clock for a signature that goes to that host.
  [[nodiscard]] std::chrono::seconds correction(std::string_view host) const;

  // A signature dated with our clock and `used` was refused for its time. Learns from the answer's
  // Date. True when correction() is now another one, so that a signature is worth another try. A
  // correction that was refused before it was ever accepted is dropped: then our own time counts
  // again.
  bool refused(std::string_view host, std::chrono::seconds used, const http::headers& fields,
               exchange_time when);

  // It was accepted. With our own time (`used` zero) every correction of that host is forgotten.
  void accepted(std::string_view host, std::chrono::seconds used);

 private:
  struct known {
    std::string host;
    std::chrono::seconds correction{};
    bool accepted = false;  // at least once
  };

  void forget(std::string_view host);

  std::list<known> hosts_;  // only those that need a correction; the one learned last in front
};

}  // namespace connector::aws
