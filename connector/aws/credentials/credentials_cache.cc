#include "connector/aws/credentials/credentials_cache.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <utility>

#include "connector/aws/clock_skew.h"
#include "connector/base/cancellation.h"
#include "connector/base/log.h"
#include "connector/base/timestamp.h"
#include "connector/base/wait.h"
#include "connector/base/waiters.h"

namespace connector::aws {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds look_every{1};
constexpr std::chrono::minutes gone_for_good{1};
// Dates of "never" reach to the end of the clocks.
constexpr std::chrono::hours longest_life{24 * 365 * 100};

error failed(failure_class failure, std::string message) {
  error e = credentials_error(std::move(message));
  e.failure = failure;
  return e;
}

}  // namespace

error error_of(const source_failure& failure, failure_class refusal) {
  const bool rejected = failure.reason == source_failure::kind::rejected;
  return failed(rejected ? refusal : failure_class::not_started, failure.message);
}

// One fetch and the callers that wait for it.
struct credentials_cache::shared_fetch {
  bool done = false;
  std::optional<error> failure;
  connector::waiters waiters;
  asio::cancellation_signal stop;
};

credentials_cache::credentials_cache(asio::any_io_executor loop,
                                     std::unique_ptr<credentials_source> source,
                                     refresh_settings how)
    : loop_(std::move(loop)), source_(std::move(source)), settings_(std::move(how)) {
  if (!settings_.wall_time) settings_.wall_time = [] { return wall_clock::now(); };
  if (!settings_.now) settings_.now = [] { return boot_clock::now(); };
  if (!settings_.random) settings_.random = system_random();
}

credentials_cache::~credentials_cache() = default;

std::string credentials_cache::describe() const {
  return kept_ && !kept_->keys.source.empty() ? kept_->keys.source : source_->describe();
}

bool credentials_cache::still_good() const {
  return kept_ && step_at(kept_->plan, settings_.now()) != refresh_step::wait;
}

// By the wall clock.
wall_clock::duration credentials_cache::boot_time() const {
  return settings_.wall_time().time_since_epoch() - settings_.now().time_since_epoch();
}

// Then the end of the keys may have been read with a wrong clock.
bool credentials_cache::clock_was_set() const {
  return kept_->keys.expires && std::chrono::abs(boot_time() - kept_->boot) >= worth_correcting;
}

bool credentials_cache::is_changed() {
  if (stale_) return true;
  const auto now = settings_.now();
  if (now - looked_ < look_every) return false;
  looked_ = now;
  stale_ = source_->changed();
  return stale_;
}

bool credentials_cache::is_over() const {
  // After a failure the pauses count, and after expired() the time of that; both are kept here.
  const bool called_expired =
      forced_ && settings_.now() - *forced_ < settings_.limits.between_forced;
  return kept_ && kept_->keys.expires && !still_good() && !fetch_ && !failure_ && !called_expired;
}

refresh_step credentials_cache::step() {
  if (!kept_) return refresh_step::wait;
  auto planned = step_at(kept_->plan, settings_.now());
  if (planned == refresh_step::use && clock_was_set()) planned = refresh_step::use_and_renew;
  if (planned == refresh_step::wait) return planned;
  return is_changed() ? refresh_step::wait : planned;
}

asio::awaitable<result<credentials>> credentials_cache::get(deadline end) {
  const auto self = shared_from_this();
  if (stopped_) co_return failed(failure_class::not_started, "The worker stops.");
  const auto next = step();
  if (next != refresh_step::use && !fetch_ && settings_.now() >= quiet_until_) start_fetch();
  const auto mine = fetch_;
  if (next != refresh_step::wait || (!mine && still_good())) co_return kept_->keys;
  if (!mine) {
    if (failure_) co_return *failure_;
    co_return failed(failure_class::not_started, "There are no credentials yet.");
  }
  co_await mine->waiters.wait(loop_, left_until(end, settings_.now()));
  co_return outcome_for(mine, end);
}

result<credentials> credentials_cache::outcome_for(const std::shared_ptr<shared_fetch>& of,
                                                   deadline end) const {
  if (of->done && !of->failure && kept_) return kept_->keys;
  // While the old keys are good, a fetch that fails or takes too long does not matter.
  if (still_good()) return kept_->keys;
  if (of->failure) return *of->failure;
  if (settings_.now() >= end) {
    return failed(failure_class::not_started,
                  "No credentials in time from " + source_->describe() + ".");
  }
  return failed(failure_class::not_started, "The wait for credentials was given up.");
}

