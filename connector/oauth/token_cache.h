// Keeps one token and renews it when four fifths of its life are over. All callers share one
// request. While it runs, and when it fails, callers get the old token until that expires. A token
// that the gateway refused is renewed at once, but not again for half a minute. Held by shared_ptr,
// also by a request under way. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "connector/base/backoff_limits.h"
#include "connector/base/boot_timer.h"
#include "connector/oauth/access_token.h"
#include "connector/oauth/token_plan.h"

namespace connector::oauth {

// A place that other processes share: they take over what one of them got. Either may be empty.
struct token_store {
  std::function<std::optional<access_token>()> load;
  std::function<void(const access_token&)> save;
};

struct token_cache_settings {
  // Asks the token server once; ends by `end`.
  std::function<boost::asio::awaitable<result<access_token>>(deadline end)> fetch;
  token_store store;
  std::chrono::milliseconds fetch_time{30'000};  // limit of one request
  // Pauses after requests that failed, with equal jitter.
  backoff_limits pauses{std::chrono::milliseconds(1000), std::chrono::milliseconds(30'000)};
  std::chrono::milliseconds between_refusals{30'000};
  random_source random;  // empty: system_random()
  // Called with each token, so that redaction masks it. The handle is kept as long as the token.
  std::function<std::shared_ptr<const void>(const secret_string& token)> watch;  // may be empty
};

// For metrics.
struct token_figures {
  std::uint64_t fetched = 0;                    // from the server
  std::uint64_t failed = 0;                     // requests
  std::uint64_t taken_over = 0;                 // from the store
  std::uint64_t refused = 0;                    // by the gateway
  std::optional<boot_clock::time_point> since;  // of the token that is kept
  std::optional<boot_clock::time_point> expires;
};

class token_cache : public std::enable_shared_from_this<token_cache> {
 public:
  token_cache(boost::asio::any_io_executor loop, token_cache_settings how);
  ~token_cache();
  token_cache(const token_cache&) = delete;
  token_cache& operator=(const token_cache&) = delete;

  // A token that is good, or why there is none. A caller that is cancelled, or whose `end` passes,
  // gets a failure; the request goes on for the others.
  boost::asio::awaitable<result<access_token>> get(deadline end);

  // The gateway answered UNAUTHENTICATED to this token. True: get() has another one, or asks for
  // one.
  bool refused(const secret_string& token);

  // Renews the token in time without a caller, until stop().
  void keep_fresh();
  // Ends a request under way; every get from now on gives what there is.
  void stop();

  [[nodiscard]] token_figures figures() const;

 private:
  struct shared_fetch;

  [[nodiscard]] token_step step() const;
  [[nodiscard]] bool usable() const;
  void start_fetch();
  static boost::asio::awaitable<void> fetch_shared(std::shared_ptr<token_cache> self,
                                                   std::shared_ptr<shared_fetch> own);
  static boost::asio::awaitable<void> renew_in_time(std::shared_ptr<token_cache> self);
  [[nodiscard]] boot_clock::time_point due() const;
  std::optional<access_token> stored() const;
  void complete(const std::shared_ptr<shared_fetch>& own, result<access_token> outcome);
  void take(access_token token);
  void fail(token_failure why);

  boost::asio::any_io_executor loop_;
  token_cache_settings settings_;
  std::optional<access_token> token_;
  token_plan plan_{};
  std::shared_ptr<const void> watched_;
  std::shared_ptr<shared_fetch> fetch_;   // null: none under way
  std::optional<token_failure> failure_;  // of the last request
  int failures_ = 0;                      // in a row
  boot_clock::time_point quiet_until_{};
  bool renew_now_ = false;                              // the token was refused
  std::optional<boot_clock::time_point> last_refusal_;  // that was believed
  boot_timer next_;                                     // of renew_in_time()
  token_figures count_;
  bool stopped_ = false;
};

}  // namespace connector::oauth
