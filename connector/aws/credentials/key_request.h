// Asks a service for credentials (STS, Roles Anywhere): signs and sends the request, and repeats it
// after a pause while another answer is possible. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>

#include "connector/aws/credentials/source.h"
#include "connector/aws/signed_exchange.h"
#include "connector/base/backoff_limits.h"
#include "connector/base/clock.h"
#include "connector/http/message.h"

namespace connector::aws {

struct key_request {
  http::request request;
  signed_exchange::signature sign;  // empty: sent without a signature
  int attempts = 1;                 // the first one counts
  random_source random;
  std::function<boot_clock::time_point()> now;
  deadline end{};
};

// Takes the answer to one attempt. True: the same request may have another answer in a moment.
using answer_reader = std::function<bool(const signed_exchange::reply& heard)>;

// An answer dates its keys by the clock of its service. From here on their end is a time of ours.
void date_by_our_clock(fetched& keys, std::chrono::seconds ahead);

// Calls `read` for each attempt, once at least; what it kept of the last one is the outcome. The
// answer may hold keys, so its body is wiped. `exchange` outlives the coroutine. Quiet cancellation
// (base/cancellation.h).
boost::asio::awaitable<void> ask_for_keys(signed_exchange& exchange, key_request asked,
                                          answer_reader read);

}  // namespace connector::aws
