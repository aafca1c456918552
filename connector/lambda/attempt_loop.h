// The one loop around every operation: credentials, signature, exchange, verdict, and another
// attempt when the request provably did not run. Client and credentials outlive it, and it outlives
// every call. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>
#include <vector>

#include "connector/aws/credentials/provider.h"
#include "connector/aws/signed_exchange.h"
#include "connector/aws/sigv4.h"
#include "connector/connector.h"
#include "connector/http/client.h"
#include "connector/lambda/concurrency_limiter.h"
#include "connector/lambda/operation_call.h"
#include "connector/lambda/retry_budget.h"
#include "connector/lambda/settings.h"

namespace connector::lambda {

class attempt_loop {
 public:
  // `how` must have its clocks and its random source.
  attempt_loop(const settings& how, http::client& client, aws::credentials_provider& credentials)
      : settings_(how),
        exchange_(client, {how.wall_time, how.now}),
        credentials_(credentials),
        budget_(how.budget),
        limiter_({how.concurrency, how.max_waiting, how.now, how.random}) {}

  // Runs `operation` to its end and writes the outcome into `out`. `asked`: the call of the worker,
  // for its end and its may_send. Quiet cancellation (base/cancellation.h).
  boost::asio::awaitable<void> run(operation_call& operation, const call& asked,
                                   boot_clock::time_point started, outcome& out);

  [[nodiscard]] std::vector<throttled_function> throttled() const { return limiter_.figures(); }

 private:
  // The next step after a failed exchange.
  enum class next { done, again, at_once, another_exchange };
  enum class waited { no, yes, no_seat };
  // No coroutines: the frame of run() would hold their arguments, and ten thousand calls may wait.
  boost::asio::awaitable<concurrency_limiter::admission> enter(const std::string& lane,
                                                               deadline end,
                                                               concurrency_limiter::permit& into);
  boost::asio::awaitable<result<aws::credentials>> keys_for(const operation_call& operation,
                                                            deadline end);

  boost::asio::awaitable<next> attempt(operation_call& operation, const aws::credentials* keys,
                                       deadline end, outcome& out);
  boost::asio::awaitable<aws::signed_exchange::reply> begin_exchange(
      const operation_call& operation, const aws::credentials* keys, deadline end);
  boost::asio::awaitable<waited> wait_for_next(const operation_call& operation, std::string lane,
                                               int attempts_here, deadline end, const outcome& out);
  void settle(const operation_call& operation, concurrency_limiter::permit& passed,
              const error* failed) const;
  next judge(operation_call& operation, http::result<http::response> answer, outcome& out) const;
  void report(const operation_call& operation, const aws::credentials* keys,
              const http::result<http::response>& answer, int number) const;
  void tell_repeated(const outcome& out) const;

  const settings& settings_;
  aws::signed_exchange exchange_;
  aws::credentials_provider& credentials_;
  aws::signer signer_;
  retry_budget budget_;
  concurrency_limiter limiter_;
};

}  // namespace connector::lambda
