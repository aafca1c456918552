// Admits calls as the operator's limits allow, first come first served for each function. A call
// over a limit waits here for a few seconds, with the worker's help, in one of a bounded number of
// places; one that finds none is postponed. Outlives every call and every permit. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <list>
#include <map>
#include <string>
#include <vector>

#include "connector/base/backoff_limits.h"
#include "connector/base/boot_timer.h"
#include "connector/call_limits.h"
#include "connector/connector.h"
#include "connector/lambda/call_pace.h"

namespace connector::lambda {

struct call_limiter_settings {
  std::size_t max_waiting = 0;  // of all functions together; 0: no call waits
  random_source random;         // empty: system_random()
  // As long as an engine takes to bring postponed calls back, so that there is always one here that
  // may begin; and short, because another worker may have room for the job.
  std::chrono::milliseconds longest_wait{5000};
};

class call_limiter {
  struct state;
  struct live_call;
  using live_calls = std::list<live_call>;

 public:
  explicit call_limiter(call_limiter_settings how);
  ~call_limiter();
  call_limiter(const call_limiter&) = delete;
  call_limiter& operator=(const call_limiter&) = delete;

  // The right to make one call; its destructor returns it.
  class permit {
   public:
    permit() = default;
    permit(permit&& other) noexcept;
    permit& operator=(permit&& other) noexcept;
    ~permit();

   private:
    friend class call_limiter;
    call_limiter* limiter_ = nullptr;
    live_calls::iterator at_;
  };

  enum class admission { granted, postponed, cancelled };
  struct admittance {
    admission how = admission::granted;
    call_bounds bounds;                 // that were in the way, of a postponed call
    std::chrono::milliseconds back{0};  // after so long it may try again
  };

  // False: it has to wait, or is postponed, which enter() finds out.
  bool enter_at_once(const limited_target& target, permit& into);

  // Quiet cancellation (base/cancellation.h). `turn` outlives the call of it.
  boost::asio::awaitable<admittance> enter(limited_target target, const turn_hooks& turn,
                                           permit& into);

  // Counts from now on, for the calls that wait too.
  void replace(call_limits limits);

  // In the operator's order.
  [[nodiscard]] std::vector<limit_figures> figures() const;
  [[nodiscard]] std::size_t waiting() const { return waiting_; }
  // Functions that are kept in mind.
  [[nodiscard]] std::size_t size() const { return states_.size(); }

 private:
  class queue_place;

  [[nodiscard]] const call_limit* limit_for(const limited_target& target) const;
  state& state_for(const call_limit& limit, const limited_target& target);
  [[nodiscard]] bool has_place(const state& queue) const;
  admittance postpone(state& queue, const call_bounds& bounds);
  void begin(limited_target target, state* queue, const call_bounds& bounds, permit& into);
  void end(live_calls::iterator which);
  [[nodiscard]] bool is_gone(const std::string& pattern) const;
  void forget_if_gone(const state& queue);
  void forget_idle();

  static constexpr std::size_t max_states = 1000;

  call_limiter_settings settings_;
  call_limits limits_;
  std::map<std::string, state, std::less<>> states_;
  live_calls live_;  // all that are under way, for limits that come later too
  std::map<std::string, limit_figures, std::less<>> counted_;  // by pattern
  std::size_t waiting_ = 0;
};

}  // namespace connector::lambda
