#include "connector/lambda/call_limiter.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <optional>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/base/wait.h"

namespace connector::lambda {

namespace asio = boost::asio;

// What one limit counts as one.
struct call_limiter::state {
  std::string key;
  std::string pattern;
  call_bounds bounds;
  call_pace pace;
  std::list<boot_timer*> waiting;  // first come, first served

  void wake_first() const {
    if (!waiting.empty()) waiting.front()->cancel();
  }
};

struct call_limiter::live_call {
  limited_target target;
  state* queue = nullptr;  // null: no limit fits
  boot_clock::time_point began{};
};

// Where a call waits; it may move to another queue when the limits change.
class call_limiter::queue_place {
 public:
  queue_place(call_limiter& of, asio::any_io_executor loop) : limiter_(of), timer(loop) {}
  queue_place(const queue_place&) = delete;
  queue_place& operator=(const queue_place&) = delete;
  ~queue_place() { move_to(nullptr); }

  void move_to(state* queue) {
    if (queue == queue_) return;
    if (queue_ != nullptr) {
      queue_->waiting.remove(&timer);
      --limiter_.waiting_;
      queue_->wake_first();
      limiter_.forget_if_gone(*queue_);
    }
    queue_ = queue;
    if (queue_ == nullptr) return;
    queue_->waiting.push_back(&timer);
    ++limiter_.waiting_;
  }

 private:
  call_limiter& limiter_;
  state* queue_ = nullptr;

 public:
  boot_timer timer;
};

call_limiter::permit::permit(permit&& other) noexcept
    : limiter_(std::exchange(other.limiter_, nullptr)), at_(other.at_) {}

call_limiter::permit& call_limiter::permit::operator=(permit&& other) noexcept {
  std::swap(limiter_, other.limiter_);
  std::swap(at_, other.at_);
  return *this;
}

call_limiter::permit::~permit() {
  if (limiter_ != nullptr) limiter_->end(at_);
}

call_limiter::call_limiter(call_limiter_settings how) : settings_(std::move(how)) {
  if (!settings_.random) settings_.random = system_random();
}

call_limiter::~call_limiter() = default;

bool call_limiter::enter_at_once(const limited_target& target, permit& into) {
  const auto* const limit = limit_for(target);
  if (limit == nullptr) {
    begin(target, nullptr, {}, into);
    return true;
  }
  state& queue = state_for(*limit, target);
  const auto bounds = limit->bounds();
  if (!queue.waiting.empty() || !queue.pace.may_begin(boot_clock::now(), bounds)) return false;
  begin(target, &queue, bounds, into);
  return true;
}

asio::awaitable<call_limiter::admittance> call_limiter::enter(limited_target target,
                                                              const turn_hooks& turn,
                                                              permit& into) {
  const auto longest = boot_clock::now() + settings_.longest_wait;
  std::optional<queue_place> place;
  for (;;) {
    const auto* const limit = limit_for(target);
    if (limit == nullptr) {
      begin(std::move(target), nullptr, {}, into);
      co_return admittance{};
    }
    state& queue = state_for(*limit, target);
    const auto bounds = limit->bounds();
    const auto now = boot_clock::now();
    if (place) place->move_to(&queue);
    const bool first = queue.waiting.empty() || (place && queue.waiting.front() == &place->timer);
    if (first && queue.pace.may_begin(now, bounds)) {
      begin(std::move(target), &queue, bounds, into);
      co_return admittance{};
    }
    if (bounds.paused || now >= longest) co_return postpone(queue, bounds);
    if (!place) {
      if (!has_place(queue) || !turn.may_wait()) co_return postpone(queue, bounds);
      const auto loop = co_await asio::this_coro::executor;
      place.emplace(*this, loop);
      place->move_to(&queue);
    }
    // The first one looks again when its time comes; a call that ends wakes it earlier.
    auto until = longest;
    if (const auto next = queue.pace.next_at(bounds); first && next && *next > now) {
      until = std::min(until, *next);
    }
    co_await wait_for(place->timer, until - now);
    const auto cancelled = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(cancelled)) co_return admittance{admission::cancelled, {}, {}};
  }
}

