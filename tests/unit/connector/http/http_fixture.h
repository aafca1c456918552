// What the tests of the client share: a loop, a client made on first use, and sends that are waited
// for with a bound. One thread, apart from the servers'.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connector/http/pooled_client.h"
#include "tests/unit/connector/http/script_server.h"

namespace connector::http {

inline request post(const destination& to, std::string body = "{}", std::string target = "/f") {
  return {"POST", to, std::move(target), {{"Content-Type", "application/json"}}, std::move(body)};
}

// Short enough for a test that hangs, long enough for a slow machine.
inline limits patient() {
  limits bounds;
  bounds.end = boot_clock::now() + std::chrono::seconds(25);
  return bounds;
}

// As `https://localhost` names one.
inline void over_tls(proxy& by) {
  by.host = "localhost";
  by.tls = true;
}

class HttpTest : public testing::Test {
 protected:
  client& http() {
    if (client_ == nullptr) client_ = make_client(loop_.get_executor(), settings_);
    return *client_;
  }

  // Runs the loop until `done`; false when it takes far too long.
  bool run_until(const std::function<bool()>& done) {
    const auto bound = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!done()) {
      if (std::chrono::steady_clock::now() > bound) return false;
      loop_.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  // Starts a send; the result appears in the returned place.
  std::shared_ptr<std::optional<result<response>>> start(http::request request,
                                                         limits bounds = patient()) {
    auto place = std::make_shared<std::optional<result<response>>>();
    auto sending = http().send(std::move(request), bounds);
    boost::asio::co_spawn(loop_, std::move(sending),
                          [place](std::exception_ptr bug, result<response> got) {
                            if (bug != nullptr) std::rethrow_exception(bug);
                            *place = std::move(got);
                          });
    return place;
  }

  result<response> send(http::request request, limits bounds = patient()) {
    auto place = start(std::move(request), bounds);
    if (!run_until([&] { return place->has_value(); })) {
      return failure{failure_kind::timeout, request_progress::sent, "the test waited too long"};
    }
    return **place;
  }

  // Every destination is reached through a proxy at this port of this machine.
  void go_through(std::uint16_t port, const std::function<void(proxy&)>& change = {}) {
    settings_.proxy_for = [port, change](const destination&) {
      proxy by;
      by.host = "127.0.0.1";
      by.port = port;
      if (change) change(by);
      return std::optional<proxy>(std::move(by));
    };
  }

  // The body of a 200, or the failure in words.
  std::string body_of(const result<response>& got) {
    return got ? got->body : "failed: " + got.error().message;
  }

  boost::asio::io_context loop_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      loop_.get_executor()};
  client_settings settings_;

  void drop_client() { client_.reset(); }

 private:
  std::unique_ptr<client> client_;
};

}  // namespace connector::http
