// Keeps the facts that the probes answer from: a beat of the loop, contact with the gateway, and
// whether credentials can be had. Asked on its own time, so that a probe never waits and never
// causes traffic. What it is given must outlive run(). Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <optional>
#include <string>

#include "connector/base/clock.h"
#include "worker/admin/health.h"

namespace worker::admin {

// What a look at the credentials found.
struct credentials_found {
  std::string wrong;  // empty: there are some
  std::optional<connector::wall_clock::time_point> expires;
};

class watch {
 public:
  struct dependencies {
    // Whether the gateway answered; bounded in time.
    std::function<boost::asio::awaitable<bool>()> ask_gateway;
    // When a poll last heard from it.
    std::function<connector::boot_clock::time_point()> last_contact;
    // When an answer of its came last that could not be read; nothing: never.
    std::function<std::optional<connector::boot_clock::time_point>()> unreadable_at;
    // Bounded in time.
    std::function<boost::asio::awaitable<credentials_found>()> try_credentials;
  };

  watch(boost::asio::any_io_executor loop, dependencies deps);

  // Both go on until stop(); `look` is to be cancelled besides, because it may be asking.
  boost::asio::awaitable<void> beat();
  boost::asio::awaitable<void> look();
  // No more jobs are taken from now on.
  void stopping() { stopping_ = true; }
  void stop();

  [[nodiscard]] health_facts facts() const;
  // How late the loop's own timer was when it last ran.
  [[nodiscard]] std::chrono::milliseconds lag() const { return lag_; }
  // Nothing: they do not expire, or there are none.
  [[nodiscard]] std::optional<connector::wall_clock::time_point> credentials_expire() const {
    return credentials_.expires;
  }

 private:
  dependencies deps_;
  boost::asio::steady_timer beat_timer_;
  boost::asio::steady_timer look_timer_;
  std::chrono::steady_clock::time_point last_beat_;
  std::chrono::milliseconds lag_{0};
  connector::boot_clock::time_point contact_{};
  credentials_found credentials_{"not asked yet", {}};
  bool stopping_ = false;
  bool stopped_ = false;
};

}  // namespace worker::admin
