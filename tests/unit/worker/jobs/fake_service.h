// The connector as a test writes it: each call ends with the outcome that the test has set, at once
// or when the test says so. As the real one it asks may_send before it calls. Must outlive its
// calls. Test's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <list>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connector/base/cancellation.h"
#include "connector/connector.h"

namespace worker::jobs {

class fake_service final : public connector::service {
 public:
  explicit fake_service(boost::asio::any_io_executor loop) : loop_(std::move(loop)) {}

  // How calls end from now on.
  connector::outcome outcome = answered();
  // What check() finds wrong.
  std::optional<connector::error> refusal;
  // Calls stay open until end_open(), or until they are cancelled.
  bool leave_open = false;
  // A limit of the operator keeps calls waiting until let_begin(), when the worker lets them wait.
  bool limit = false;
  bool let_begin() {
    if (turns_.empty()) return false;
    turns_.front()->cancel();
    return true;
  }
  static connector::outcome postponed() {
    auto out = failed(connector::error_code::too_many_requests, connector::failure_class::throttled,
                      false);
    out.postponed = std::chrono::seconds(20);
    out.limited = true;
    return out;
  }
  // Thrown out of a call: a bug.
  bool throws = false;

  // The keys of the jobs that were called for, and the names of durable executions.
  std::vector<std::string> called;
  std::vector<std::string> durable_names;
  [[nodiscard]] std::size_t open() const { return open_.size(); }
  bool end_open() {
    for (auto& one : open_) {
      if (std::exchange(one.ended, true)) continue;
      one.wake.cancel();
      return true;
    }
    return false;
  }

  static connector::outcome answered() {
    connector::outcome out;
    connector::answer answer;
    answer.variables = {{"statusCode", "200"}, {"payload", R"({"n":1})"}};
    out.result = std::move(answer);
    out.sent = true;
    out.may_have_run = true;
    out.function = "orders";
    out.region = "eu-west-1";
    return out;
  }

  static connector::outcome failed(connector::error_code code, connector::failure_class failure,
                                   bool sent) {
    connector::outcome out;
    connector::error e;
    e.code = code;
    e.failure = failure;
    e.message = "Something about the call.";
    out.result = std::move(e);
    out.sent = sent;
    out.may_have_run = failure == connector::failure_class::ambiguous;
    return out;
  }

  [[nodiscard]] connector::result<void> check(const connector::call& /*call*/) const override {
    if (refusal) return *refusal;
    return {};
  }

  boost::asio::awaitable<void> run_into(connector::call& call, connector::outcome& out) override {
    out = co_await ended(call);
  }

 private:
  struct open_call {
    explicit open_call(const boost::asio::any_io_executor& loop)
        : wake(loop, boost::asio::steady_timer::time_point::max()) {}
    boost::asio::steady_timer wake;
    bool ended = false;
  };

  boost::asio::awaitable<connector::outcome> ended(connector::call& call) {
    using connector::error_code;
    using connector::failure_class;
    if (throws) throw std::runtime_error("a bug of the test");
    if (limit && !call.turn.may_wait()) co_return postponed();
    if (limit) {
      boost::asio::steady_timer turn(loop_, boost::asio::steady_timer::time_point::max());
      turns_.push_back(&turn);
      boost::system::error_code ignored;
      co_await turn.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
      turns_.remove(&turn);
      const auto cancelled = co_await boost::asio::this_coro::cancellation_state;
      if (connector::is_cancelled(cancelled)) {
        co_return failed(error_code::cancelled, failure_class::not_started, false);
      }
    }
    const bool comes = !call.turn.comes || co_await call.turn.comes();
    if (!comes) co_return failed(error_code::cancelled, failure_class::not_started, false);
    if (call.may_send && !call.may_send()) {
      co_return failed(error_code::cancelled, failure_class::not_started, false);
    }
    called.push_back(call.job.job_key);
    if (call.durable) durable_names.push_back(call.durable->name);
    if (leave_open) {
      const auto me = open_.emplace(open_.end(), loop_);
      boost::system::error_code ignored;
      co_await me->wake.async_wait(
          boost::asio::redirect_error(boost::asio::use_awaitable, ignored));
      const bool ended = me->ended;
      open_.erase(me);
      if (!ended) co_return failed(error_code::ambiguous, failure_class::ambiguous, true);
    }
    co_return outcome;
  }

  boost::asio::any_io_executor loop_;
  std::list<open_call> open_;
  std::list<boost::asio::steady_timer*> turns_;
};

}  // namespace worker::jobs
