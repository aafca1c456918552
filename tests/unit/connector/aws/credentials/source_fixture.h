// What the tests of credential sources share: a loop, an environment, the client that may reach
// metadata, and a fetch that is waited for with a bound. One thread, apart from the stand-ins'.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <chrono>
#include <exception>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "connector/aws/credentials/metadata/metadata_request.h"
#include "connector/aws/credentials/source.h"

namespace connector::aws {

class SourceTest : public testing::Test {
 protected:
  [[nodiscard]] variables look_up() const {
    return [this](std::string_view name) -> std::optional<std::string> {
      const auto found = environment_.find(name);
      if (found == environment_.end()) return std::nullopt;
      return found->second;
    };
  }

  // Makes another client, for the environment as it is now.
  source_dependencies tools() {
    client_ = make_metadata_client(loop_.get_executor(), look_up(), "");
    return {*client_, look_up(), [this] { return wall_clock::now() + wall_ahead_; },
            [this] { return boot_clock::now() + ahead_; }};
  }

  bool run_until(const std::function<bool()>& done) {
    const auto bound = std::chrono::steady_clock::now() + std::chrono::seconds(30);
    while (!done()) {
      if (std::chrono::steady_clock::now() > bound) return false;
      loop_.run_one_for(std::chrono::milliseconds(20));
    }
    return true;
  }

  std::shared_ptr<std::optional<fetched>> start(
      credentials_source& from, std::chrono::milliseconds within = std::chrono::seconds(25)) {
    auto place = std::make_shared<std::optional<fetched>>();
    auto fetching = from.fetch(boot_clock::now() + ahead_ + within);
    boost::asio::co_spawn(loop_, std::move(fetching),
                          boost::asio::bind_cancellation_slot(
                              cancel_.slot(), [place](std::exception_ptr bug, fetched got) {
                                if (bug != nullptr) std::rethrow_exception(bug);
                                *place = std::move(got);
                              }));
    return place;
  }

  fetched fetch(credentials_source& from) {
    auto place = start(from);
    if (!run_until([&] { return place->has_value(); })) {
      return source_failure{source_failure::kind::rejected, "the test waited too long"};
    }
    return **place;
  }

  // "ok ASIA...", "unavailable: ...", "rejected: ...", "not configured: ..."
  static std::string words(const fetched& got) {
    if (got) return "ok " + got->access_key_id;
    switch (got.error().reason) {
      case source_failure::kind::not_configured:
        return "not configured: " + got.error().message;
      case source_failure::kind::unavailable:
        return "unavailable: " + got.error().message;
      case source_failure::kind::rejected:
        break;
    }
    return "rejected: " + got.error().message;
  }

  boost::asio::io_context loop_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_{
      loop_.get_executor()};
  boost::asio::cancellation_signal cancel_;
  std::map<std::string, std::string, std::less<>> environment_;
  std::chrono::seconds ahead_{0};       // of the clock for deadlines
  std::chrono::seconds wall_ahead_{0};  // of the clock for dates
  std::unique_ptr<http::client> client_;
};

}  // namespace connector::aws
