#include "connector/lambda/concurrency_limiter.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/base/wait.h"

namespace connector::lambda {

namespace asio = boost::asio;

concurrency_limiter::permit::permit(permit&& other) noexcept
    : limiter_(std::exchange(other.limiter_, nullptr)), at_(other.at_), ticket_(other.ticket_) {}

concurrency_limiter::permit& concurrency_limiter::permit::operator=(permit&& other) noexcept {
  std::swap(limiter_, other.limiter_);
  std::swap(at_, other.at_);
  std::swap(ticket_, other.ticket_);
  return *this;
}

concurrency_limiter::permit::~permit() {
  if (limiter_ == nullptr) return;
  at_->second.limit.ended();
  limiter_->left(at_);
}

void concurrency_limiter::permit::worked() {
  if (limiter_ == nullptr) return;
  concurrency_limiter* const gate = std::exchange(limiter_, nullptr);
  at_->second.limit.worked(ticket_, gate->settings_.now(), gate->settings_.bounds);
  gate->left(at_);
}

void concurrency_limiter::permit::throttled(std::chrono::milliseconds asked,
                                            throttled_function who) {
  if (limiter_ == nullptr) return;
  concurrency_limiter* const gate = std::exchange(limiter_, nullptr);
  at_->second.limit.throttled(ticket_, gate->settings_.now(), asked, gate->settings_.bounds,
                              gate->settings_.random);
  at_->second.who = std::move(who);
  gate->left(at_);
}

bool concurrency_limiter::enter_at_once(const std::string& lane, permit& into) {
  const auto at = entries_.try_emplace(lane).first;
  entry& here = at->second;
  if (!here.waiting.empty() || !here.limit.may_start(settings_.now())) return false;
  take(at, into);
  return true;
}

asio::awaitable<concurrency_limiter::admission> concurrency_limiter::enter(std::string lane,
                                                                           deadline end,
                                                                           permit& into) {
  const auto at = entries_.try_emplace(std::move(lane)).first;
  entry& here = at->second;
  if (here.waiting.empty() && here.limit.may_start(settings_.now())) {
    take(at, into);
    co_return admission::granted;
  }
  const seat taken(*this);
  if (!taken) {
    left(at);
    co_return admission::crowded;
  }
  const auto executor = co_await asio::this_coro::executor;
  const auto me = here.waiting.insert(here.waiting.end(), waiter{asio::steady_timer(executor)});
  admission outcome = admission::granted;
  for (;;) {
    const auto now = settings_.now();
    const bool first = me == here.waiting.begin();
    if (first && here.limit.may_start(now)) break;
    if (now >= end) {
      outcome = admission::time_over;
      break;
    }
    // The first one looks again when the rest is over; a returned permit wakes it earlier.
    auto until = end;
    if (first && here.limit.resting_until() > now) {
      until = std::min(until, here.limit.resting_until());
    }
    co_await wait_for(me->timer, until - now);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(state)) {
      outcome = admission::cancelled;
      break;
    }
  }
  here.waiting.erase(me);
  if (outcome == admission::granted) take(at, into);
  left(at);
  co_return outcome;
}

void concurrency_limiter::take(entries::iterator at, permit& into) {
  permit made;
  made.limiter_ = this;
  made.at_ = at;
  made.ticket_ = at->second.limit.started(settings_.now());
  into = std::move(made);
}

void concurrency_limiter::left(entries::iterator at) {
  entry& here = at->second;
  if (!here.waiting.empty()) {
    here.waiting.front().timer.cancel();
    return;
  }
  if (here.limit.under_way() > 0) return;
  if (!here.limit.limited() || is_calm(here.limit)) {
    entries_.erase(at);
    return;
  }
  if (entries_.size() <= max_limited) return;
  // Lanes that are not called again stay until other lanes need their place.
  const auto now = settings_.now();
  if (now >= swept_ + sweep_interval) {
    swept_ = now;
    std::erase_if(entries_, [&](const auto& each) {
      const entry& other = each.second;
      return &other != &here && other.waiting.empty() && other.limit.under_way() == 0 &&
             is_calm(other.limit);
    });
  }
  if (entries_.size() > max_limited) entries_.erase(at);
}

bool concurrency_limiter::is_calm(const concurrency_limit& limit) const {
  return settings_.now() - limit.resting_until() >= settings_.bounds.calm;
}

std::vector<throttled_function> concurrency_limiter::figures() const {
  std::vector<throttled_function> out;
  for (const auto& [lane, here] : entries_) {
    if (!here.limit.limited() || (is_calm(here.limit) && here.limit.under_way() == 0)) continue;
    auto& one = out.emplace_back(here.who);
    one.at_once = here.limit.limit();
    one.under_way = here.limit.under_way();
    one.waiting = here.waiting.size();
  }
  return out;
}

std::chrono::milliseconds concurrency_limiter::come_back(std::string_view lane) {
  using std::chrono::milliseconds;
  const auto now = settings_.now();
  const auto soonest = now + settings_.soonest;
  const auto latest = now + settings_.latest;
  const auto round_up = [now](boot_clock::time_point then) {
    return std::chrono::ceil<milliseconds>(then - now);
  };
  const auto found = entries_.find(lane);
  if (found == entries_.end()) return settings_.soonest;
  auto& here = found->second;
  const auto first = std::max(soonest, here.limit.resting_until());
  const auto turn = std::max(first, here.next_turn);
  if (turn < latest) {
    here.next_turn = turn + settings_.spacing;
    return round_up(turn);
  }
  // More than have a turn of their own within the time: anywhere in it.
  if (first >= latest) return round_up(first);
  const auto range = std::chrono::duration<double, std::nano>(latest - first) * settings_.random();
  return round_up(first + std::chrono::duration_cast<boot_clock::duration>(range));
}

}  // namespace connector::lambda
