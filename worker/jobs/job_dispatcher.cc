#include "worker/jobs/job_dispatcher.h"

#include <algorithm>
#include <cmath>

#include "connector/base/backoff.h"
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
constexpr std::string_view no_token_text =
    "The engine gave no lease token for this job, and jobs of this type run only with one "
    "(jobs.lease); a partition gives them once it runs on version 8.10. The job loses no retry.";
constexpr milliseconds without_token{10'000};
constexpr std::chrono::seconds between_token_warnings{30};
// Jobs that were in the buffers of a stream when it was closed: about 100 KB. To release one costs
// a command; one that is not read stays locked for its whole lease.
constexpr std::size_t max_set_aside = 500;

std::size_t size_of_input(const engine::job& job) {
  return job.variables.size() + job.headers.size();
}

}  // namespace

job_dispatcher::job_dispatcher(boost::asio::any_io_executor loop, dependencies deps,
                               std::size_t types, on_queue_full queue_full)
    : loop_(std::move(loop)),
      deps_(deps),
      queue_full_(std::move(queue_full)),
      queue_(types),
      sizes_(types) {}

void job_dispatcher::arrive(arrival arrived) {
  arrived.job = with_bounded_numbers(std::move(arrived.job));
  // The reserved place of a polled job is used below, or returned at the end of this function.
  auto queue_place = arrived.polled
                         ? std::optional(deps_.shared_capacity.claim_reserved_queue_place(
                               arrived.type->type_index))
                         : std::nullopt;
  const auto now = boot_clock::now();
  const lease granted = lease_of(arrived, clocks_, now, deps_.still.greatest_age(now));
  if (const auto active = find_active(arrived.job.key)) {
    merge_activation(*active, std::move(arrived), granted);
    return;
  }
  if (finished_.was_finished_before(arrived.job.key, granted.expires - granted.length, now)) {
    log::debug("job activated again before its end was known, it is not started",
               {{"jobKey", std::to_string(arrived.job.key)}});
    deps_.outcomes.count(arrived.type->name, arrived.job.tenant_id, job_end::superseded);
    return;
  }
  if (arrived.type->lease == lease_mode::required && arrived.job.lease_token.empty()) {
    release_without_lease_token(std::move(arrived), granted);
    return;
  }
  auto active = std::make_shared<active_job>(loop_, std::move(arrived.job), *arrived.type, granted);
  place(std::move(active), std::move(queue_place), {arrived.polled, arrived.pausable});
}

void job_dispatcher::release_unrequested(arrival arrived) {
  if (find_active(arrived.job.key)) return;
  const lease granted{arrived.asked_at + arrived.timeout, arrived.timeout};
  auto active = std::make_shared<active_job>(loop_, with_bounded_numbers(std::move(arrived.job)),
                                             *arrived.type, granted);
  release(std::move(active), no_place_text);
}

void job_dispatcher::release_without_lease_token(arrival arrived, const lease& granted) {
  ++without_lease_token_;
  const auto now = boot_clock::now();
  if (without_lease_token_ == 1 || now - last_token_warning_ >= between_token_warnings) {
    last_token_warning_ = now;
    log::warning(
        "the engine gives no lease token for jobs of a type that runs only with one (jobs.lease): "
        "they go back with their retries until their partition runs on version 8.10",
        {{"type", arrived.type->name},
         {"partition", std::to_string(arrived.job.partition())},
         {"jobs", std::to_string(without_lease_token_)}});
  }
  auto active = std::make_shared<active_job>(loop_, std::move(arrived.job), *arrived.type, granted);
  release(std::move(active), no_token_text, connector::equal_jitter(without_token, deps_.random));
}

void job_dispatcher::place(active_job_ptr active, std::optional<capacity::permit> queue_place,
                           origin from) {
  auto& capacity = deps_.shared_capacity;
  const auto& type = active->type();
  const std::size_t type_index = type.type_index;
  const std::size_t size = size_of_input(active->job());
  sizes_.at(type_index).learn(size);
  // A poll asks for no more bytes than are free. The gateway may push more.
  const bool fits = !stopping_ && (from.polled || !capacity.over_budget());
  active->charge_bytes(capacity.charge_bytes(size));
  if (fits && queue_.size(type_index) == 0) {
    if (auto slot = capacity.take_slot(type_index)) {
      run(std::move(active), std::move(slot));
      if (capacity.over_budget()) queue_full_(type, false);
      return;
    }
  }
  if (fits && !queue_place) queue_place = capacity.take_queue_place(type_index);
  // A poll took the last place while the stream was being read: the stream is paused, so one job
  // waits beyond the places.
  if (!fits || (!queue_place && !from.pausable)) {
    set_aside(std::move(active));
    queue_full_(type, true);
    return;
  }
  active->wait_in_queue(std::move(queue_place));
  deps_.jobs.emplace(active->key(), active);
  queue_.push(type_index, std::move(active));
  if (capacity.free_queue_places(type_index) == 0 || capacity.over_budget()) {
    queue_full_(type, false);
  }
}

void job_dispatcher::set_aside(active_job_ptr active) {
  // It is not put into the registry, so its lease is not extended. It is released as soon as the
  // streams that could bring it here again are closed.
  active->set_aside();
  unstarted_.emplace(active->key(), active);
  set_aside_.push_back(std::move(active));
}

active_job_ptr job_dispatcher::find_active(engine::job_key key) const {
  if (const auto found = deps_.jobs.find(key); found != deps_.jobs.end()) return found->second;
  const auto found = unstarted_.find(key);
  return found == unstarted_.end() ? nullptr : found->second;
}

