// A cache over a scripted source; time is passed in, one loop.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <deque>
#include <memory>
#include <optional>
#include <string>
#include <utility>

#include "connector/aws/credentials/credentials_cache.h"
#include "connector/base/cancellation.h"

namespace connector::aws {

namespace asio = boost::asio;
using namespace std::chrono_literals;

// The part of its source that a test sees while the credentials_cache owns the source.
struct source_script {
  std::deque<fetched> answers;
  int fetches = 0;
  int ended = 0;
  bool waits = false;  // until `go`, or until it is cancelled
  asio::steady_timer* gate = nullptr;
  bool is_changed = false;
};

class scripted_source final : public credentials_source {
 public:
  explicit scripted_source(source_script& script) : script_(script) {}

  asio::awaitable<fetched> fetch(deadline /*end*/) override {
    ++script_.fetches;
    if (script_.waits) {
      asio::steady_timer gate(co_await asio::this_coro::executor, 1h);
      script_.gate = &gate;
      boost::system::error_code ignored;
      co_await gate.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
      script_.gate = nullptr;
    }
    ++script_.ended;
    if (script_.answers.empty())
      co_return source_failure{source_failure::kind::unavailable, "scripted: away"};
    auto next = std::move(script_.answers.front());
    script_.answers.pop_front();
    script_.is_changed = false;
    co_return next;
  }

  [[nodiscard]] bool changed() const override { return script_.is_changed; }
  [[nodiscard]] std::string describe() const override { return "scripted"; }

 private:
  source_script& script_;
};

class Refresher : public testing::Test {
 protected:
  Refresher() {
    refresh_settings how;
    how.wall_time = [this] { return wall; };
    how.now = [this] { return now; };
    how.random = [] { return 0.0; };
    tested = std::make_shared<credentials_cache>(loop.get_executor(),
                                                 std::make_unique<scripted_source>(source), how);
  }

  void pass(std::chrono::seconds time) {
    wall += time;
    now += time;
  }

  fetched keys(const std::string& id, std::optional<std::chrono::seconds> life = 1h) const {
    credentials made;
    made.access_key_id = id;
    made.source = "scripted keys";
    if (life) made.expires = wall + *life;
    return made;
  }

  using answer = std::shared_ptr<std::optional<result<credentials>>>;

  answer start(asio::cancellation_signal* stop = nullptr, boot_clock::duration within = 20s) {
    auto place = std::make_shared<std::optional<result<credentials>>>();
    auto handler = [place](std::exception_ptr bug, result<credentials> got) {
      EXPECT_FALSE(bug);
      *place = std::move(got);
    };
    auto work = get(tested, now + within);
    if (stop == nullptr) {
      asio::co_spawn(loop, std::move(work), handler);
    } else {
      asio::co_spawn(loop, std::move(work), asio::bind_cancellation_slot(stop->slot(), handler));
    }
    return place;
  }

  static asio::awaitable<result<credentials>> get(std::shared_ptr<credentials_cache> from,
                                                  deadline end) {
    co_await quiet_cancellation();
    auto got = co_await from->get(end);
    co_return got;
  }

  void run() {
    loop.restart();
    loop.run_for(20s);
  }

  // Everything that can happen without the source's answer.
  void settle() {
    loop.restart();
    while (loop.run_one_for(20ms) != 0) {
    }
  }

  std::string got() {
    const auto place = start();
    run();
    return text(place);
  }

  static std::string text(const answer& place) {
    if (!*place) return "(nothing)";
    return **place ? (**place)->access_key_id : "failed: " + (**place).error().message;
  }

  asio::io_context loop;
  source_script source;
  wall_clock::time_point wall{1'800'000'000s};
  boot_clock::time_point now{1000s};
  std::shared_ptr<credentials_cache> tested;
};

}  // namespace connector::aws
