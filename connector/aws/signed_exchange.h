// Signs a request, sends it, and learns the clock difference from a refusal: the one piece of code
// for every client that signs (Lambda, STS, Secrets Manager, Roles Anywhere). A difference counts
// for the host that it was learned from. The HTTP client outlives this, and this every exchange.
// Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <string>

#include "connector/aws/clock_skew.h"
#include "connector/base/clock.h"
#include "connector/http/client.h"

namespace connector::aws {

class signed_exchange {
 public:
  struct clocks {
    std::function<wall_clock::time_point()> wall;  // never empty; what signatures are dated with
    std::function<boot_clock::time_point()> now;   // never empty; how long an exchange took
  };
  // Signs a request for a point in time, in place; false when it cannot be signed, and then it is
  // not sent. Called for each time the request goes out, before send_once() returns.
  using signature = std::function<bool(http::request& request, wall_clock::time_point at)>;

  signed_exchange(http::client& client, clocks time) : client_(client), time_(std::move(time)) {}
  signed_exchange(const signed_exchange&) = delete;
  signed_exchange& operator=(const signed_exchange&) = delete;

  struct reply {
    http::result<http::response> answer;
    // The service refused the time of the signature, and the clock difference is known better now:
    // a new signature may be accepted.
    bool worth_again = false;
    // What the service's clock shows more than ours, as far as it matters: the correction with
    // which it took the signature; of a request without one by the answer's Date.
    std::chrono::seconds ahead{0};
  };

  // Signs at once, and sends once when the awaitable runs. An empty `by`: sent as it is, and
  // nothing is learned. `word`: whose word a refusal is.
  boost::asio::awaitable<reply> send_once(http::request request, const signature& by,
                                          http::limits bounds, word_of word = word_of::service);

  // The same, and once more at once when that is worth it. For requests that may be sent twice
  // after a refusal.
  boost::asio::awaitable<reply> send(http::request request, signature by, http::limits bounds);

 private:
  // What is known of a request that is under way.
  struct sent_request {
    clock_party to;  // as it was sent
    std::chrono::seconds correction{};
    wall_clock::time_point sent;
    bool is_signed = false;
  };
  boost::asio::awaitable<reply> hear(boost::asio::awaitable<http::result<http::response>> exchange,
                                     sent_request request);

  http::client& client_;
  clocks time_;
  clock_skew clock_;
};

}  // namespace connector::aws
