// The settings of the operations and their attempts, from the composition root (worker/program).
// Plain values and functions; the functions are called on the loop's thread and outlive the
// service.
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "connector/aws/endpoint.h"
#include "connector/base/backoff_limits.h"
#include "connector/base/clock.h"
#include "connector/base/error.h"
#include "connector/connector.h"
#include "connector/http/message.h"
#include "connector/lambda/concurrency_limit.h"
#include "connector/lambda/retry.h"
#include "connector/lambda/retry_budget.h"

namespace connector::lambda {

class call_limiter;

// One exchange that has ended, for `invoke --verbose`. Never a header, never a body.
struct attempt_report {
  std::string method;
  std::string target;  // path and query; without the query of a function URL, which may be a secret
  http::destination to;
  std::string credentials;  // the source they came from; empty: the request was not signed
  int number = 0;           // of the call, from 1
  int status = 0;           // 0: there was no answer
  std::string request_id;
  std::string failure;  // what broke, when there was no answer
};

struct settings {
  std::string region;  // of calls that name none; may be empty
  // Where Lambda of a region is; empty: at the host of that region. Requests are signed for the
  // endpoint's signing region when it has one.
  std::function<result<aws::endpoint>(std::string_view region)> endpoint_of;
  bool log_tail = true;  // false: no call asks for a log, whatever its inputs say
  // How long an answer that has begun may send nothing.
  std::chrono::milliseconds answer_silence{60'000};
  std::size_t response_limit = 8 << 20;  // bytes of a body; Lambda's own limit is 6,291,556
  // The size of a list's pages after which no further page is read: below the limit of engines.
  std::size_t list_bytes = 1 << 20;
  std::string user_agent = "lambda-connector";
  retry_limits retries;
  budget_limits budget;            // of further attempts, for each function
  concurrency_bounds concurrency;  // of a function that is throttled
  // Calls of all functions together that may wait for throttled functions; further ones are
  // postponed. 0: no bound.
  std::size_t max_waiting = 0;
  call_limiter* limits = nullptr;                     // of the operator; null: there are none
  random_source random;                               // empty: system_random()
  std::function<wall_clock::time_point()> wall_time;  // empty: the system's; for signatures
  std::function<boot_clock::time_point()> now;        // empty: boot_clock
  // Takes secrets out of what throttled() shows; empty: nothing is taken out.
  std::function<std::string(std::string)> mask;
  std::function<void(error_code)> repeated;  // told why a request is sent again; may be empty
  std::function<void(const attempt_report&)> observe;  // told of every exchange; may be empty
};

}  // namespace connector::lambda
