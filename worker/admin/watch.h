// Keeps the facts for the probes: the loop's own timer, contact with the gateway, and whether there
// are credentials. It asks at its own times, so that a probe never waits and never causes traffic.
// The dependencies must outlive beat() and look(). Loop's thread.
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

// The result of an attempt to get credentials.
struct credentials_found {
  std::string error;   // empty: there are credentials
  std::string source;  // of the credentials
  std::optional<connector::wall_clock::time_point> expires;
  std::string key_id{};  // no secret: another one means that they were renewed
};

class watch {
 public:
  struct dependencies {
    // Whether the gateway answered; bounded in time.
    std::function<boost::asio::awaitable<bool>()> ask_gateway;
    // The time of the last answer to a poll.
    std::function<connector::boot_clock::time_point()> last_contact;
    // The time of its last answer that could not be read; nothing: there was none.
    std::function<std::optional<connector::boot_clock::time_point>()> unreadable_at;
    // Bounded in time.
    std::function<boost::asio::awaitable<credentials_found>()> try_credentials;
  };

  watch(boost::asio::any_io_executor loop, dependencies deps);

  // Both run until stop(); the caller must cancel look() too, because it may be waiting for an
  // answer.
  boost::asio::awaitable<void> beat();
  boost::asio::awaitable<void> look();
  // The worker takes no more jobs.
  void stopping() { stopping_ = true; }
  void stop();

  [[nodiscard]] health_facts facts() const;
  // The lateness of the loop's own timer at its last run.
  [[nodiscard]] std::chrono::milliseconds lag() const { return lag_; }
  // Nothing when the credentials do not expire, or when there are none.
  [[nodiscard]] std::optional<connector::wall_clock::time_point> credentials_expire() const {
    return credentials_.expires;
  }
  // Since these credentials were first seen; nothing when there are none.
  [[nodiscard]] std::optional<std::chrono::milliseconds> credentials_age() const;

 private:
  dependencies deps_;
  boost::asio::steady_timer beat_timer_;
  boost::asio::steady_timer look_timer_;
  std::chrono::steady_clock::time_point last_beat_;
  std::chrono::milliseconds lag_{0};
  connector::boot_clock::time_point contact_{};
  credentials_found credentials_{"not asked yet", {}, {}};
  connector::boot_clock::time_point renewed_{};
  bool stopping_ = false;
  bool stopped_ = false;
};

}  // namespace worker::admin
