#include "worker/secrets/remote_source.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "connector/base/let_out.h"
#include "connector/base/log.h"
#include "worker/secrets/secret_cache.h"

namespace worker::secrets {

namespace asio = boost::asio;
namespace log = connector::log;
using connector::boot_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest_fetch{10'000};
// Nobody waits longer for it, whatever the store does.
constexpr milliseconds longest_wait{12'000};
constexpr milliseconds longest_pause_after_failure{10'000};

}  // namespace

// Shared with the coroutine that keeps the copy fresh.
struct remote_source::state {
  state(asio::any_io_executor l, std::string n, fetch f, milliseconds i, clock c)
      : name(std::move(n)),
        ask(std::move(f)),
        interval(i),
        now(std::move(c)),
        loop(std::move(l)),
        pause(loop),
        reading_ends(loop) {}

  asio::awaitable<void> read() {
    reading = true;
    reading_ends.expires_after(longest_wait);
    co_await fetch_copy();
    reading = false;
    asked = false;
    read_at = now();
    reading_ends.cancel();
  }

  asio::awaitable<void> fetch_copy() {
    auto got = co_await ask(now() + longest_fetch);
    if (stopping) co_return;
    std::string trouble;
    if (got.has_error()) {
      trouble = got.error().message;
    } else if (const auto taken = copy.replace(*got, now()); taken.has_error()) {
      trouble = taken.error().message;
    }
    if (trouble.empty()) co_return;
    // Once for each new reason: an outage is not a line every ten seconds.
    if (trouble != copy.trouble()) {
      log::warning(copy.loaded() ? "secrets could not be read anew, the old ones are used"
                                 : "secrets could not be read",
                   {{"source", name}, {"reason", trouble}});
    }
    copy.failed(std::move(trouble));
  }

  // The parameter keeps the state alive.
  static asio::awaitable<void> keep_fresh(std::shared_ptr<state> self) {
    co_await asio::this_coro::throw_if_cancelled(false);
    while (!self->stopping) {
      const bool good = self->copy.loaded() && self->copy.trouble().empty();
      const auto pause =
          good ? self->interval : std::min(self->interval, longest_pause_after_failure);
      if (!self->asked) {
        self->pause.expires_after(pause);
        boost::system::error_code woken;
        co_await self->pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      }
      if (self->stopping) co_return;
      co_await self->read();
    }
  }

  // The parameter keeps the state alive.
  static asio::awaitable<void> wait_for_reading(std::shared_ptr<state> self) {
    while ((self->asked || self->reading) && !self->stopping) {
      boost::system::error_code woken;
      co_await self->reading_ends.async_wait(asio::redirect_error(asio::use_awaitable, woken));
      const auto asker = co_await asio::this_coro::cancellation_state;
      if (!woken || asker.cancelled() != asio::cancellation_type::none) co_return;
    }
  }

  std::string name;
  fetch ask;
  milliseconds interval;
  clock now;
  asio::any_io_executor loop;
  asio::steady_timer pause;
  asio::steady_timer reading_ends;  // cancelled then: wakes those who wait for it
  asio::cancellation_signal cancel;
  secret_cache copy;
  boot_clock::time_point read_at{};  // end of the last attempt
  bool kept_fresh = false;
  bool asked = false;  // a reading was asked for and has not ended
  bool reading = false;
  bool stopping = false;
};

remote_source::remote_source(asio::any_io_executor loop, std::string name, fetch ask,
                             milliseconds interval, clock now)
    : state_(std::make_shared<state>(std::move(loop), std::move(name), std::move(ask), interval,
                                     std::move(now))) {}

remote_source::~remote_source() { stop(); }

asio::awaitable<std::string> remote_source::load() {
  const auto self = state_;
  co_await self->read();
  co_return self->copy.loaded() ? std::string() : self->copy.trouble();
}

void remote_source::start() {
  state_->kept_fresh = true;
  asio::co_spawn(state_->loop, state::keep_fresh(state_),
                 asio::bind_cancellation_slot(state_->cancel.slot(), connector::let_out));
}

void remote_source::stop() {
  state_->stopping = true;
  state_->pause.cancel();
  state_->reading_ends.cancel();
  state_->cancel.emit(asio::cancellation_type::terminal);
}

finding remote_source::look_up(std::string_view name) {
  return state_->copy.look_up(name, state_->now());
}

void remote_source::look_again() {
  auto& self = *state_;
  if (!self.kept_fresh || self.stopping || self.asked || self.reading) return;
  if (self.now() - self.read_at < secret_cache::fresh_for) return;
  self.asked = true;
  self.reading_ends.expires_after(longest_wait);
  self.pause.cancel();
}

asio::awaitable<void> remote_source::looked() { return state::wait_for_reading(state_); }

// Old values are used while it is away, so that is no trouble of the secrets.
std::string remote_source::trouble() const {
  const auto& copy = state_->copy;
  if (copy.loaded()) return {};
  const auto& name = state_->name;
  if (copy.trouble().empty()) return name + ": it was not read yet";
  // Most reasons begin with the name themselves.
  const auto first = copy.trouble().substr(0, copy.trouble().find(':'));
  return name.find(first) == std::string::npos ? name + ": " + copy.trouble() : copy.trouble();
}

std::string remote_source::describe() const {
  if (!state_->copy.loaded()) return state_->name;
  return state_->name + " (" + std::to_string(state_->copy.size()) + " names)";
}

}  // namespace worker::secrets
