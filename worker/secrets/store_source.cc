#include "worker/secrets/store_source.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "connector/base/log.h"
#include "worker/secrets/kept_copy.h"

namespace worker::secrets {

namespace asio = boost::asio;
namespace log = connector::log;
using connector::boot_clock;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest_fetch{10'000};
// Between two attempts, whatever tasks ask for.
constexpr milliseconds shortest_pause{1000};
constexpr milliseconds longest_pause_after_failure{10'000};

}  // namespace

// Shared with the coroutine that keeps the copy fresh.
struct store_source::state {
  state(asio::any_io_executor l, std::string n, fetch f, milliseconds i)
      : name(std::move(n)), ask(std::move(f)), interval(i), loop(std::move(l)), pause(loop) {}

  asio::awaitable<void> read() {
    auto got = co_await ask(boot_clock::now() + longest_fetch);
    if (stopping) co_return;
    std::string trouble;
    if (got.has_error()) {
      trouble = got.error().message;
    } else if (const auto taken = copy.replace(*got, boot_clock::now()); taken.has_error()) {
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
      co_await self->wait(pause);
      if (self->stopping) co_return;
      co_await self->wait_whole(shortest_pause);
      if (self->stopping) co_return;
      co_await self->read();
    }
  }

  asio::awaitable<void> wait(milliseconds at_most) {
    if (asked) co_return;
    pause.expires_after(at_most);
    boost::system::error_code woken;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  }

  // Not cut short by tasks that ask.
  asio::awaitable<void> wait_whole(milliseconds time) {
    waits_whole = true;
    pause.expires_after(time);
    boost::system::error_code woken;
    co_await pause.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    waits_whole = false;
    asked = false;
  }

  std::string name;
  fetch ask;
  milliseconds interval;
  asio::any_io_executor loop;
  asio::steady_timer pause;
  asio::cancellation_signal cancel;
  kept_copy copy;
  bool asked = false;
  bool waits_whole = false;
  bool stopping = false;
};

store_source::store_source(asio::any_io_executor loop, std::string name, fetch ask,
                           milliseconds interval)
    : state_(std::make_shared<state>(std::move(loop), std::move(name), std::move(ask), interval)) {}

store_source::~store_source() { stop(); }

asio::awaitable<std::string> store_source::load() {
  const auto self = state_;
  co_await self->read();
  co_return self->copy.loaded() ? std::string() : self->copy.trouble();
}

void store_source::start() {
  asio::co_spawn(state_->loop, state::keep_fresh(state_),
                 asio::bind_cancellation_slot(state_->cancel.slot(), asio::detached));
}

void store_source::stop() {
  state_->stopping = true;
  state_->pause.cancel();
  state_->cancel.emit(asio::cancellation_type::terminal);
}

finding store_source::look_up(std::string_view name) {
  bool look_again = false;
  auto out = state_->copy.look_up(name, boot_clock::now(), look_again);
  if (look_again && !state_->asked) {
    state_->asked = true;
    if (!state_->waits_whole) state_->pause.cancel();
  }
  return out;
}

std::string store_source::describe() const {
  if (!state_->copy.loaded()) return state_->name;
  return state_->name + " (" + std::to_string(state_->copy.size()) + " names)";
}

}  // namespace worker::secrets
