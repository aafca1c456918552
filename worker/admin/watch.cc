#include "worker/admin/watch.h"

#include <algorithm>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/base/log.h"
#include "connector/base/wait.h"

namespace worker::admin {

namespace asio = boost::asio;
using asio::awaitable;
using connector::boot_clock;
using std::chrono::duration_cast;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds beat_every{1000};
constexpr milliseconds look_every{10'000};
// Polls hear from the gateway more often than that, unless the worker is full.
constexpr milliseconds contact_is_old{10'000};

}  // namespace

watch::watch(asio::any_io_executor loop, dependencies deps)
    : deps_(std::move(deps)),
      beat_timer_(loop),
      look_timer_(std::move(loop)),
      last_beat_(std::chrono::steady_clock::now()) {}

awaitable<void> watch::beat() {
  co_await connector::quiet_cancellation();
  while (!stopped_) {
    beat_timer_.expires_after(beat_every);
    const auto due = beat_timer_.expiry();
    co_await connector::wait(beat_timer_);
    last_beat_ = std::chrono::steady_clock::now();
    if (!stopped_) lag_ = std::max(milliseconds(0), duration_cast<milliseconds>(last_beat_ - due));
  }
}

awaitable<void> watch::look() {
  co_await connector::quiet_cancellation();
  while (!stopped_) {
    contact_ = std::max(contact_, deps_.last_contact());
    if (boot_clock::now() - contact_ > contact_is_old) {
      const bool answered = co_await deps_.ask_gateway();
      if (answered) contact_ = boot_clock::now();
    }
    if (stopped_) break;
    auto found = co_await deps_.try_credentials();
    if (stopped_) break;
    // Those who fetch the credentials log why there are none.
    if (found.error.empty() && !credentials_.error.empty()) {
      connector::log::info("there are credentials to sign calls with", {{"source", found.source}});
    }
    if (!credentials_.error.empty() || found.key_id != credentials_.key_id ||
        found.expires != credentials_.expires) {
      renewed_ = boot_clock::now();
    }
    credentials_ = std::move(found);
    co_await connector::wait_for(look_timer_, look_every);
  }
}

void watch::stop() {
  stopped_ = true;
  beat_timer_.cancel();
  look_timer_.cancel();
}

std::optional<milliseconds> watch::credentials_age() const {
  if (!credentials_.error.empty()) return std::nullopt;
  return duration_cast<milliseconds>(boot_clock::now() - renewed_);
}

health_facts watch::facts() const {
  health_facts out;
  out.since_beat = duration_cast<milliseconds>(std::chrono::steady_clock::now() - last_beat_);
  const auto contact = std::max(contact_, deps_.last_contact());
  if (contact != boot_clock::time_point{}) {
    out.since_contact = duration_cast<milliseconds>(boot_clock::now() - contact);
  }
  if (const auto unreadable = deps_.unreadable_at()) {
    out.since_unreadable = duration_cast<milliseconds>(boot_clock::now() - *unreadable);
  }
  out.credentials = credentials_.error.empty();
  out.stopping = stopping_;
  return out;
}

}  // namespace worker::admin
