#include "worker/jobs/job_poller.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "connector/base/backoff.h"
#include "connector/base/cancellation.h"
#include "connector/base/log.h"
#include "connector/base/wait.h"

namespace worker::jobs {

namespace asio = boost::asio;
using asio::awaitable;

namespace {

constexpr connector::backoff_limits poll_backoff{milliseconds(50), milliseconds(5000)};

// While no connection can be opened, polls put no load on the gateway, so their back-off is short.
// With the channel's own pause between connections the worker is back within a second after a
// restart of the gateway, and within five seconds after a long absence.
constexpr connector::backoff_limits away_backoff{milliseconds(50), milliseconds(400)};
constexpr connector::backoff_limits long_away_backoff{milliseconds(50), milliseconds(2000)};
constexpr int failures_of_a_minute = 200;

// So many polls in a row that end early and bring nothing, with their pauses half a minute, are
// worth a line in the log.
constexpr int early_polls_to_tell = 12;
constexpr const char* early_polls_text =
    "the gateway ends polls at once and gives no job: long polling is switched off there, no "
    "partition has a leader, or something before the gateway breaks its messages off";

const connector::backoff_limits& backoff_after(const engine::status& status, int failures) {
  if (status.code != engine::status_code::unavailable) return poll_backoff;
  return failures < failures_of_a_minute ? away_backoff : long_away_backoff;
}

// For jobs that will have ended within this time a poll asks ahead: about two round trips to a
// gateway in the same network.
constexpr double ahead_seconds = 0.010;

// How long after a poll the next one takes its turn while pushed jobs keep the worker busy: after
// one that left a backlog at the engine, and after one that did not. Each turn is a poll for one
// job, so turns without a pause would cost a call for nearly every job.
constexpr milliseconds turn_with_backlog{10};
constexpr milliseconds turn_without_backlog{1000};

}  // namespace

std::size_t jobs_to_ask_for(std::size_t free_slots, std::size_t free_queue_places,
                            std::size_t max_places, std::size_t queued, double ends_per_second) {
  const auto ahead = static_cast<std::size_t>(std::lround(ends_per_second * ahead_seconds));
  const std::size_t useful = free_slots + ahead;
  if (useful <= queued) return 0;
  return std::min({useful - queued, free_queue_places, max_places});
}

std::string_view name_of(poll_state state) {
  switch (state) {
    case poll_state::asking:
      return "asking";
    case poll_state::no_room:
      return "no_room";
    case poll_state::backing_off:
      return "backing_off";
  }
  return "";
}

job_poller::job_poller(asio::any_io_executor loop, dependencies deps, const job_type& type,
                       const engine::activation& request, milliseconds wait)
    : deps_(std::move(deps)), type_(type), request_(request), wait_(wait), wake_(std::move(loop)) {}

void job_poller::take_turn() {
  if (stopping_ || state_ != poll_state::no_room || turn_ > 0) return;
  const auto turn = last_poll_was_full_ ? turn_with_backlog : turn_without_backlog;
  if (boot_clock::now() - asked_at_ < turn) return;
  if (deps_.shared_capacity.over_budget() || deps_.subscription.max_queue_places() == 0) return;
  turn_ = deps_.shared_capacity.reserve_queue_places(type_.type_index, 1);
}

void job_poller::stop() {
  stopping_ = true;
  deps_.shared_capacity.return_queue_places(type_.type_index, std::exchange(turn_, 0));
  wake_.cancel();
  cancel_.emit(asio::cancellation_type::terminal);
}

std::size_t job_poller::wanted() const {
  const auto& capacity = deps_.shared_capacity;
  if (capacity.over_budget()) return 0;
  return jobs_to_ask_for(capacity.free_slots(type_.type_index),
                         capacity.free_queue_places(type_.type_index),
                         deps_.subscription.max_queue_places(), deps_.dispatcher.queued(type_),
                         deps_.dispatcher.ends_per_second());
}

awaitable<void> job_poller::run() {
  co_await connector::quiet_cancellation();
  int failures = 0;
  int early = 0;
  while (!stopping_) {
    poll_round current;
    current.asked = std::exchange(turn_, 0);
    if (current.asked == 0) {
      current.asked = deps_.shared_capacity.reserve_queue_places(type_.type_index, wanted());
    }
    if (current.asked == 0) {
      co_await pause(poll_state::no_room, milliseconds(1000));
      continue;
    }
    co_await poll(current);
    if (stopping_) co_return;
    // Jobs may arrive before an answer breaks off.
    if (current.got > 0) {
      failures = early = 0;
      deps_.subscription.poll_answered(current.asked, current.got);
      if (current.status.defect != engine::response_defect::unreadable) continue;
    }
    if (current.status.ok()) {
      failures = 0;
      deps_.subscription.poll_answered(current.asked, 0);
      // A gateway without quorum answers empty at once: never a busy loop.
      early = current.took < wait_ / 2 ? early + 1 : 0;
      if (early == early_polls_to_tell) {
        connector::log::warning(early_polls_text, {{"type", type_.name}});
      }
      if (early > 0) {
        co_await pause(poll_state::backing_off,
                       connector::backoff_ceiling(poll_backoff, early - 1));
      }
      continue;
    }
    deps_.outage.poll_failed(type_.name, current.status);
    const auto ceiling =
        connector::backoff_ceiling(backoff_after(current.status, failures), failures);
    ++failures;
    const auto jittered = connector::equal_jitter(ceiling, deps_.random);
    co_await pause(poll_state::backing_off, jittered);
  }
}

awaitable<void> job_poller::poll(poll_round& current) {
  const auto asked_at = asked_at_ = boot_clock::now();
  auto request = request_;
  const auto timeout = request.timeout;
  const auto longest = wait_ + engine::poll_grace;
  std::size_t reserved = current.asked;
  engine::on_job take = [this, &current, &reserved, asked_at, timeout, longest](engine::job job) {
    // A job beyond the number that was asked for has no reserved queue place.
    if (reserved > 0) {
      --reserved;
    } else if (deps_.shared_capacity.reserve_queue_places(type_.type_index, 1) == 0) {
      deps_.dispatcher.release_unrequested({std::move(job), &type_, timeout, asked_at, true});
      return;
    }
    ++current.got;
    deps_.dispatcher.arrive({std::move(job), &type_, timeout, asked_at, true, false, longest});
  };
  ++count_.polls;
  current.status = co_await deps_.engine.activate(std::move(request),
                                                  static_cast<int>(current.asked), wait_, take);
  deps_.shared_capacity.return_queue_places(type_.type_index, reserved);
  last_poll_was_full_ = current.got >= current.asked;
  const auto ended_at = boot_clock::now();
  current.took = std::chrono::duration_cast<milliseconds>(ended_at - asked_at);
  count_.jobs += current.got;
  if (current.status.ok()) {
    last_contact_ = ended_at;
    deps_.outage.poll_answered();
    count_.empty += current.got == 0 ? 1 : 0;
  } else {
    ++count_.failed;
  }
}

awaitable<void> job_poller::pause(poll_state why, milliseconds at_most) {
  state_ = why;
  co_await connector::wait_for(wake_, at_most);
  state_ = poll_state::asking;
}

}  // namespace worker::jobs
