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
  state* line = nullptr;  // null: no limit fits
  boot_clock::time_point began{};
};

// Where a call waits; it may move to another line when the limits change.
class call_limiter::place_in_line {
 public:
  place_in_line(call_limiter& of, asio::any_io_executor loop) : limiter_(of), timer(loop) {}
  place_in_line(const place_in_line&) = delete;
  place_in_line& operator=(const place_in_line&) = delete;
  ~place_in_line() { move_to(nullptr); }

  void move_to(state* line) {
    if (line == line_) return;
    if (line_ != nullptr) {
      line_->waiting.remove(&timer);
      --limiter_.waiting_;
      line_->wake_first();
      limiter_.forget_if_gone(*line_);
    }
    line_ = line;
    if (line_ == nullptr) return;
    line_->waiting.push_back(&timer);
    ++limiter_.waiting_;
  }

 private:
  call_limiter& limiter_;
  state* line_ = nullptr;

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

asio::awaitable<call_limiter::answer> call_limiter::enter(limited_target target,
                                                          const turn_hooks& turn, permit& into) {
  const auto longest = boot_clock::now() + settings_.longest_wait;
  std::optional<place_in_line> place;
  for (;;) {
    const auto* const limit = limit_for(target);
    if (limit == nullptr) {
      begin(std::move(target), nullptr, {}, into);
      co_return answer{};
    }
    state& line = state_for(*limit, target);
    const auto bounds = limit->bounds();
    const auto now = boot_clock::now();
    if (place) place->move_to(&line);
    const bool first = line.waiting.empty() || (place && line.waiting.front() == &place->timer);
    if (first && line.pace.may_begin(now, bounds)) {
      begin(std::move(target), &line, bounds, into);
      co_return answer{};
    }
    if (bounds.paused || now >= longest) co_return postpone(line, bounds);
    if (!place) {
      if (!has_place(line) || !turn.may_wait()) co_return postpone(line, bounds);
      const auto loop = co_await asio::this_coro::executor;
      place.emplace(*this, loop);
      place->move_to(&line);
    }
    // The first one looks again when its time comes; a call that ends wakes it earlier.
    auto until = longest;
    if (const auto next = line.pace.next_at(bounds); first && next && *next > now) {
      until = std::min(until, *next);
    }
    co_await wait_for(place->timer, until - now);
    const auto cancelled = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(cancelled)) co_return answer{admission::cancelled, {}, {}};
  }
}

// A line may take half of the places that are free, so that one function leaves some to the others.
bool call_limiter::has_place(const state& line) const {
  return line.waiting.size() + waiting_ < settings_.max_waiting;
}

call_limiter::answer call_limiter::postpone(state& line, const call_bounds& bounds) {
  ++counted_[line.pattern].postponed;
  const auto back = line.pace.come_back(boot_clock::now(), bounds, settings_.random);
  return {admission::postponed, bounds, back};
}

void call_limiter::begin(limited_target target, state* line, const call_bounds& bounds,
                         permit& into) {
  const auto now = boot_clock::now();
  if (line != nullptr) {
    line->pace.began(now, bounds);
    ++counted_[line->pattern].let_through;
  }
  permit made;
  made.at_ = live_.insert(live_.end(), live_call{std::move(target), line, now});
  made.limiter_ = this;
  into = std::move(made);
}

void call_limiter::end(live_calls::iterator which) {
  state* const line = which->line;
  if (line != nullptr) {
    line->pace.ended(boot_clock::now() - which->began);
    line->wake_first();
    forget_if_gone(*line);
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
void call_limiter::forget_if_gone(const state& line) {
  if (!line.waiting.empty() || line.pace.under_way() > 0 || !is_gone(line.pattern)) return;
  states_.erase(states_.find(line.key));
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
    if (now == each.line) continue;
    if (each.line != nullptr) each.line->pace.left();
    if (now != nullptr) now->pace.joined();
    each.line = now;
  }
  std::erase_if(counted_, [&](const auto& each) { return is_gone(each.first); });
  for (auto& [key, line] : states_) {
    for (auto* const timer : line.waiting) timer->cancel();
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
  for (const auto& [key, line] : states_) {
    const auto at = places.find(line.pattern);
    if (at == places.end()) continue;
    out[at->second].under_way += line.pace.under_way();
    out[at->second].waiting += line.waiting.size();
  }
  return out;
}

}  // namespace connector::lambda
