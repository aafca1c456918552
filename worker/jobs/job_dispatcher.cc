#include "worker/jobs/job_dispatcher.h"

#include <algorithm>
#include <cmath>

#include "connector/base/log.h"

namespace worker::jobs {

namespace log = connector::log;
using boost::asio::awaitable;

namespace {

constexpr double rate_memory_seconds = 0.2;
constexpr std::size_t max_releasing = 32;
constexpr std::string_view stopping_text = "The worker is stopping and did not start this job.";
constexpr std::string_view no_place_text =
    "The worker had no room for this job; another activation will run it.";
// Jobs of a burst that are on their way when the room is full; handing one back costs a command,
// leaving it unread its whole lease.
constexpr std::size_t max_overflow = 2000;

}  // namespace

job_dispatcher::job_dispatcher(boost::asio::any_io_executor loop, capacity& shared,
                               job_registry& jobs, task_group& tasks, job_executor& executor,
                               job_outcome_counters& outcomes, std::size_t types,
                               std::function<void(const job_type&)> queue_full)
    : loop_(std::move(loop)),
      capacity_(shared),
      jobs_(jobs),
      tasks_(tasks),
      executor_(executor),
      outcomes_(outcomes),
      queue_full_(std::move(queue_full)),
      waiting_(types),
      sizes_(types) {}

void job_dispatcher::arrive(arrival what) {
  what.job = sane(std::move(what.job));
  // The reserved place of a polled job is given back or used below.
  auto place = what.polled
                   ? std::optional(capacity_.claim_reserved_queue_place(what.type->type_index))
                   : std::nullopt;
  const auto now = boot_clock::now();
  const lease ours = lease_of(what, clocks_, now);
  if (const auto active = known(what.job.key)) {
    merge_activation(*active, std::move(what), ours);
    return;
  }
  if (finished_.was_finished_before(what.job.key, ours.expires - ours.length, now)) {
    log::debug("job activated again before its end was known, it is not started",
               {{"jobKey", std::to_string(what.job.key)}});
    outcomes_.count(what.type->name, job_end::superseded);
    return;
  }
  auto active = std::make_shared<active_job>(loop_, std::move(what.job), *what.type);
  active->ours = ours;
  take_in(std::move(active), std::move(place), what.polled);
}

void job_dispatcher::release_unrequested(arrival what) {
  if (known(what.job.key)) return;
  auto active = std::make_shared<active_job>(loop_, sane(std::move(what.job)), *what.type);
  active->ours = {what.asked_at + what.timeout, what.timeout};
  release(std::move(active), std::string(no_place_text));
}

void job_dispatcher::take_in(active_job_ptr active, std::optional<capacity::permit> place,
                             bool polled) {
  const auto& type = active->type;
  const std::size_t type_index = type.type_index;
  const std::size_t size = active->job.variables.size() + active->job.headers.size();
  sizes_.at(type_index).learn(size);
  // A poll asks for no more bytes than there are; what is pushed may be too much.
  const bool fits = !stopping_ && (polled || !capacity_.over_budget());
  active->bytes = capacity_.charge_bytes(size);
  if (fits && waiting_.size(type_index) == 0) {
    if (auto slot = capacity_.take_slot(type_index)) {
      active->slot = std::move(slot);
      run(std::move(active));
      if (capacity_.over_budget()) queue_full_(type);
      return;
    }
  }
  if (fits && !place) place = capacity_.take_queue_place(type_index);
  if (!fits || !place) {
    // Not in the registry: its lease is not extended, it goes back as soon as the streams that
    // could bring it here again are closed.
    aside_.emplace(active->job.key, active);
    overflow_.push_back(std::move(active));
    queue_full_(type);
    return;
  }
  active->queue_place = std::move(place);
  jobs_.emplace(active->job.key, active);
  waiting_.push(type_index, std::move(active));
  if (capacity_.free_queue_places(type_index) == 0 || capacity_.over_budget()) queue_full_(type);
}

active_job_ptr job_dispatcher::known(engine::job_key key) const {
  if (const auto found = jobs_.find(key); found != jobs_.end()) return found->second;
  if (const auto found = aside_.find(key); found != aside_.end()) return found->second;
  return nullptr;
}

void job_dispatcher::merge_activation(active_job& active, arrival what, const lease& ours) {
  if (active.failing) {
    // The engine was quicker than the answer to our FailJob: this is the retry.
    active.next = next_activation{std::move(what.job), ours};
    return;
  }
  // The engine gave us a job again that we still hold (its lease ran out, or it was failed and we
  // have a result for it): one run goes on, under the new activation.
  log::debug("job activated again while it is held here",
             {{"jobKey", std::to_string(what.job.key)}});
  ++active.activation;
  active.ours = ours;
  active.renewable = true;
  if (active.started) {
    active.job.retries = what.job.retries;
  } else {
    // It waits. What it is made of may have changed: a marker written elsewhere, mended variables.
    active.job = std::move(what.job);
    active.bytes->resize(active.job.variables.size() + active.job.headers.size());
  }
  active.reactivated.cancel();
}

void job_dispatcher::dispatch() {
  const auto may_run = [this](std::size_t type_index) {
    return capacity_.free_slots(type_index) > 0;
  };
  while (!stopping_) {
    auto active = waiting_.next(may_run);
    if (!active) return;
    active->queue_place.reset();
    if (active->gone) {
      end(active, job_end::superseded);
      continue;
    }
    active->slot = capacity_.take_slot(active->type.type_index);
    run(std::move(active));
  }
}

void job_dispatcher::run(active_job_ptr active) {
  const auto now = boot_clock::now();
  if (!active->ours.alive_with_margin(now)) {
    end(active, job_end::lapsed);
    return;
  }
  active->started = true;
  jobs_.emplace(active->job.key, active);
  tasks_.spawn(run_to_end(active), active->abandon, active);
}

awaitable<void> job_dispatcher::run_to_end(active_job_ptr active) {
  const auto how = co_await executor_.run(active);
  end(active, how);
}

void job_dispatcher::release(active_job_ptr active, std::string why) {
  aside_.emplace(active->job.key, active);
  active->slot.reset();
  active->queue_place.reset();
  to_release_.emplace_back(std::move(active), std::move(why));
  release_more();
}

void job_dispatcher::release_more() {
  while (!to_release_.empty() && releasing_ < max_releasing) {
    auto [active, why] = std::move(to_release_.front());
    to_release_.pop_front();
    ++releasing_;
    tasks_.spawn(release_to_end(std::move(active), std::move(why)));
  }
}

awaitable<void> job_dispatcher::release_to_end(active_job_ptr active, std::string why) {
  const auto how = co_await executor_.release(active, std::move(why));
  end(active, how);
  --releasing_;
  release_more();
}

void job_dispatcher::end(const active_job_ptr& active, job_end how) {
  outcomes_.count(active->type.name, how);
  if (log::enabled(log::level::debug)) {
    log::debug("job ended", {{"jobKey", std::to_string(active->job.key)},
                             {"type", active->type.name},
                             {"end", std::string(name_of(how))}});
  }
  for (auto* some : {&jobs_, &aside_}) {
    const auto found = some->find(active->job.key);
    if (found != some->end() && found->second == active) some->erase(found);
  }
  const auto now = boot_clock::now();
  if (how == job_end::completed || how == job_end::superseded) finished_.add(active->job.key, now);
  if (how == job_end::bpmn_error) finished_.add_thrown(active->job.key, now);
  if (active->next) start_next(*active, how);
  const std::chrono::duration<double> past = now - rate_at_;
  rate_ = rate_ * std::exp(-past.count() / rate_memory_seconds) + 1.0 / rate_memory_seconds;
  rate_at_ = now;
}

void job_dispatcher::start_next(active_job& before, job_end how) {
  if (how == job_end::superseded) {
    outcomes_.count(before.type.name, job_end::superseded);
    return;
  }
  auto active = std::make_shared<active_job>(loop_, std::move(before.next->job), before.type);
  active->ours = before.next->ours;
  active->bytes = capacity_.charge_bytes(active->job.variables.size() + active->job.headers.size());
  if (stopping_) {
    release(std::move(active), std::string(stopping_text));
    return;
  }
  if (!before.started) {
    // It follows one for which there was no room, and there may be none now.
    active->queue_place = capacity_.take_queue_place(active->type.type_index);
    if (!active->queue_place) {
      release(std::move(active), std::string(no_place_text));
      return;
    }
  }
  // What follows a job that has just left may wait without a place of its own.
  jobs_.emplace(active->job.key, active);
  waiting_.push(before.type.type_index, std::move(active));
  dispatch();
}

double job_dispatcher::ends_per_second() const {
  const std::chrono::duration<double> past = boot_clock::now() - rate_at_;
  return rate_ * std::exp(-past.count() / rate_memory_seconds);
}

void job_dispatcher::release_waiting() {
  for (auto& active : waiting_.take_all()) {
    release(std::move(active), std::string(stopping_text));
  }
  release_overflow();
}

bool job_dispatcher::may_overflow() const {
  return overflow_.size() < max_overflow && !capacity_.over_budget();
}

void job_dispatcher::release_overflow() {
  for (auto& active : std::exchange(overflow_, {})) {
    release(std::move(active), std::string(no_place_text));
  }
}

}  // namespace worker::jobs
