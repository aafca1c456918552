// The door: the worker passes an operation with its inputs, and gets an outcome. The rooms behind
// the door know AWS and nothing of the engine; the worker knows nothing of AWS. The service
// outlives every call. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/clock.h"
#include "connector/base/result.h"
#include "connector/guard.h"
#include "connector/operations.h"
#include "connector/outcome.h"

namespace connector {

// One input of the task, secrets resolved.
struct input_value {
  std::string name;   // as in operations.h
  std::string value;  // JSON text: a slice of the variables document, or a quoted header
  // A string whose text was no JSON before a secret was put in: it stays a string, whatever the
  // secret made of it.
  bool literal_text = false;
};

// What a function may see of the job that called it.
struct job_context {
  std::string job_key;
  std::string process_instance_key;
  std::string bpmn_process_id;
  std::string element_id;
  std::string element_instance_key;
  std::optional<int> retries = 0;
  std::string tenant_id;
  // Of engines that have them (8.8, 8.10).
  std::string business_id;
  std::optional<int> priority;
  std::string physical_tenant;
  std::vector<std::string> tags;
};

// A function runs for at most 30 minutes (Lambda's service model of 2026-11-20); half a minute more
// is for the way there and back.
inline constexpr std::chrono::milliseconds longest_call =
    std::chrono::minutes(30) + std::chrono::seconds(30);

// A durable execution: however often a call with one name and one payload is sent, it runs once,
// and each call after the first attaches to it.
struct durable_run {
  // Its name, unless the input durableExecutionName gives one.
  std::string name;
  // Added to either name: another run, after a failed one.
  std::string suffix;
  // Starts it and does not wait for it; the outcome is `unfinished`.
  bool poll = false;
  // The ARN of the execution that was started before; empty: none. It is asked about instead.
  std::string execution;
  // Stops the execution that runs, by its ARN or its name, instead of all of this.
  bool stop = false;
};

// How the worker goes along with a call that an operator's limit keeps waiting. Both empty: a call
// by hand, which has no limit.
struct turn_hooks {
  // The call is over a limit. True: it waits here for a moment; false: it is postponed at once.
  std::function<bool()> may_wait;
  // Its turn has come, after a wait, and nothing was sent yet. False: it is given up.
  std::function<boost::asio::awaitable<bool>()> comes;
  // `comes` is asked for a call that need not wait, too.
  bool hears_of_each = false;
};

struct call {
  operation_id operation = operation_id::invoke;
  std::vector<input_value> inputs;
  job_context job;
  // Upper bound of the whole call, from the header jobTimeout; the input `timeout` may be shorter.
  // The wait for its turn under a limit of the operator does not count.
  deadline end{};
  // That header, or zero without it; for messages.
  std::chrono::milliseconds job_timeout{0};
  // From the header atMostOnce: a request that may have run is never sent again, and an answer
  // counts only when it is certain that Lambda gave it.
  bool at_most_once = false;
  // Name under which the job's block is added to an object payload of an Event call; empty: not.
  std::string job_context_in_payload;
  // INVOKE calls a durable function under a name; no value: it does not.
  std::optional<durable_run> durable;
  // What the operator lets this job do; null: a guard without lists.
  std::shared_ptr<const guard> allowed;
  // Asked right before the first byte of each attempt. False: the worker does not hold the job any
  // more; nothing is sent, and the outcome is an error of class not_started.
  std::function<bool()> may_send;
  turn_hooks turn;
};

// A function whose calls are limited here since Lambda throttled it, or an operation of its API.
struct throttled_function {
  std::string function;  // as a throttled call named it, without secrets; else the operation
  std::string region;    // without secrets
  double at_once = 0;    // calls that may be under way; below 1: with pauses in between
  std::size_t under_way = 0;
  std::size_t waiting = 0;  // here, for their turn
};

class service {
 public:
  service() = default;
  service(const service&) = delete;
  service& operator=(const service&) = delete;
  virtual ~service() = default;

  // Checks the inputs without a call. The worker does so before it writes the marker of atMostOnce.
  [[nodiscard]] virtual result<void> check(const call& asked) const = 0;

  // Runs one call to its end and writes what came of it into `out`, a fresh one. Takes the inputs
  // and the job out of `asked`. Both must outlive the run: ten thousand calls may wait, and no
  // coroutine on the way keeps copies. Throws only for bugs. Cancelling the coroutine abandons the
  // call; the outcome then says whether something was sent.
  virtual boost::asio::awaitable<void> run_into(call& asked, outcome& out) = 0;

  // The same for a single call.
  boost::asio::awaitable<outcome> run(call asked) {
    outcome out;
    co_await run_into(asked, out);
    co_return out;
  }

  // For metrics. One for each identity that is throttled; the number is bounded.
  [[nodiscard]] virtual std::vector<throttled_function> throttled() const { return {}; }
};

}  // namespace connector
