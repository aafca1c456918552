// Keeps the credentials of one source good: one fetch at a time, shared by all who wait; early,
// with the old ones in use meanwhile and for as long as they live when it fails; never more than
// one fetch for keys that a service called expired. Held by shared_ptr: a fetch under way keeps it,
// so that whoever holds it may drop it at any time. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "connector/aws/credentials/refresh_plan.h"
#include "connector/aws/credentials/source.h"
#include "connector/base/backoff.h"
#include "connector/base/clock.h"
#include "connector/base/result.h"

namespace connector::aws {

struct refresh_settings {
  refresh_limits limits;
  std::chrono::milliseconds fetch_time{30'000};  // bounds a fetch, whoever waits for it
  // The class of what a source refuses: not_started where an operator can repair it while jobs
  // wait.
  failure_class refusal = failure_class::permanent;
  std::function<wall_clock::time_point()> wall_time;  // empty: the system's
  std::function<boot_clock::time_point()> now;        // empty: boot_clock
  random_source random;                               // empty: system_random()
  key_watch watch;                                    // may be empty
};

class credentials_cache : public std::enable_shared_from_this<credentials_cache> {
 public:
  credentials_cache(boost::asio::any_io_executor loop, std::unique_ptr<credentials_source> source,
                    refresh_settings how);
  credentials_cache(const credentials_cache&) = delete;
  credentials_cache& operator=(const credentials_cache&) = delete;
  ~credentials_cache();

  // What is kept, or the outcome of the fetch under way. A caller who is cancelled, or whose `end`
  // comes, ends with an error; the fetch goes on for the others.
  boost::asio::awaitable<result<credentials>> get(deadline end);

  // Of the keys that are kept now: they are not used again. Of other keys: nothing happens.
  void expired(const std::string& access_key_id);

  // Ends a fetch under way, and makes every get from now on fail.
  void stop();

  // The source of the keys that are kept, else the source itself.
  [[nodiscard]] std::string describe() const;

 private:
  struct flight;
  struct kept {
    credentials keys;
    refresh_plan plan;
    std::shared_ptr<const void> watched;
  };

  refresh_step step();
  bool is_changed();
  void start_flight();
  static boost::asio::awaitable<void> fetch_shared(std::shared_ptr<credentials_cache> self,
                                                   std::shared_ptr<flight> own);
  void complete_fetch(fetched outcome);
  result<credentials> outcome_for(const std::shared_ptr<flight>& of, deadline end) const;
  [[nodiscard]] bool still_good() const;

  boost::asio::any_io_executor loop_;
  std::unique_ptr<credentials_source> source_;
  refresh_settings how_;
  std::optional<kept> kept_;
  std::shared_ptr<flight> flight_;  // null: none under way
  std::optional<error> failure_;    // of the last fetch
  int failures_ = 0;                // in a row
  boot_clock::time_point quiet_until_{};
  std::optional<boot_clock::time_point> forced_;  // when keys were last called expired
  boot_clock::time_point looked_{};  // when the source was last asked whether it changed
  bool stale_ = false;               // changed since; the keys are good unless the fetch says more
  bool stopped_ = false;
};

// CREDENTIALS_ERROR: away and not configured are not_started, a refusal is `refusal`.
error error_of(const source_failure& failure, failure_class refusal);

}  // namespace connector::aws
