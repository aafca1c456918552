#include "worker/jobs/job_dispatcher.h"

#include <algorithm>
#include <cmath>

#include "connector/base/log.h"

namespace worker::jobs {

namespace log = connector::log;
using boost::asio::awaitable;

namespace {

constexpr double rate_memory_seconds = 0.2;
constexpr std::size_t max_giving_back = 32;
constexpr std::string_view stopping_text = "The worker is stopping and did not start this job.";
constexpr std::string_view no_room_text =
    "The worker had no room for this job; another activation will run it.";
// Jobs of a burst that are on their way when the room is full; handing one back costs a command,
// leaving it unread its whole lease.
constexpr std::size_t max_overflow = 2000;

}  // namespace

job_dispatcher::job_dispatcher(boost::asio::any_io_executor loop, capacity& room,
                               job_registry& jobs, task_group& tasks, job_executor& runs,
                               job_outcome_counters& ends, std::size_t lanes,
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

void job_dispatcher::arrive(arrival what) {
  what.job = sane(std::move(what.job));
  // The reserved place of a polled job is given back or used below.
  auto place =
      what.polled ? std::optional(room_.claim_reserved_place(what.type->lane)) : std::nullopt;
  const auto now = boot_clock::now();
  const lease ours = lease_of(what, clocks_, now);
  if (const auto held = known(what.job.key)) {
    merge_activation(*held, std::move(what), ours);
    return;
  }
  if (finished_.was_finished_before(what.job.key, ours.expires - ours.length, now)) {
    log::debug("job activated again before its end was known, it is not started",
               {{"jobKey", std::to_string(what.job.key)}});
    ends_.count(what.type->name, job_end::superseded);
    return;
  }
  auto held = std::make_shared<active_job>(loop_, std::move(what.job), *what.type);
  held->ours = ours;
  take_in(std::move(held), std::move(place), what.polled);
}

void job_dispatcher::turn_away(arrival what) {
  if (known(what.job.key)) return;
  auto held = std::make_shared<active_job>(loop_, sane(std::move(what.job)), *what.type);
  held->ours = {what.asked_at + what.timeout, what.timeout};
  give_back(std::move(held), std::string(no_room_text));
}

void job_dispatcher::take_in(active_job_ptr held, std::optional<capacity::permit> place,
                             bool polled) {
  const auto& type = held->type;
  const std::size_t lane = type.lane;
  const std::size_t size = held->job.variables.size() + held->job.headers.size();
  sizes_.at(lane).learn(size);
  // A poll asks for no more bytes than there are; what is pushed may be too much.
  const bool fits = !stopping_ && (polled || !room_.over_budget());
  held->bytes = room_.hold_bytes(size);
  if (fits && waiting_.size(lane) == 0) {
    if (auto slot = room_.take_slot(lane)) {
      held->slot = std::move(slot);
      run(std::move(held));
      if (room_.over_budget()) room_full_(type);
      return;
    }
  }
  if (fits && !place) place = room_.take_place(lane);
  if (!fits || !place) {
    // Not in the registry: its lease is not extended, it goes back as soon as the streams that
    // could bring it here again are closed.
    aside_.emplace(held->job.key, held);
    overflow_.push_back(std::move(held));
    room_full_(type);
    return;
  }
  held->place = std::move(place);
  jobs_.emplace(held->job.key, held);
  waiting_.push(lane, std::move(held));
  if (room_.free_places(lane) == 0 || room_.over_budget()) room_full_(type);
}

active_job_ptr job_dispatcher::known(engine::job_key key) const {
  if (const auto found = jobs_.find(key); found != jobs_.end()) return found->second;
  if (const auto found = aside_.find(key); found != aside_.end()) return found->second;
  return nullptr;
}

void job_dispatcher::merge_activation(active_job& held, arrival what, const lease& ours) {
  if (held.failing) {
    // The engine was quicker than the answer to our FailJob: this is the retry.
    held.next = next_activation{std::move(what.job), ours};
    return;
  }
  // The engine gave us a job again that we still hold (its lease ran out, or it was failed and we
  // have a result for it): one run goes on, under the new activation.
  log::debug("job activated again while it is held here",
             {{"jobKey", std::to_string(what.job.key)}});
  ++held.activation;
  held.ours = ours;
  held.renewable = true;
  if (held.started) {
    held.job.retries = what.job.retries;
  } else {
    // It waits. What it is made of may have changed: a marker written elsewhere, mended variables.
    held.job = std::move(what.job);
    held.bytes->resize(held.job.variables.size() + held.job.headers.size());
  }
  held.reactivated.cancel();
}

void job_dispatcher::dispatch() {
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

void job_dispatcher::run(active_job_ptr held) {
  const auto now = boot_clock::now();
  if (!held->ours.alive_with_margin(now)) {
    end(held, job_end::lapsed);
    return;
  }
  held->started = true;
  jobs_.emplace(held->job.key, held);
  tasks_.spawn(run_to_end(held), held->abandon, held);
}

awaitable<void> job_dispatcher::run_to_end(active_job_ptr held) {
  const auto how = co_await runs_.run(held);
  end(held, how);
}

void job_dispatcher::give_back(active_job_ptr held, std::string why) {
  aside_.emplace(held->job.key, held);
  held->slot.reset();
  held->place.reset();
  going_back_.emplace_back(std::move(held), std::move(why));
  give_back_more();
}

void job_dispatcher::give_back_more() {
  while (!going_back_.empty() && giving_back_ < max_giving_back) {
    auto [held, why] = std::move(going_back_.front());
    going_back_.pop_front();
    ++giving_back_;
    tasks_.spawn(give_back_to_end(std::move(held), std::move(why)));
  }
}

awaitable<void> job_dispatcher::give_back_to_end(active_job_ptr held, std::string why) {
  const auto how = co_await runs_.hand_back(held, std::move(why));
  end(held, how);
  --giving_back_;
  give_back_more();
}

void job_dispatcher::end(const active_job_ptr& held, job_end how) {
  ends_.count(held->type.name, how);
  if (log::enabled(log::level::debug)) {
    log::debug("job ended", {{"jobKey", std::to_string(held->job.key)},
                             {"type", held->type.name},
                             {"end", std::string(name_of(how))}});
  }
  for (auto* some : {&jobs_, &aside_}) {
    const auto found = some->find(held->job.key);
    if (found != some->end() && found->second == held) some->erase(found);
  }
  const auto now = boot_clock::now();
  if (how == job_end::completed || how == job_end::superseded) finished_.add(held->job.key, now);
  if (how == job_end::bpmn_error) finished_.add_thrown(held->job.key, now);
  if (held->next) start_next(*held, how);
  const std::chrono::duration<double> past = now - rate_at_;
  rate_ = rate_ * std::exp(-past.count() / rate_memory_seconds) + 1.0 / rate_memory_seconds;
  rate_at_ = now;
}

void job_dispatcher::start_next(active_job& before, job_end how) {
  if (how == job_end::superseded) {
    ends_.count(before.type.name, job_end::superseded);
    return;
  }
  auto held = std::make_shared<active_job>(loop_, std::move(before.next->job), before.type);
  held->ours = before.next->ours;
  held->bytes = room_.hold_bytes(held->job.variables.size() + held->job.headers.size());
  if (stopping_) {
    give_back(std::move(held), std::string(stopping_text));
    return;
  }
  if (!before.started) {
    // It follows one for which there was no room, and there may be none now.
    held->place = room_.take_place(held->type.lane);
    if (!held->place) {
      give_back(std::move(held), std::string(no_room_text));
      return;
    }
  }
  // What follows a job that has just left may wait without a place of its own.
  jobs_.emplace(held->job.key, held);
  waiting_.push(before.type.lane, std::move(held));
  dispatch();
}

double job_dispatcher::ends_per_second() const {
  const std::chrono::duration<double> past = boot_clock::now() - rate_at_;
  return rate_ * std::exp(-past.count() / rate_memory_seconds);
}

void job_dispatcher::hand_back_waiting() {
  for (auto& held : waiting_.take_all()) {
    give_back(std::move(held), std::string(stopping_text));
  }
  hand_back_overflow();
}

bool job_dispatcher::may_overflow() const {
  return overflow_.size() < max_overflow && !room_.over_budget();
}

void job_dispatcher::hand_back_overflow() {
  for (auto& held : std::exchange(overflow_, {})) {
    give_back(std::move(held), std::string(no_room_text));
  }
}

}  // namespace worker::jobs
