// A caching provider beside a stand-in for STS, with clocks that a test moves. One loop.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connector/aws/credentials/caching_provider.h"
#include "connector/aws/credentials/static_source.h"
#include "connector/http/pooled_client.h"
#include "tests/sandbox/aws/sts.h"
#include "tests/unit/connector/aws/credentials/source_fixture.h"

namespace connector::aws {

using namespace std::chrono_literals;

inline constexpr auto worker_role = "arn:aws:iam::123456789012:role/worker";
inline const sandbox::access_key worker_key;

inline credentials own_keys() {
  credentials made;
  made.access_key_id = worker_key.id;
  made.secret_access_key = secret_string(worker_key.secret);
  made.source = "test";
  return made;
}

// Gives one set of keys after the other.
class rotating_source final : public credentials_source {
 public:
  explicit rotating_source(std::deque<credentials> all) : all_(std::move(all)) {}
  boost::asio::awaitable<fetched> fetch(deadline /*end*/) override {
    auto next = all_.front();
    if (all_.size() > 1) all_.pop_front();
    co_return next;
  }
  [[nodiscard]] std::string describe() const override { return "rotating"; }

 private:
  std::deque<credentials> all_;
};

class Identities : public SourceTest {
 protected:
  Identities() { make(make_static_source(own_keys())); }

  void make(std::unique_ptr<credentials_source> own, std::size_t most = 1000) {
    http_ = http::make_client(loop_.get_executor(), {});
    // Signatures carry the true time, which the server checks.
    source_dependencies plain{*http_, look_up(), [] { return wall_clock::now(); },
                              [this] { return boot_clock::now() + ahead_; }};
    sts_settings how;
    how.endpoint_of = [this](std::string_view region) {
      regions_.emplace_back(region);
      return parse_endpoint(server_.url());
    };
    how.session_name = "tester";
    how.random = [] { return 0.0; };
    sts_ = std::make_unique<sts>(plain, how);
    identity_settings settings;
    settings.max_identities = most;
    settings.refresh.wall_time = [this] { return wall_clock::now() + wall_ahead_; };
    settings.refresh.now = plain.now;
    settings.refresh.random = [] { return 0.0; };
    tested_ =
        std::make_unique<caching_provider>(loop_.get_executor(), *sts_, std::move(own), settings);
  }

  static identity as_role(const std::string& arn = worker_role) {
    identity who;
    who.role = assumed_role{};
    who.role->role_arn = arn;
    who.region = "us-east-1";
    return who;
  }

  void begin(const identity& who, std::shared_ptr<std::vector<std::string>> into) {
    boost::asio::co_spawn(loop_, tested_->get(who, boot_clock::now() + ahead_ + 25s),
                          [into](std::exception_ptr bug, result<credentials> got) {
                            EXPECT_FALSE(bug);
                            into->push_back(got ? got->access_key_id
                                                : std::string(name_of(got.error().failure)) + ": " +
                                                      got.error().message);
                          });
  }

  std::vector<std::string> get(const identity& who, std::size_t times) {
    auto all = std::make_shared<std::vector<std::string>>();
    for (std::size_t i = 0; i < times; ++i) begin(who, all);
    EXPECT_TRUE(run_until([&] { return all->size() == times; }));
    return *all;
  }
  std::string get(const identity& who) { return get(who, 1).front(); }

  sandbox::sts server_;
  std::vector<std::string> regions_;
  std::unique_ptr<http::client> http_;
  std::unique_ptr<sts> sts_;
  std::unique_ptr<caching_provider> tested_;
};

}  // namespace connector::aws
