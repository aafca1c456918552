#include "connector/lambda/service.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/aws/error_table.h"
#include "connector/aws/sigv4.h"
#include "connector/lambda/attempt_failure.h"
#include "connector/lambda/invoke_input.h"
#include "connector/lambda/invoke_request.h"
#include "connector/lambda/invoke_response.h"

namespace connector::lambda {

namespace {

namespace asio = boost::asio;
using std::chrono::milliseconds;

// A call whose inputs are right.
struct prepared_call {
  http::request request;  // unsigned
  aws::identity who;
  std::string function;
  std::string region;
  invocation_type type = invocation_type::request_response;
  milliseconds timeout{0};
};

error not_started(error_code code, std::string message) {
  error e;
  e.code = code;
  e.what = failure_class::not_started;
  e.message = std::move(message);
  return e;
}

class invoke_service final : public service {
 public:
  invoke_service(settings how, http::client& client, aws::credentials_provider& credentials)
      : settings_(std::move(how)), client_(client), credentials_(credentials) {
    if (!settings_.random) settings_.random = system_random();
    if (!settings_.wall_time) settings_.wall_time = [] { return wall_clock::now(); };
    if (!settings_.now) settings_.now = [] { return boot_clock::now(); };
  }

  [[nodiscard]] result<void> check(const call& what) const override {
    auto prepared = prepare(what.inputs, what);
    if (!prepared) return prepared.error();
    return {};
  }

  asio::awaitable<outcome> run(call what) override {
    // Cancellation must end in an outcome, not in an exception from the next await.
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    outcome out;
    const auto started = settings_.now();
    co_await attempt_until_done(what, started, out);
    out.call_time = std::chrono::duration_cast<milliseconds>(settings_.now() - started);
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return out;
  }

 private:
  result<prepared_call> prepare(std::vector<input_value> inputs, const call& what) const {
    auto input = read_invoke_input(std::move(inputs));
    if (!input) return input.error();
    prepared_call out;
    out.region = input->region.empty() ? settings_.region : input->region;
    if (out.region.empty()) {
      return missing_input(
          "region: neither the task nor the function's name nor the worker names one");
    }
    auto where = aws::regional_endpoint("lambda", out.region);
    if (!where) return where.error();
    if (settings_.endpoint) where = *settings_.endpoint;
    if (!settings_.log_tail) input->log_tail = false;
    auto request = make_invoke_request(*input, what.job, what.job_context_in_payload, *where,
                                       settings_.user_agent);
    if (!request) return request.error();
    out.request = *std::move(request);
    out.who = std::move(input->who);
    out.who.region = out.region;
    out.function = std::move(input->function);
    out.type = input->type;
    out.timeout = input->timeout;
    return out;
  }

  asio::awaitable<void> attempt_until_done(call& what, boot_clock::time_point started,
                                           outcome& out) {
    auto prepared = prepare(std::move(what.inputs), what);
    if (!prepared) {
      out.what = prepared.error();
      co_return;
    }
    out.function = prepared->function;
    out.region = prepared->region;
    const deadline own_end = started + prepared->timeout;
    const deadline end = what.end == deadline{} ? own_end : std::min(what.end, own_end);
    std::string expired_key;  // the access key that the service called expired; empty: none yet
    for (;;) {
      auto keys = co_await credentials_.get(prepared->who, end);
      if (!keys) {
        out.what = without_credentials(*prepared, keys.error(), out.attempts);
        co_return;
      }
      // The same key again: there is nothing fresher, and the answer would be the same.
      if (!expired_key.empty() && keys->access_key_id == expired_key) co_return;
      if (what.may_send && !what.may_send()) {
        const auto text =
            not_tried_text(name_of(*prepared, out.attempts), "the job is no longer held here");
        out.what = not_started(error_code::cancelled, text);
        co_return;
      }
      ++out.attempts;
      const bool again = co_await attempt(*prepared, *keys, end, out);
      if (!again) co_return;
      if (says_expired(out)) {
        if (!expired_key.empty()) co_return;
        expired_key = keys->access_key_id;
        credentials_.expired(prepared->who, expired_key);
        continue;
      }
      const bool waited = co_await wait_for_next(end, out);
      if (!waited) co_return;
    }
  }

  // One request and its answer into `out`; true when it failed in a way that proves nothing ran.
  asio::awaitable<bool> attempt(const prepared_call& prepared, const aws::credentials& keys,
                                deadline end, outcome& out) {
    auto request = prepared.request;
    signer_.sign(request, keys, prepared.region, "lambda", settings_.wall_time());
    http::limits bounds;
    bounds.end = end;
    bounds.body_bytes = settings_.response_limit;
    auto answer = co_await client_.send(std::move(request), bounds);
    const auto name = name_of(prepared, out.attempts);
    if (!answer) {
      const auto& failure = answer.error();
      out.sent = out.sent || failure.request == http::progress::sent;
      out.what = failed_exchange(failure, name, prepared.type, settings_.response_limit);
      co_return out.failed()->what == failure_class::not_started;
    }
    out.sent = true;
    out.request_id = aws::request_id_of(*answer);
    if (!is_accepted(*answer)) {
      out.what = failed_answer(aws::read_service_error(*answer), name, prepared.type);
      const auto what = out.failed()->what;
      co_return what == failure_class::not_started || what == failure_class::throttled;
    }
    const int status = answer->status;
    auto read = read_invoke_answer(*std::move(answer), prepared.function);
    if (read) {
      out.what = *std::move(read);
    } else {
      error e = read.error();
      e.message = unusable_text(name, e.message, out.request_id);
      e.http_status = status;
      e.request_id = out.request_id;
      e.attempts = out.attempts;
      out.what = std::move(e);
    }
    co_return false;
  }

  // False when there is to be no other attempt; `out` then stays as the last one left it.
  asio::awaitable<bool> wait_for_next(deadline end, const outcome& out) {
    const auto left = std::chrono::duration_cast<milliseconds>(left_until(end, settings_.now()));
    const auto delay =
        delay_before_next(*out.failed(), out.attempts, left, settings_.retries, settings_.random);
    if (!delay) co_return false;
    const auto executor = co_await asio::this_coro::executor;
    asio::steady_timer timer(executor, *delay);
    boost::system::error_code failed;
    co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, failed));
    co_return !failed;
  }

  static bool says_expired(const outcome& out) {
    aws::service_failure failure;
    failure.name = out.failed()->aws_error;
    return aws::says_expired(failure);
  }

  static call_name name_of(const prepared_call& prepared, int attempts) {
    return {prepared.function, prepared.region, attempts};
  }

  static error without_credentials(const prepared_call& prepared, error why, int attempts) {
    why.message = not_tried_text(name_of(prepared, attempts), why.message);
    why.attempts = attempts;
    return why;
  }

  settings settings_;
  http::client& client_;
  aws::credentials_provider& credentials_;
  aws::signer signer_;
};

}  // namespace

std::unique_ptr<service> make_service(settings how, http::client& client,
                                      aws::credentials_provider& credentials) {
  return std::make_unique<invoke_service>(std::move(how), client, credentials);
}

}  // namespace connector::lambda
