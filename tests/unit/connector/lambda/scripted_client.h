// An http::client that answers from a list, and a credentials provider that does the same; both
// keep what they were asked. One loop, one thread.
#pragma once

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <deque>
#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "connector/aws/credentials/provider.h"
#include "connector/http/client.h"

namespace connector::lambda {

inline http::result<http::response> answer_with(int status, std::string body,
                                                http::headers fields = {}) {
  http::response made;
  made.status = status;
  made.body = std::move(body);
  made.fields = std::move(fields);
  return made;
}

inline http::result<http::response> break_with(http::failure_kind kind,
                                               http::request_progress request) {
  return http::failure{kind, request, "scripted"};
}

class scripted_client final : public http::client {
 public:
  struct exchange {
    http::request request;
    http::limits bounds;
  };

  std::deque<http::result<http::response>> answers;
  bool hang = false;  // once the answers are used up: wait until cancelled
  std::vector<exchange> sent;
  std::function<void()> on_send;

  boost::asio::awaitable<http::result<http::response>> send(http::request request,
                                                            http::limits bounds) override {
    sent.push_back({std::move(request), bounds});
    if (on_send) on_send();
    if (!answers.empty()) {
      auto next = std::move(answers.front());
      answers.pop_front();
      co_return next;
    }
    if (!hang)
      co_return break_with(http::failure_kind::connect, http::request_progress::nothing_sent);
    const auto executor = co_await boost::asio::this_coro::executor;
    boost::asio::steady_timer never(executor, std::chrono::hours(1));
    boost::system::error_code cancelled;
    co_await never.async_wait(boost::asio::redirect_error(boost::asio::use_awaitable, cancelled));
    co_return break_with(http::failure_kind::cancelled, http::request_progress::sent);
  }

  [[nodiscard]] http::counters count() const override { return {}; }
};

class scripted_credentials final : public aws::credentials_provider {
 public:
  std::string key = "AKID1";
  bool renews = false;  // expired() makes a new key
  std::vector<std::string> expired_keys;
  std::vector<aws::identity> asked;
  std::optional<error> failure;

  boost::asio::awaitable<result<aws::credentials>> get(aws::identity who,
                                                       deadline /*end*/) override {
    asked.push_back(std::move(who));
    if (failure) co_return *failure;
    aws::credentials made;
    made.access_key_id = key;
    made.secret_access_key = secret_string("secret");
    co_return made;
  }

  void expired(const aws::identity& /*who*/, const std::string& access_key_id) override {
    expired_keys.push_back(access_key_id);
    if (renews) key += "x";
  }

  [[nodiscard]] std::string describe() const override { return "scripted"; }
};

}  // namespace connector::lambda
