// The difference between a service's clock and ours: AWS refuses a signature that is five minutes
// off. It is learned only from the Date of refusals that name the time. Any other Date may come
// from a cache or a proxy, and our own time was accepted. Kept for each host apart, so that a host
// of job data cannot change the time of other hosts; nor does it change that of other jobs' calls
// to it, where what was accepted proves it wrong. The caller passes the time. One thread.
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

// An IMF-fixdate (RFC 9110 5.6.7), such as "Sun, 06 Nov 1994 08:49:37 GMT"; nothing when
// `text` is not one.
std::optional<wall_clock::time_point> parse_http_date(std::string_view text);

// When a request went out and its answer was there, by this machine's clock.
struct exchange_time {
  wall_clock::time_point sent;
  wall_clock::duration took{};
};

// Server's clock minus ours: the answer's Date against the middle of the exchange. Nothing without
// a Date, for an answer out of a cache (Age), and for an exchange of more than 10 s, because
// the Date may be of any moment of it.
std::optional<std::chrono::seconds> measured_skew(const http::headers& fields, exchange_time when);

// Half of what services accept; a smaller difference is ignored.
inline constexpr std::chrono::seconds worth_correcting{120};

// The same; zero for nothing and for what is not worth correcting.
std::chrono::seconds worthwhile_skew(const http::headers& fields, exchange_time when);

// Who answers: the service itself, or what job data named (a function URL, an endpoint), where a
// refusal and its Date may be anybody's.
enum class word_of { service, anybody };

// The other side of an exchange, and when it began.
struct clock_party {
  std::string host;
  word_of word = word_of::service;
  boot_clock::time_point began{};
};

class clock_skew {
 public:
  static constexpr std::size_t max_hosts = 64;
  // For so long a time that was accepted stands against the word of anybody. A clock that is set
  // meanwhile is learned from such a host after it.
  static constexpr std::chrono::minutes proof_lasts{2};

  // The time to add to our clock for a signature that goes to that host. Against anybody's word
  // counts what the host itself or the service took of late. Without that, one call tries what a
  // refusal said; until it is accepted, the others keep our own time, and each further refusal lets
  // one more call try.
  std::chrono::seconds correction(const clock_party& to);

  // A signature dated with our clock and `used` was refused for its time. Learns from the answer's
  // Date. True when correction() is now another one, so that a signature is worth another try. A
  // correction that was refused before it was ever accepted is dropped: then our own time counts
  // again.
  bool refused(const clock_party& by, std::chrono::seconds used, const http::headers& fields,
               exchange_time when);

  // It was accepted. With our own time (`used` zero) every correction of that host is forgotten.
  void accepted(const clock_party& by, std::chrono::seconds used);

 private:
  struct known {
    std::string host;
    word_of word = word_of::service;
    std::chrono::seconds correction{};                 // zero: our own time was accepted
    std::optional<boot_clock::time_point> accepted{};  // when a request began that was, the latest
    bool tried = false;                                // anybody's word: a call was dated with it

    [[nodiscard]] bool is(const clock_party& of) const {
      return host == of.host && word == of.word;
    }
  };

  known* find(const clock_party& of);
  // What was accepted of late and counts for `by`, whose word is anybody's.
  [[nodiscard]] const known* proven(const clock_party& by) const;
  void forget(const clock_party& of);
  void keep(const clock_party& of, known one);

  std::list<known> hosts_;  // the one learned last in front
};

}  // namespace connector::aws
