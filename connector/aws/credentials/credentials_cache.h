// Caches the credentials of one source and renews them before they expire. All callers share one
// fetch. While it runs, and when it fails, callers get the old keys until these expire. Keys that a
// service called expired are fetched again once. Held by shared_ptr, also by a fetch under way, so
// an owner may drop it at any time. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "connector/aws/credentials/refresh_plan.h"
#include "connector/aws/credentials/source.h"
#include "connector/base/backoff_limits.h"
#include "connector/base/clock.h"
#include "connector/base/result.h"

namespace connector::aws {

struct refresh_settings {
  refresh_limits limits;
  std::chrono::milliseconds fetch_time{30'000};  // limit of one fetch
  // The class of errors that a source rejects with: not_started when an operator can repair it
  // while jobs wait.
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

  // The cached keys, or the outcome of the fetch under way. A caller that is cancelled, or whose
  // `end` passes, gets an error; the fetch goes on for the others.
  boost::asio::awaitable<result<credentials>> get(deadline end);

  // Drops the cached keys when they have this id; ignores the id of other keys.
  void expired(const std::string& access_key_id);

  // Ends a fetch under way, and makes every get from now on fail.
  void stop();

  // The end of the keys has passed, and no fetch of others is under way.
  [[nodiscard]] bool is_over() const;

  // The source of the keys that are kept, else the source itself.
  [[nodiscard]] std::string describe() const;

 private:
  struct shared_fetch;
  struct kept {
    credentials keys;
    refresh_plan plan;
    std::shared_ptr<const void> watched;
    wall_clock::duration boot;  // wall clock minus the clock of the plan, when they were fetched
  };

  refresh_step step();
  bool is_changed();
  void start_fetch();
  static boost::asio::awaitable<void> fetch_shared(std::shared_ptr<credentials_cache> self,
                                                   std::shared_ptr<shared_fetch> own);
  void complete_fetch(fetched outcome);
  void drop_what_is_gone(source_failure::kind why);
  result<credentials> outcome_for(const std::shared_ptr<shared_fetch>& of, deadline end) const;
  [[nodiscard]] bool still_good() const;
  [[nodiscard]] wall_clock::duration boot_time() const;
  [[nodiscard]] bool clock_was_set() const;

  boost::asio::any_io_executor loop_;
  std::unique_ptr<credentials_source> source_;
  refresh_settings settings_;
  std::optional<kept> kept_;
  std::shared_ptr<shared_fetch> fetch_;  // null: none under way
  std::optional<error> failure_;         // of the last fetch
  int failures_ = 0;                     // in a row
  boot_clock::time_point quiet_until_{};
  std::optional<boot_clock::time_point> forced_;  // when keys were last called expired
  boot_clock::time_point looked_{};  // when the source was last asked whether it changed
  bool stale_ = false;               // changed since; the keys are good unless the fetch says more
  std::optional<boot_clock::time_point> gone_since_;  // the changed source has no keys any more
  bool stopped_ = false;
};

// CREDENTIALS_ERROR: unavailable and not_configured are not_started, rejected is `refusal`.
error error_of(const source_failure& failure, failure_class refusal);

}  // namespace connector::aws
