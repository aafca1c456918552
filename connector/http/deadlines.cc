#include "connector/http/deadlines.h"

#include <algorithm>
#include <chrono>

namespace connector::http {
namespace {

// How late a limit may be seen that passed while the machine slept: the timer does not count then.
constexpr auto longest_tick = std::chrono::seconds(1);

}  // namespace

void deadlines::arm(timed& limit, deadline at) {
  limit.disarm();
  limit.at_ = at;
  all_.insert(limit);
  if (at < next_tick_) schedule(boot_clock::now());
}

void deadlines::rest() {
  next_tick_ = deadline::max();
  timer_.cancel();
}

void deadlines::schedule(boot_clock::time_point now) {
  const auto left =
      std::min<boot_clock::duration>(left_until(all_.begin()->at_, now), longest_tick);
  const deadline at = now + left;
  if (at >= next_tick_) return;
  next_tick_ = at;
  timer_.expires_after(left);
  timer_.async_wait([self = weak_from_this(), at](const boost::system::error_code&) {
    const auto alive = self.lock();
    // Of several ticks under way only the one last scheduled counts.
    if (alive && alive->next_tick_ == at) alive->tick();
  });
}

void deadlines::tick() {
  next_tick_ = deadline::max();
  const auto now = boot_clock::now();
  while (!all_.empty() && all_.begin()->at_ <= now) {
    timed& over = *all_.begin();
    over.disarm();
    over.time_over();
  }
  if (!all_.empty()) schedule(boot_clock::now());
}

}  // namespace connector::http
