#include "connector/lambda/service.h"

#include <fmt/format.h>

#include <chrono>
#include <stdexcept>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/lambda/attempt_loop.h"
#include "connector/lambda/call_limiter.h"
#include "connector/lambda/prepare.h"

namespace connector::lambda {

namespace {

namespace asio = boost::asio;

result<std::unique_ptr<operation_call>> prepared(std::vector<input_value> inputs, const call& asked,
                                                 const settings& how) {
  for (const auto& [operation, prepare_it] : preparations) {
    if (operation == asked.operation) return prepare_it(std::move(inputs), asked, how);
  }
  throw std::logic_error("an operation without an entry in prepare.h");
}

settings completed(settings how) {
  if (!how.random) how.random = system_random();
  if (!how.wall_time) how.wall_time = [] { return wall_clock::now(); };
  if (!how.now) how.now = [] { return boot_clock::now(); };
  return how;
}

class lambda_service final : public service {
 public:
  lambda_service(settings how, http::client& client, aws::credentials_provider& credentials)
      : settings_(completed(std::move(how))), attempts_(settings_, client, credentials) {}

  [[nodiscard]] result<void> check(const call& asked) const override {
    auto made = prepared(asked.inputs, asked, settings_);
    if (!made) return made.error();
    return {};
  }

  asio::awaitable<void> run_into(call& asked, outcome& out) override {
    return under_quiet_cancellation(run_quietly(asked, out));
  }

  [[nodiscard]] std::vector<throttled_function> throttled() const override {
    return attempts_.throttled();
  }

 private:
  // Cancellation ends in an outcome, not in an exception from the next await.
  asio::awaitable<void> run_quietly(call& asked, outcome& out) {
    auto started = settings_.now();
    const auto made = taken_from(asked, out);
    call_limiter::permit passed;
    if (made) {
      if (!begins_at_once(*made, asked.turn, passed)) {
        const bool turn = co_await is_its_turn(*made, asked.turn, passed, out);
        if (!turn) co_return;
        const auto waited = settings_.now() - started;
        started += waited;
        if (asked.end != deadline{}) asked.end += waited;
      }
      co_await attempts_.run(*made, asked, started, out);
    }
    out.call_time =
        std::chrono::duration_cast<std::chrono::milliseconds>(settings_.now() - started);
  }

  // Null: the outcome has the error. What the request was made of is not kept while it is under
  // way.
  std::unique_ptr<operation_call> taken_from(call& asked, outcome& out) const {
    auto made = prepared(std::exchange(asked.inputs, {}), asked, settings_);
    asked.job = {};
    if (made) return *std::move(made);
    out.result = std::move(made).error();
    return nullptr;
  }

  // Most calls. False: is_its_turn() says.
  bool begins_at_once(const operation_call& made, const turn_hooks& turn,
                      call_limiter::permit& into) {
    if (turn.comes && turn.hears_of_each) return false;
    if (settings_.limits == nullptr || !made.runs || !turn.may_wait) return true;
    return settings_.limits->enter_at_once(*made.runs, into);
  }

  // False: the outcome says why nothing is sent.
  asio::awaitable<bool> is_its_turn(const operation_call& made, const turn_hooks& turn,
                                    call_limiter::permit& into, outcome& out) {
    call_limiter::admittance let;
    if (settings_.limits != nullptr && made.runs && turn.may_wait) {
      let = co_await settings_.limits->enter(*made.runs, turn, into);
    }
    using enum call_limiter::admission;
    bool goes_on = let.how == granted;
    if (goes_on && turn.comes) goes_on = co_await turn.comes();
    if (goes_on) co_return true;
    out.function = made.function;
    out.region = made.region;
    error e;
    e.failure = failure_class::not_started;
    if (let.how == postponed) {
      e.code = error_code::too_many_requests;
      e.failure = failure_class::throttled;
      e.message = not_tried_text(
          made.name(0),
          fmt::format("the operator's limit (limits.functions) is {}", text_of(let.bounds)));
      out.postponed = let.back;
      out.limited = true;
    } else {
      e.code = error_code::cancelled;
      e.message = not_tried_text(made.name(0), "given up before it was sent");
    }
    out.result = std::move(e);
    co_return false;
  }

  const settings settings_;
  attempt_loop attempts_;
};

}  // namespace

std::unique_ptr<service> make_service(settings how, http::client& client,
                                      aws::credentials_provider& credentials) {
  return std::make_unique<lambda_service>(std::move(how), client, credentials);
}

}  // namespace connector::lambda
