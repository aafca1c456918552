#include "worker/jobs/job_worker.h"

#include <algorithm>
#include <boost/asio/post.hpp>
#include <exception>

#include "connector/base/let_out.h"
#include "connector/base/log.h"
#include "connector/base/memory_budget.h"

namespace worker::jobs {

namespace asio = boost::asio;
namespace log = connector::log;
using asio::awaitable;

namespace {

// For closing polls and streams; and after the drain time, for commands to be repeated.
constexpr milliseconds final_grace{5000};

// The platform kills the process ten seconds after the drain time. Before that the waits of the
// stop end, and the process says what is left. After the drain time, then: no attempt of a command
// or an extension goes on for longer than this,
constexpr milliseconds last_attempt{6500};
// and nothing is waited for after this. gRPC's end of an attempt is noticed up to 400 ms late.
constexpr milliseconds last_wait{7500};
// The loops that end at once when they are told to.
constexpr milliseconds for_loops{500};

// Length of a lease for a whole call and its command, when the gateway cannot extend leases.
constexpr milliseconds full_length = connector::longest_call + milliseconds(90'000);

void report_bug(const std::exception_ptr& escaped) {
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception& e) {
    log::error("a bug in the worker: a task ended with an exception", {{"what", e.what()}});
  }
}

// Gives each job type its index, in their order.
std::vector<std::size_t> limits_of(std::vector<job_type>& types) {
  std::vector<std::size_t> limits;
  for (auto& type : types) {
    type.type_index = limits.size();
    limits.push_back(type.max_slots);
  }
  return limits;
}

}  // namespace

job_worker::job_worker(asio::any_io_executor loop, dependencies deps, job_worker_settings settings,
                       connector::random_source random)
    : loop_(loop),
      settings_(std::move(settings)),
      // At least one queue place for each type: a poll that hangs has reserved one.
      capacity_(settings_.slots, std::max(settings_.slots, settings_.types.size()),
                settings_.byte_budget - settings_.byte_budget / 2, limits_of(settings_.types)),
      times_(settings_.timed_functions),
      still_(settings_.activation_timeout),
      outage_(settings_.gateway_hint),
      tasks_(loop, report_bug),
      // A bug that ends one of the loops ends the worker, which would be idle otherwise.
      loops_(loop, connector::let_out),
      renewal_(loop, connector::let_out),
      sender_(deps.engine, settings_.commands, random, [this] { return drained_; }),
      waits_(capacity_),
      watch_(loop, {deps.engine, deps.service, deps.redaction}),
      executor_({deps.service, deps.engine, sender_, deps.secrets, deps.redaction,
                 settings_.policies, times_, random, waits_, watch_}),
      dispatcher_(loop,
                  {capacity_, jobs_, tasks_, executor_, outcomes_, history_, random, times_, still_,
                   settings_.log_successes},
                  settings_.types.size(),
                  [this](const job_type& type, bool set_aside) { queue_is_full(type, set_aside); }),
      leases_(loop, deps.engine, jobs_, tasks_, still_, settings_.activation_timeout,
              [this] { activate_for_full_length(); }) {
  capacity_.on_change([this] { something_came_free(); });
  subscription_settings for_each{
      settings_.worker_name,  settings_.tenant_ids, settings_.activation_timeout,
      settings_.poll_timeout, settings_.stream,     settings_.stream_silence,
      settings_.types.size()};
  for (const auto& type : settings_.types) {
    subscriptions_.push_back(std::make_unique<job_subscription>(
        loop, job_subscription::dependencies{deps.engine, capacity_, dispatcher_, outage_, random},
        type, for_each));
  }
}

job_worker::~job_worker() = default;

void job_worker::start() {
  started_ = true;
  renewal_.spawn(leases_.run());
  renewal_.spawn(watch_.run());
  for (auto& one : subscriptions_) one->start(loops_);
}

void job_worker::something_came_free() {
  // Permits return in the middle of other work; jobs start after it.
  if (std::exchange(dispatch_posted_, true)) return;
  asio::post(loop_, [this] {
    dispatch_posted_ = false;
    waits_.serve();
    dispatcher_.dispatch();
    // The first poll takes what came free, so the subscriptions take turns in being first.
    for (std::size_t i = 0; i < subscriptions_.size(); ++i) {
      subscriptions_[(first_ + i) % subscriptions_.size()]->capacity_came_free();
    }
    first_ = (first_ + 1) % std::max<std::size_t>(1, subscriptions_.size());
  });
}

void job_worker::queue_is_full(const job_type& type, bool set_aside) {
  for (auto& one : subscriptions_) one->queue_is_full(type, set_aside);
}

void job_worker::activate_for_full_length() {
  const auto timeout = std::max(settings_.activation_timeout, full_length);
  for (auto& one : subscriptions_) one->use_activation_timeout(timeout);
}

void job_worker::stop_jobs() {
  // A copy: a job that stops may end at once and leave the registry.
  const auto all = jobs_;
  for (const auto& [key, active] : all) active->stop();
}

void job_worker::bound_commands() {
  sender_.end_by(drain_end_ + last_attempt);
  leases_.end_by(drain_end_ + last_attempt);
}

awaitable<job_worker::leftovers> job_worker::stop() {
  const auto undelivered_before = outcomes_.total(job_end::undelivered);
  // 1. Ask for no more jobs. When polls and streams are closed, release the jobs that did not
  // start, or wait for their turn to call.
  stopping_ = true;
  const auto latest = boot_clock::now() + settings_.drain_time;
  drain_end_ = drain_end_ == connector::deadline{} ? latest : std::min(drain_end_, latest);
  bound_commands();
  dispatcher_.stop();
  watch_.stop();
  for (auto& one : subscriptions_) one->stop();
  const auto closing = boot_clock::now() + final_grace;
  const bool closed = co_await loops_.wait(closing);
  dispatcher_.release_queued();
  waits_.stop();
  // 2. Finish what fits the drain time.
  bool clean = co_await tasks_.wait(drain_end_);
  // 3. Stop the other jobs. A job whose request was not sent is released; the call of a request
  //    without a response may have run.
  if (!clean) {
    stop_jobs();
    const auto grace = std::min(boot_clock::now() + final_grace, drain_end_ + last_attempt);
    clean = co_await tasks_.wait(grace);
    drained_ = true;
    stop_jobs();
  }
  // What began before the stop may take longer than it.
  if (!clean) co_await tasks_.wait(drain_end_ + last_wait);
  leases_.stop();
  const auto end = std::max(boot_clock::now(), drain_end_ + last_wait) + for_loops;
  const bool quiet = co_await renewal_.wait(end);
  leftovers left;
  left.undelivered = outcomes_.total(job_end::undelivered) - undelivered_before;
  left.running = tasks_.running();
  left.calls_open = !closed || !quiet;
  co_return left;
}

void job_worker::abort_drain() {
  const auto now = boot_clock::now();
  drain_end_ = drain_end_ == connector::deadline{} ? now : std::min(drain_end_, now);
  if (stopping_) {
    bound_commands();
    tasks_.abort_wait();
  }
}

worker_snapshot job_worker::snapshot() const {
  worker_snapshot out;
  out.slots = capacity_.slots();
  out.slots_used = capacity_.slots() - capacity_.free_slots();
  out.queue_places = capacity_.queue_places();
  out.byte_budget = settings_.byte_budget;
  out.waiting = dispatcher_.queued();
  out.waiting_for_turn = waits_.size();
  out.bytes_used = capacity_.bytes_used();
  if (settings_.response_budget) out.bytes_used += settings_.response_budget->held();
  out.active_jobs = jobs_.size();
  out.leases = leases_.count();
  out.without_lease_token = dispatcher_.without_lease_token();
  out.commands = sender_.count();
  out.physical_tenant = settings_.physical_tenant;
  for (const auto& one : subscriptions_) {
    const auto& each = out.subscriptions.emplace_back(one->snapshot());
    out.polls.polls += each.polls.polls;
    out.polls.empty += each.polls.empty;
    out.polls.failed += each.polls.failed;
    out.polls.jobs += each.polls.jobs;
    out.streams.opened += each.pushes.opened;
    out.streams.failed += each.pushes.failed;
    out.streams.paused += each.pushes.paused;
    out.streams.closed_full += each.pushes.closed_full;
    out.streams.closed_silent += each.pushes.closed_silent;
    out.streams.jobs += each.pushes.jobs;
    out.last_contact = std::max(out.last_contact, one->last_contact());
  }
  return out;
}

}  // namespace worker::jobs