void credentials_cache::start_fetch() {
  fetch_ = std::make_shared<shared_fetch>();
  const auto own = fetch_;
  asio::co_spawn(
      loop_, fetch_shared(shared_from_this(), own),
      asio::bind_cancellation_slot(
          own->stop.slot(), [self = shared_from_this(), own](std::exception_ptr bug) {
            if (!bug || own->done) return;
            self->complete_fetch(source_failure{source_failure::kind::unavailable,
                                                "Fetching credentials failed unexpectedly."});
          }));
}

asio::awaitable<void> credentials_cache::fetch_shared(std::shared_ptr<credentials_cache> self,
                                                      std::shared_ptr<shared_fetch> own) {
  co_await quiet_cancellation();
  // Never within the call that started it: its caller has to be in the list of waiters first.
  co_await pause_for(std::chrono::seconds(0));
  const deadline end = self->settings_.now() + self->settings_.fetch_time;
  auto outcome = co_await self->source_->fetch(end);
  if (self->fetch_ == own) self->complete_fetch(std::move(outcome));
}

void credentials_cache::complete_fetch(fetched outcome) {
  const auto landed = std::exchange(fetch_, nullptr);
  const auto wall = settings_.wall_time();
  landed->done = true;
  if (outcome && outcome->expires && *outcome->expires <= wall) {
    outcome = source_failure{source_failure::kind::unavailable,
                             outcome->source + " gave credentials that expired at " +
                                 timestamp_text(*outcome->expires) +
                                 ". Check the clock of the machine too."};
  }
  if (outcome) {
    const auto now = settings_.now();
    std::optional<boot_clock::time_point> ends;
    if (outcome->expires) {
      ends = now + std::min<wall_clock::duration>(*outcome->expires - wall, longest_life);
    }
    const auto plan = plan_refresh(ends, now, settings_.random(), settings_.limits);
    log::debug("credentials fetched",
               {{"source", outcome->source},
                {"accessKeyId", outcome->access_key_id},
                {"expires", outcome->expires ? timestamp_text(*outcome->expires) : "never"}});
    auto watched = settings_.watch ? settings_.watch(*outcome) : nullptr;
    kept_ = kept{std::move(*outcome), plan, std::move(watched), boot_time()};
    failure_.reset();
    failures_ = 0;
    quiet_until_ = {};
    stale_ = false;
    gone_since_.reset();
    looked_ = settings_.now();
  } else {
    landed->failure = error_of(outcome.error(), settings_.refusal);
    failure_ = landed->failure;
    failures_ = std::min(failures_ + 1, 1000);
    drop_what_is_gone(outcome.error().reason);
    quiet_until_ = settings_.now() + pause_after(failures_, settings_.random(), settings_.limits);
    if (!stopped_) {
      log::warning(still_good() ? "credentials could not be renewed, the old ones are still good"
                                : "there are no credentials",
                   {{"reason", outcome.error().message}});
    }
  }
  landed->waiters.wake();
}

// An operator took the keys away. Keys with an end are not used for long anyway, and a file that is
// replaced in two steps may be wrong for a moment.
void credentials_cache::drop_what_is_gone(source_failure::kind why) {
  if (!stale_ || !kept_ || kept_->keys.expires || why == source_failure::kind::unavailable) {
    gone_since_.reset();
    return;
  }
  const auto now = settings_.now();
  if (!gone_since_) gone_since_ = now;
  if (now - *gone_since_ >= gone_for_good) kept_.reset();
}

void credentials_cache::expired(const std::string& access_key_id) {
  if (!kept_ || kept_->keys.access_key_id != access_key_id) return;
  // Fresh keys are called expired as well: the fault is elsewhere, and fetching at every call would
  // not help.
  const auto now = settings_.now();
  if (forced_ && now - *forced_ < settings_.limits.between_forced) return;
  forced_ = now;
  kept_->plan.use_until = boot_clock::time_point::min();
}

void credentials_cache::stop() {
  stopped_ = true;
  if (fetch_) fetch_->stop.emit(asio::cancellation_type::terminal);
}

}  // namespace connector::aws
