#include "worker/jobs/intake.h"

#include <algorithm>
#include <cmath>

#include "connector/base/log.h"

namespace worker::jobs {

namespace log = connector::log;
using boost::asio::awaitable;

namespace {

constexpr double rate_memory_seconds = 0.2;
constexpr std::size_t most_giving_back = 32;
constexpr std::string_view stopping_text = "The worker is stopping and did not start this job.";
// Jobs of a burst that are on their way when the room is full; handing one back costs a command,
// leaving it unread its whole lease.
constexpr std::size_t most_overflow = 2000;

// When our activation of it ends: its age is the broker's deadline against the learned clock
// difference, and for a polled job never more than the time since it was asked for.
lease lease_of(const arrival& what, const clock_difference& clocks, boot_clock::time_point now) {
  auto age = clocks.age(what.job.partition(), what.job.deadline - what.timeout, now);
  if (what.polled) {
    age = std::min(age, std::chrono::duration_cast<milliseconds>(now - what.asked_at));
  }
  return {now + (what.timeout - age), what.timeout};
}

}  // namespace

intake::intake(boost::asio::any_io_executor loop, capacity& room, holdings& jobs, task_group& tasks,
               runner& runs, end_counters& ends, std::size_t lanes,
               std::function<void(const job_type&)> room_full)
    : loop_(std::move(loop)),
      room_(room),
      jobs_(jobs),
      tasks_(tasks),
      runs_(runs),
      ends_(ends),
      room_full_(std::move(room_full)),
      waiting_(lanes),
      sizes_(lanes) {}

void intake::arrive(arrival what) {
  // The reserved place of a polled job is given back or used below.
  auto place =
      what.polled ? std::optional(room_.claim_reserved_place(what.type->lane)) : std::nullopt;
  const auto now = boot_clock::now();
  clocks_.learn(what.job.partition(), what.job.deadline - what.timeout, now);
  const lease ours = lease_of(what, clocks_, now);
  if (readopt(what, ours)) return;
  if (finished_.contains(what.job.key, now)) {
    log::debug("job activated again before its end was known, it is not started",
               {{"jobKey", std::to_string(what.job.key)}});
    ends_.count(what.type->name, job_end::superseded);
    return;
  }
  auto held = std::make_shared<held_job>(loop_, std::move(what.job), *what.type);
  held->ours = ours;
  take_in(std::move(held), std::move(place));
}

void intake::take_in(held_job_ptr held, std::optional<capacity::permit> place) {
  const std::size_t lane = held->type.lane;
  const std::size_t size = held->job.variables.size() + held->job.headers.size();
  sizes_.at(lane).learn(size);
  held->bytes = room_.hold_bytes(size);
  if (!stopping_ && waiting_.size(lane) == 0) {
    if (auto slot = room_.take_slot(lane)) {
      held->slot = std::move(slot);
      run(std::move(held));
      return;
    }
  }
  if (!stopping_ && !place) place = room_.take_place(lane);
  if (stopping_ || !place) {
    // Not in the registry: its lease is not extended, it goes back as soon as the streams that
    // could bring it here again are closed.
    const auto& type = held->type;
    overflow_.push_back(std::move(held));
    room_full_(type);
    return;
  }
  held->place = std::move(place);
  jobs_.emplace(held->job.key, held);
  const auto& type = held->type;
  waiting_.push(lane, std::move(held));
  if (room_.free_places(lane) == 0 || room_.over_budget()) room_full_(type);
}

bool intake::readopt(arrival& what, const lease& ours) {
  const auto known = jobs_.find(what.job.key);
  if (known == jobs_.end()) return false;
  auto& held = *known->second;
  if (held.failing) {
    // The engine was quicker than the answer to our FailJob: this is the retry.
    held.next = next_activation{std::move(what.job), ours};
    return true;
  }
  // The engine gave us a job again that we still hold (its lease ran out, or it was failed and we
  // have a result for it): one run goes on, under the new activation.
  log::debug("job activated again while it is held here",
             {{"jobKey", std::to_string(what.job.key)}});
  held.ours = ours;
  held.renewable = true;
  held.job.retries = what.job.retries;
  held.reactivated.cancel();
  return true;
}

void intake::dispatch() {
  const auto may_run = [this](std::size_t lane) { return room_.free_slots(lane) > 0; };
  while (!stopping_) {
    auto held = waiting_.next(may_run);
    if (!held) return;
    held->place.reset();
    if (held->gone) {
      end(held, job_end::superseded);
      continue;
    }
    held->slot = room_.take_slot(held->type.lane);
    run(std::move(held));
  }
}

void intake::run(held_job_ptr held) {
  const auto now = boot_clock::now();
  if (!held->ours.alive_with_margin(now)) {
    end(held, job_end::lapsed);
    return;
  }
  jobs_.emplace(held->job.key, held);
  tasks_.spawn(run_to_end(held), held->abandon, held);
}

awaitable<void> intake::run_to_end(held_job_ptr held) {
  const auto how = co_await runs_.run(held);
  end(held, how);
}

void intake::give_back(held_job_ptr held, std::string why) {
  held->slot.reset();
  held->place.reset();
  going_back_.emplace_back(std::move(held), std::move(why));
  give_back_more();
}

void intake::give_back_more() {
  while (!going_back_.empty() && giving_back_ < most_giving_back) {
    auto [held, why] = std::move(going_back_.front());
    going_back_.pop_front();
    ++giving_back_;
    tasks_.spawn(give_back_to_end(std::move(held), std::move(why)));
  }
}

awaitable<void> intake::give_back_to_end(held_job_ptr held, std::string why) {
  const auto how = co_await runs_.hand_back(held, std::move(why));
  end(held, how);
  --giving_back_;
  give_back_more();
}

void intake::end(const held_job_ptr& held, job_end how) {
  ends_.count(held->type.name, how);
  if (log::enabled(log::level::debug)) {
    log::debug("job ended", {{"jobKey", std::to_string(held->job.key)},
                             {"type", held->type.name},
                             {"end", std::string(name_of(how))}});
  }
  // What is handed back is not in the registry, but another activation of it may be.
  const auto known = jobs_.find(held->job.key);
  if (known != jobs_.end() && known->second == held) jobs_.erase(known);
  if (held->next && (how == job_end::failed || how == job_end::handed_back)) {
    start_next(*held);
  }
  const auto now = boot_clock::now();
  if (how == job_end::completed || how == job_end::bpmn_error || how == job_end::superseded) {
    finished_.add(held->job.key, now);
  }
  const std::chrono::duration<double> past = now - rate_at_;
  rate_ = rate_ * std::exp(-past.count() / rate_memory_seconds) + 1.0 / rate_memory_seconds;
  rate_at_ = now;
}

void intake::start_next(held_job& before) {
  auto held = std::make_shared<held_job>(loop_, std::move(before.next->job), before.type);
  held->ours = before.next->ours;
  held->bytes = room_.hold_bytes(held->job.variables.size() + held->job.headers.size());
  if (stopping_) {
    give_back(std::move(held), std::string(stopping_text));
    return;
  }
  // It follows a job that has just left, so it may wait without a place of its own.
  jobs_.emplace(held->job.key, held);
  waiting_.push(before.type.lane, std::move(held));
  dispatch();
}

double intake::ends_per_second() const {
  const std::chrono::duration<double> past = boot_clock::now() - rate_at_;
  return rate_ * std::exp(-past.count() / rate_memory_seconds);
}

void intake::hand_back_waiting() {
  for (auto& held : waiting_.take_all()) {
    give_back(std::move(held), std::string(stopping_text));
  }
  hand_back_overflow();
}

bool intake::may_overflow() const {
  return overflow_.size() < most_overflow && !room_.over_budget();
}

void intake::hand_back_overflow() {
  for (auto& held : std::exchange(overflow_, {})) {
    give_back(std::move(held),
              "The worker had no room for this job; another activation will run it.");
  }
}

}  // namespace worker::jobs
