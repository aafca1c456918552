// One call of one operation, its inputs checked: what goes out, and what its answer means. Each
// operation has a file of its own that makes these; attempt_loop sends them. Lives as long as its
// call, knows neither sockets nor clocks.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "connector/aws/credentials/credentials.h"
#include "connector/base/clock.h"
#include "connector/base/result.h"
#include "connector/call_limits.h"
#include "connector/http/message.h"
#include "connector/lambda/attempt_failure.h"
#include "connector/lambda/failure_text.h"
#include "connector/outcome.h"

namespace connector::lambda {

// The answer led to another exchange, whose request the call holds.
struct further_exchange {};
// The result of an accepted answer.
using reading = std::variant<answer, unfinished, further_exchange>;

class operation_call {
 public:
  operation_call() = default;
  operation_call(const operation_call&) = delete;
  operation_call& operator=(const operation_call&) = delete;
  virtual ~operation_call() = default;

  http::request request;  // of the exchange that comes next, unsigned
  bool is_signed = true;
  bool is_url = false;        // a function URL, not the service's API
  bool host_of_task = false;  // job data named the host, and the operator's list let it
  bool at_most_once = false;  // the task's header
  side_effect effect = side_effect::possible;
  aws::identity who;
  std::string region;
  std::string signing_region;  // most often the same
  std::string function;        // as the input named it, for people; empty: the operation has none
  std::string about;           // what messages name instead of the function; empty: the function
  std::chrono::milliseconds timeout{0};
  bool timeout_given = false;  // by the task; else it is the default
  // The end of the whole call, and the header that sets it; zero when `timeout` does.
  deadline end{};
  std::chrono::milliseconds job_timeout{0};
  operation_id operation = operation_id::invoke;
  std::vector<std::string> notes;      // for the outcome
  std::optional<limited_target> runs;  // what the operator's limits count; nothing: it runs nothing

  // Whether the answer may be anybody's word: a function's own, or of a server that job data named.
  [[nodiscard]] bool may_be_anybodys() const { return is_url || host_of_task; }

  // Whether the service did what it was asked. The error table decides about every other answer.
  [[nodiscard]] virtual bool accepts(const http::response& from) const {
    return from.status >= 200 && from.status < 300;
  }

  // The error of an answer that is not accepted.
  [[nodiscard]] virtual aws::service_failure failure_of(const http::response& from) const {
    return aws::read_service_error(from);
  }

  // Reads an accepted answer. An error's message is a clause that follows "it worked, but".
  virtual result<reading> read(http::response from) = 0;

  // The request's target as it may be shown.
  [[nodiscard]] virtual std::string shown_target() const { return request.target; }

  [[nodiscard]] call_description name(int attempts) const {
    return {about.empty() ? function : about, region, attempts, operation, is_url, host_of_task,
            effect == side_effect::attaches};
  }

  // The same for a call whose time is over.
  [[nodiscard]] call_description name_when_over(int attempts) const {
    auto made = name(attempts);
    made.bound = job_timeout.count() > 0 ? "the header jobTimeout"
                 : timeout_given         ? "the input timeout"
                                         : "the input timeout, which the task does not set,";
    made.bound_length = job_timeout.count() > 0 ? job_timeout : timeout;
    return made;
  }
};

}  // namespace connector::lambda
