#include "worker/secrets/remote_source.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/base/let_out.h"
#include "connector/base/log.h"
#include "connector/base/wait.h"
#include "worker/secrets/secret_cache.h"

namespace worker::secrets {

namespace asio = boost::asio;
namespace log = connector::log;
using connector::boot_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest_fetch{10'000};
// The bound of a task's wait for a fetch, whatever the store does.
constexpr milliseconds longest_wait{12'000};
constexpr milliseconds longest_pause_after_failure{10'000};

}  // namespace

// Shared with the coroutine that keeps the copy fresh.
struct remote_source::state {
  state(asio::any_io_executor l, std::string n, fetch f, milliseconds i, clock c)
      : name(std::move(n)),
        fetch_secrets(std::move(f)),
        interval(i),
        now(std::move(c)),
        loop(std::move(l)),
        pause(loop),
        fetch_ends(loop) {}

  asio::awaitable<void> read_store() {
    fetching = true;
    fetch_ends.expires_after(longest_wait);
    co_await fetch_copy();
    fetching = false;
    refresh_requested = false;
    fetched_at = now();
    fetch_ends.cancel();
  }

  asio::awaitable<void> fetch_copy() {
    auto fetched = co_await fetch_secrets(now() + longest_fetch);
    if (stopping) co_return;
    std::string error;
    if (fetched.has_error()) {
      error = fetched.error().message;
    } else if (const auto replaced = cache.replace(*fetched, now()); replaced.has_error()) {
      error = replaced.error().message;
    }
    ++readings.read;
    if (error.empty()) {
      copied_at = now();
      co_return;
    }
    ++readings.failed;
    // One line for each new reason: an outage must not log a line every ten seconds.
    if (error != cache.last_error()) {
      log::warning(cache.loaded() ? "secrets could not be read again, the old ones are used"
                                  : "secrets could not be read",
                   {{"source", name}, {"reason", error}});
    }
    cache.failed(std::move(error));
  }

  // The parameter keeps the state alive.
  static asio::awaitable<void> keep_fresh(std::shared_ptr<state> self) {
    co_await connector::quiet_cancellation();
    while (!self->stopping) {
      const bool good = self->cache.loaded() && self->cache.last_error().empty();
      const auto pause =
          good ? self->interval : std::min(self->interval, longest_pause_after_failure);
      if (!self->refresh_requested) {
        co_await connector::wait_for(self->pause, pause);
      }
      if (self->stopping) co_return;
      co_await self->read_store();
    }
  }

  // The parameter keeps the state alive.
  static asio::awaitable<void> wait_for_fetch(std::shared_ptr<state> self) {
    while ((self->refresh_requested || self->fetching) && !self->stopping) {
      const bool over = co_await connector::wait(self->fetch_ends);
      const auto waiter = co_await asio::this_coro::cancellation_state;
      if (over || connector::is_cancelled(waiter)) co_return;
    }
  }

  std::string name;
  fetch fetch_secrets;
  milliseconds interval;
  clock now;
  asio::any_io_executor loop;
  asio::steady_timer pause;
  asio::steady_timer fetch_ends;  // the end of a fetch cancels it, which wakes the waiting tasks
  asio::cancellation_signal cancel;
  secret_cache cache;
  boot_clock::time_point fetched_at{};  // end of the last attempt
  boot_clock::time_point copied_at{};   // end of the last one that succeeded
  store_counters readings;
  bool kept_fresh = false;
  bool refresh_requested = false;  // until the next fetch has ended
  bool fetching = false;
  bool stopping = false;
};

remote_source::remote_source(asio::any_io_executor loop, std::string name, fetch fetch_secrets,
                             milliseconds interval, clock now)
    : state_(std::make_shared<state>(std::move(loop), std::move(name), std::move(fetch_secrets),
                                     interval, std::move(now))) {}

remote_source::~remote_source() { stop(); }

asio::awaitable<std::string> remote_source::load() {
  const auto self = state_;
  co_await self->read_store();
  co_return self->cache.loaded() ? std::string() : self->cache.last_error();
}

void remote_source::start() {
  state_->kept_fresh = true;
  asio::co_spawn(state_->loop, state::keep_fresh(state_),
                 asio::bind_cancellation_slot(state_->cancel.slot(), connector::let_out));
}

void remote_source::stop() {
  state_->stopping = true;
  state_->pause.cancel();
  state_->fetch_ends.cancel();
  state_->cancel.emit(asio::cancellation_type::terminal);
}

lookup_result remote_source::look_up(std::string_view name) {
  return state_->cache.look_up(name, state_->now());
}

void remote_source::refresh() {
  auto& self = *state_;
  if (!self.kept_fresh || self.stopping || self.refresh_requested || self.fetching) return;
  if (self.now() - self.fetched_at < secret_cache::fresh_for) return;
  self.refresh_requested = true;
  self.fetch_ends.expires_after(longest_wait);
  self.pause.cancel();
}

asio::awaitable<void> remote_source::refreshed() { return state::wait_for_fetch(state_); }

// While the store is unavailable the old values are used, so an old copy is not an issue.
std::string remote_source::issue() const {
  const auto& cache = state_->cache;
  if (cache.loaded()) return {};
  const auto& name = state_->name;
  if (cache.last_error().empty()) return name + ": it was not read yet";
  // Most errors begin with the name already.
  const auto first = cache.last_error().substr(0, cache.last_error().find(':'));
  return name.find(first) == std::string::npos ? name + ": " + cache.last_error()
                                               : cache.last_error();
}

store_counters remote_source::count() const {
  auto out = state_->readings;
  if (state_->cache.loaded()) {
    out.age = std::chrono::duration_cast<milliseconds>(state_->now() - state_->copied_at);
  }
  return out;
}

std::string remote_source::describe() const {
  if (!state_->cache.loaded()) return state_->name;
  return state_->name + " (" + std::to_string(state_->cache.size()) + " names)";
}

}  // namespace worker::secrets
