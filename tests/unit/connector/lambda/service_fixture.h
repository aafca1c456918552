// The service with a scripted client and scripted credentials, clocks that the test moves, and no
// waiting between attempts. One loop, one thread.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <optional>
#include <string>
#include <vector>

#include "connector/lambda/service.h"
#include "tests/unit/connector/lambda/scripted_client.h"

namespace connector::lambda {

class service_fixture : public testing::Test {
 public:
  service_fixture() {
    how.region = "us-east-1";
    how.random = [] { return 0.0; };  // no waiting between attempts
    how.concurrency.rest = {std::chrono::milliseconds(0), std::chrono::milliseconds(0)};
    how.wall_time = [this] { return wall += std::chrono::seconds(1); };
    how.now = [this] { return now; };
  }

  static call with(std::vector<input_value> inputs) {
    call out;
    out.inputs = std::move(inputs);
    out.job.job_key = "42";
    return out;
  }

  static call orders() {
    return with({{"functionName", "\"orders\""}, {"payload", "{\"id\":12345678901234567890}"}});
  }

  outcome run(call asked) {
    const auto tested = make_service(how, client, credentials);
    std::optional<outcome> out;
    boost::asio::co_spawn(loop, tested->run(std::move(asked)),
                          boost::asio::bind_cancellation_slot(
                              cancel.slot(), [&](std::exception_ptr failed, outcome value) {
                                EXPECT_FALSE(failed);
                                out = std::move(value);
                              }));
    loop.restart();
    loop.run_for(std::chrono::seconds(30));
    throttled = tested->throttled();
    if (!out) {
      ADD_FAILURE() << "the call did not end";
      return {};
    }
    return *std::move(out);
  }

  static std::string header(const http::request& of, std::string_view name) {
    return std::string(http::find_header(of.fields, name).value_or("(none)"));
  }

  boost::asio::io_context loop;
  boost::asio::cancellation_signal cancel;
  scripted_client client;
  scripted_credentials credentials;
  settings how;
  std::vector<throttled_function> throttled;                             // after the last run
  wall_clock::time_point wall = wall_clock::from_time_t(1'767'323'044);  // 2026-01-02T03:04:04Z
  boot_clock::time_point now = boot_clock::time_point(std::chrono::hours(1000));
};

}  // namespace connector::lambda
