// The half of core that waits: its timer, and those who wait for it to change.
#include <algorithm>
#include <chrono>

#include "tests/sandbox/engine/core.h"
#include "tests/sandbox/engine/rejections.h"

namespace sandbox::engine {

void core::run_due(turn& t) {
  for (auto it = polls_.begin(); it != polls_.end();) {
    if ((*it)->until > t.now()) {
      ++it;
      continue;
    }
    const auto end = back_pressure_ ? jobs_exhausted((*it)->wanted.type) : grpc::Status::OK;
    t.after([poll = *it, end] { poll->answer({}, end); });
    it = polls_.erase(it);
  }
  for (auto it = held_.begin(); it != held_.end();) {
    const bool due = (*it)->until && *(*it)->until <= t.now();
    if (due) t.after([call = *it] { call->time_out(); });
    it = due ? held_.erase(it) : std::next(it);
  }
}

milliseconds core::next_due() const {
  milliseconds next = milliseconds::max();
  for (const auto& poll : polls_) next = std::min(next, poll->until);
  for (const auto& call : held_) next = std::min(next, call->until.value_or(next));
  return next;
}

void core::run_timer() {
  auto next_expiry = std::chrono::steady_clock::now() + options_.expiry_interval;
  for (;;) {
    {
      std::unique_lock lock(mutex_);
      if (stopping_) return;
      auto wake = next_expiry;
      if (const milliseconds due = next_due(); due != milliseconds::max()) {
        wake = std::min(wake, std::chrono::steady_clock::now() + (due - now()));
      }
      timer_wakes_.wait_until(lock, wake);
      if (stopping_) return;
      const bool expiry = std::chrono::steady_clock::now() >= next_expiry;
      // Woken for nothing that is due: look again, without a turn that would wake others.
      if (!expiry && next_due() > now()) continue;
    }
    turn t(*this);
    run_due(t);
    if (const auto at = std::chrono::steady_clock::now(); at >= next_expiry) {
      next_expiry = at + options_.expiry_interval;
      if (quorum_) table_.expire(t.now());
    }
  }
}

bool core::wait_until(const std::function<bool()>& predicate, milliseconds timeout) {
  const auto deadline = std::chrono::steady_clock::now() + timeout;
  std::unique_lock lock(mutex_);
  ++watchers_;
  bool holds = false;
  for (bool last = false;;) {
    const auto seen = version_;
    lock.unlock();
    holds = predicate();
    lock.lock();
    if (holds || last) break;
    last = !changed_.wait_until(lock, deadline, [&] { return version_ != seen; });
  }
  --watchers_;
  return holds;
}

bool core::wait_all_ended(milliseconds timeout) {
  std::unique_lock lock(mutex_);
  ++watchers_;
  const bool ended = all_ended_.wait_for(lock, timeout, [&] { return table_.totals().open == 0; });
  --watchers_;
  return ended;
}

}  // namespace sandbox::engine