// A queue may take half of the places that are free, so that one function leaves some to the
// others.
bool call_limiter::has_place(const state& queue) const {
  return queue.waiting.size() + waiting_ < settings_.max_waiting;
}

call_limiter::admittance call_limiter::postpone(state& queue, const call_bounds& bounds) {
  ++counted_[queue.pattern].postponed;
  const auto back = queue.pace.come_back(boot_clock::now(), bounds, settings_.random);
  return {admission::postponed, bounds, back};
}

void call_limiter::begin(limited_target target, state* queue, const call_bounds& bounds,
                         permit& into) {
  const auto now = boot_clock::now();
  if (queue != nullptr) {
    queue->pace.began(now, bounds);
    ++counted_[queue->pattern].let_through;
  }
  permit made;
  made.at_ = live_.insert(live_.end(), live_call{std::move(target), queue, now});
  made.limiter_ = this;
  into = std::move(made);
}

void call_limiter::end(live_calls::iterator which) {
  state* const queue = which->queue;
  if (queue != nullptr) {
    queue->pace.ended(boot_clock::now() - which->began);
    queue->wake_first();
    forget_if_gone(*queue);
  }
  live_.erase(which);
}

const call_limit* call_limiter::limit_for(const limited_target& target) const {
  const auto found = std::find_if(limits_.begin(), limits_.end(),
                                  [&](const call_limit& each) { return each.fits(target); });
  return found == limits_.end() ? nullptr : &*found;
}

call_limiter::state& call_limiter::state_for(const call_limit& limit,
                                             const limited_target& target) {
  auto key = limit.pattern() + "\n" + counted_as(target);
  if (!states_.contains(key)) {
    if (states_.size() >= max_states) forget_idle();
    // Names come from job data. Those beyond share one count, so that new names make no new room.
    if (states_.size() >= max_states) key = limit.pattern();
  }
  auto& found = states_[key];
  found.key = key;
  found.pattern = limit.pattern();
  found.bounds = limit.bounds();
  return found;
}

bool call_limiter::is_gone(const std::string& pattern) const {
  return std::none_of(limits_.begin(), limits_.end(),
                      [&](const call_limit& each) { return each.pattern() == pattern; });
}

// The operator has taken its limit away while calls of it ran or waited.
void call_limiter::forget_if_gone(const state& queue) {
  if (!queue.waiting.empty() || queue.pace.under_way() > 0 || !is_gone(queue.pattern)) return;
  states_.erase(states_.find(queue.key));
}

void call_limiter::forget_idle() {
  const auto now = boot_clock::now();
  std::erase_if(states_, [now](const auto& each) {
    return each.second.waiting.empty() && each.second.pace.idle(now, each.second.bounds);
  });
}

void call_limiter::replace(call_limits limits) {
  limits_ = std::move(limits);
  for (auto& each : live_) {
    const auto* const limit = limit_for(each.target);
    state* const now = limit == nullptr ? nullptr : &state_for(*limit, each.target);
    if (now == each.queue) continue;
    if (each.queue != nullptr) each.queue->pace.left();
    if (now != nullptr) now->pace.joined();
    each.queue = now;
  }
  std::erase_if(counted_, [&](const auto& each) { return is_gone(each.first); });
  for (auto& [key, queue] : states_) {
    for (auto* const timer : queue.waiting) timer->cancel();
  }
  std::erase_if(states_, [&](const auto& each) {
    return each.second.waiting.empty() && each.second.pace.under_way() == 0 &&
           is_gone(each.second.pattern);
  });
}

std::vector<limit_figures> call_limiter::figures() const {
  std::vector<limit_figures> out;
  std::map<std::string_view, std::size_t> places;
  for (const auto& limit : limits_) {
    limit_figures one;
    if (const auto found = counted_.find(limit.pattern()); found != counted_.end()) {
      one = found->second;
    }
    one.pattern = limit.pattern();
    one.bounds = limit.bounds();
    places.emplace(limit.pattern(), out.size());
    out.push_back(std::move(one));
  }
  for (const auto& [key, queue] : states_) {
    const auto at = places.find(queue.pattern);
    if (at == places.end()) continue;
    out[at->second].under_way += queue.pace.under_way();
    out[at->second].waiting += queue.waiting.size();
  }
  return out;
}

}  // namespace connector::lambda