void job_dispatcher::merge_activation(active_job& active, arrival arrived, const lease& granted) {
  const auto key = arrived.job.key;
  // The engine activated a job that is here: its lease ended, or it was failed and we still have a
  // result for it.
  if (active.activated_again(std::move(arrived.job), granted)) {
    log::debug("job activated again while it is held here", {{"jobKey", std::to_string(key)}});
  }
}

void job_dispatcher::dispatch() {
  auto& capacity = deps_.shared_capacity;
  const auto may_run = [&capacity](std::size_t type_index) {
    return capacity.free_slots(type_index) > 0;
  };
  while (!stopping_) {
    auto active = queue_.next(may_run);
    if (!active) return;
    active->leave_queue();
    if (active->state() == job_state::gone) {
      end(active, job_end::superseded);
      continue;
    }
    auto slot = capacity.take_slot(active->type().type_index);
    run(std::move(active), std::move(slot));
  }
}

void job_dispatcher::run(active_job_ptr active, std::optional<capacity::permit> slot) {
  if (!active->may_start(boot_clock::now())) {
    end(active, job_end::lapsed);
    return;
  }
  active->start(std::move(slot));
  deps_.times.started(active->type().name, active->waited());
  deps_.jobs.emplace(active->key(), active);
  deps_.tasks.spawn(run_to_end(active), active->abandon_signal(), active);
}

awaitable<void> job_dispatcher::run_to_end(active_job_ptr active) {
  const auto how = co_await deps_.executor.run(active);
  end(active, how);
}

void job_dispatcher::release(active_job_ptr active, std::string_view reason,
                             milliseconds back_off) {
  unstarted_.emplace(active->key(), active);
  active->release();
  to_release_.push_back({std::move(active), std::string(reason), back_off});
  release_more();
}

void job_dispatcher::release_more() {
  while (!to_release_.empty() && releasing_ < max_releasing) {
    auto next = std::move(to_release_.front());
    to_release_.pop_front();
    ++releasing_;
    deps_.tasks.spawn(release_to_end(std::move(next)));
  }
}

awaitable<void> job_dispatcher::release_to_end(release_order order) {
  const auto how =
      co_await deps_.executor.release(order.active, std::move(order.reason), order.back_off);
  end(order.active, how);
  --releasing_;
  release_more();
}

void job_dispatcher::end(const active_job_ptr& active, job_end how) {
  const auto key = active->key();
  deps_.outcomes.count(active->type().name, active->job().tenant_id, how);
  const auto now = boot_clock::now();
  deps_.history.count(active->type().name, how, now);
  if (active->was_started()) {
    deps_.times.ended(active->type().name, active->runs(), how, active->ran(now));
  }
  const bool kept = end_history::keeps(how);
  const bool logged = logs(how, deps_.log_successes);
  // Most jobs need no report.
  if (kept || logged) {
    auto report = active->report(how);
    if (logged) log_end(report);
    if (kept) deps_.history.keep(std::move(report));
  }
  for (auto* some : {&deps_.jobs, &unstarted_}) {
    const auto found = some->find(key);
    if (found != some->end() && found->second == active) some->erase(found);
  }
  // A job whose lease another activation holds lives on, and may come here again.
  const bool lives_on = how == job_end::superseded && active->is_fenced();
  const bool ended = how == job_end::completed || how == job_end::superseded;
  if (ended && !lives_on) finished_.add(key, now);
  if (how == job_end::bpmn_error) finished_.add_thrown(key, now);
  if (active->has_next()) start_next(*active, how);
  const std::chrono::duration<double> past = now - end_rate_at_;
  end_rate_ = end_rate_ * std::exp(-past.count() / rate_memory_seconds) + 1.0 / rate_memory_seconds;
  end_rate_at_ = now;
}

void job_dispatcher::start_next(active_job& before, job_end how) {
  const auto& type = before.type();
  if (how == job_end::superseded && !before.is_fenced()) {
    deps_.outcomes.count(type.name, before.job().tenant_id, job_end::superseded);
    return;
  }
  auto next = before.take_next();
  const std::size_t size = size_of_input(next->job);
  auto active = std::make_shared<active_job>(loop_, std::move(next->job), type, next->granted);
  active->charge_bytes(deps_.shared_capacity.charge_bytes(size));
  if (stopping_) {
    release(std::move(active), stopping_text);
    return;
  }
  std::optional<capacity::permit> queue_place;
  if (!before.was_started()) {
    // The job before it found no capacity, and there may be none now.
    queue_place = deps_.shared_capacity.take_queue_place(type.type_index);
    if (!queue_place) {
      release(std::move(active), no_place_text);
      return;
    }
  }
  // The job that follows a started one waits without a queue place: a slot is just coming free.
  active->wait_in_queue(std::move(queue_place));
  deps_.jobs.emplace(active->key(), active);
  queue_.push(type.type_index, std::move(active));
  dispatch();
}

double job_dispatcher::ends_per_second() const {
  const std::chrono::duration<double> past = boot_clock::now() - end_rate_at_;
  return end_rate_ * std::exp(-past.count() / rate_memory_seconds);
}

void job_dispatcher::release_queued() {
  for (auto& active : queue_.take_all()) release(std::move(active), stopping_text);
  release_set_aside();
}

bool job_dispatcher::may_set_aside() const {
  return set_aside_.size() < max_set_aside && !deps_.shared_capacity.over_budget();
}

void job_dispatcher::release_set_aside() {
  for (auto& active : std::exchange(set_aside_, {})) release(std::move(active), no_place_text);
}

}  // namespace worker::jobs
