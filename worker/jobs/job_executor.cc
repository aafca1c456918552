#include "worker/jobs/job_executor.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <exception>
#include <utility>

#include "connector/base/log.h"

namespace worker::jobs {

namespace asio = boost::asio;
namespace log = connector::log;
using asio::awaitable;
using connector::failure_class;
using std::chrono::milliseconds;

namespace {

constexpr milliseconds longest_stop{10'000};
// The name of its execution must not be guessed: another name would be another execution.
fail_command release_without_prefix(int retries) {
  auto out = release_command(retries,
                             "The gateway did not tell its cluster in time, which is a part of the "
                             "durable execution's name; the job is tried again.");
  out.back_off = milliseconds(1000);
  return out;
}

awaitable<job_end> fail_for_bug(command_sender& commands, active_job_ptr active,
                                const std::string& bug) {
  log::error("a bug in the worker failed this job",
             {{"jobKey", std::to_string(active->key())}, {"what", bug}});
  fail_command failing;
  failing.retries = std::max(active->job().retries, 1) - 1;
  failing.message = job_message("UNKNOWN_ERROR",
                                "The worker met an error of its own while it ran this job; its log "
                                "has the details under this job's key. Please report it.");
  return commands.send(std::move(active), std::move(failing));
}

awaitable<job_end> ended(job_end how) { co_return how; }
awaitable<void> nothing() { co_return; }

// Most jobs have none, and a frame has room for what may be there.
std::unique_ptr<connector::error> on_heap(std::optional<connector::error> wrong) {
  return wrong ? std::make_unique<connector::error>(*std::move(wrong)) : nullptr;
}

}  // namespace

awaitable<job_end> job_executor::run(active_job_ptr active) {
  // A cancellation may cut the call alone: its result and every command must reach the engine.
  co_await asio::this_coro::throw_if_cancelled(false);
  std::string bug;
  try {
    co_return co_await work(active);
  } catch (const std::exception& e) {
    bug = e.what();
  }
  auto sending = fail_for_bug(deps_.commands, std::move(active), bug);
  co_return co_await std::move(sending);
}

awaitable<job_end> job_executor::release(active_job_ptr active, std::string reason,
                                         milliseconds back_off) {
  auto releasing = release_command(active->job().retries, reason);
  releasing.back_off = back_off;
  return deps_.commands.send(std::move(active), std::move(releasing));
}

awaitable<job_end> job_executor::work(active_job_ptr active) {
  // Of the whole run: what waits below refers to it, and each keeps no copy of its own.
  job_run run;
  auto refused = co_await prepare(*active, run);
  if (active->state() == job_state::gone) co_return job_end::superseded;
  if (!refused && !run.released) co_return co_await call(std::move(active), run);
  auto sending = send_instead(std::move(active), std::move(refused), run);
  co_return co_await std::move(sending);
}

awaitable<std::unique_ptr<connector::error>> job_executor::prepare(active_job& active,
                                                                   job_run& run) {
  auto refused = on_heap(read_job(active, run));
  if (!refused && !run.field_to_ask_about.empty()) {
    auto asking = keys_.check_version(std::move(run.field_to_ask_about));
    refused = on_heap(co_await std::move(asking));
    if (active.state() == job_state::gone) co_return nullptr;
  }
  if (refused) co_return refused;
  // A store of secrets may be asked here, which takes as long as it takes to answer.
  auto resolving = resolve(active, run);
  auto resolved = co_await std::move(resolving);
  if (active.state() == job_state::gone) co_return nullptr;
  if (resolved.has_error()) {
    refused = std::make_unique<connector::error>(std::move(resolved).error());
    run.released = active.stops() && refused->failure != failure_class::permanent;
    co_return refused;
  }
  active.keep_secrets(std::move(resolved->known));
  refused = on_heap(make_request(active, std::move(resolved->values), run));
  if (!refused && run.read.headers.durable && needs_prefix(run)) {
    auto prefix = co_await durable_prefix();
    run.released = !prefix.has_value();
    if (run.released) co_return nullptr;
    run.read.durable.prefix = *std::move(prefix);
  }
  if (!refused) refused = on_heap(complete_request(active, run));
  co_return refused;
}

awaitable<connector::result<secrets::resolved_task>> job_executor::resolve(const active_job& active,
                                                                           job_run& run) {
  secrets::refusing_list refusing = [policy = run.policy](std::string_view name) {
    return policy::refusing(policy->secrets, name);
  };
  return deps_.secrets.resolve(std::move(run.read.values), std::move(refusing), mode_of(run.read),
                               deps_.secrets.scope_of(active.job().tenant_id));
}

awaitable<job_end> job_executor::send_instead(active_job_ptr active,
                                              std::unique_ptr<connector::error> refused,
                                              job_run& run) {
  const int retries = active->job().retries;
  job_command instead;
  if (!run.released) {
    instead = refusal(*active, std::move(*refused), run);
  } else {
    instead = refused ? release_command(retries, stopped_text) : release_without_prefix(retries);
  }
  return deps_.commands.send(std::move(active), std::move(instead));
}

bool job_executor::needs_prefix(const job_run& run) {
  return run.read.headers.durable_prefix.empty() && run.read.durable.prefix.empty();
}

awaitable<job_end> job_executor::call(active_job_ptr active, job_run& run) {
  turn_waits::place place(deps_.waits, active);
  accompany(place, active, run);
  co_await deps_.service.run_into(run.request, run.outcome);
  // From here on nothing may be cut short: the result has to reach the engine.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  auto finishing = finish(active, run);
  const auto end = co_await std::move(finishing);
  if (run.stopping) co_await stop_or_watch(*active, end, run);
  co_return end;
}

void job_executor::accompany(turn_waits::place& place, const active_job_ptr& active, job_run& run) {
  auto& request = run.request;
  if (request.durable && run.read.headers.stop_on_cancel) {
    run.stopping = std::make_unique<connector::call>(stop_of(request));
  }
  request.may_send = [&active = *active] { return active.may_call(boot_clock::now()); };
  request.turn.may_wait = [&place] { return place.begin(); };
  request.turn.hears_of_each = run.read.headers.at_most_once;
  // `active` outlives the run, in the frame that called this.
  request.turn.comes = [this, &place, &active, &run] { return come_to_call(place, active, run); };
}

awaitable<void> job_executor::stop_or_watch(const active_job& active, job_end end, job_run& run) {
  // The execution goes on for the activation that holds the job's lease now.
  if (end == job_end::superseded && !active.is_fenced()) {
    return stop_execution(deps_.service, deps_.redaction, active.key(), std::move(*run.stopping),
                          longest_stop);
  }
  if (end == job_end::waiting && !run.stopping->durable->execution.empty()) {
    deps_.watch.job_left(active.key(), {active.job().element_instance_key, std::move(*run.stopping),
                                        active.used_secrets(), run.read.headers.poll_interval});
  }
  return nothing();
}

awaitable<job_end> job_executor::finish(active_job_ptr active, job_run& run) {
  auto& outcome = run.outcome;
  const auto& marker = run.marker;
  run.facts.at_most_once_marker = marker.has_value();
  if (marker && marker->ended) {
    run.stopping.reset();
    return ended(*marker->ended);
  }
  run.facts.retries = active->job().retries;
  if (outcome.answered() != nullptr) run.stopping.reset();
  if (const auto* still = outcome.still_runs(); run.stopping && still != nullptr) {
    run.stopping->durable->execution = still->execution;
  }
  auto next = marker && marker->refused ? after_refused_marker(*active, *marker->refused, run)
                                        : after_call(*active, std::move(outcome), run);
  if (const auto* known = std::get_if<job_end>(&next)) return ended(*known);
  return deps_.commands.send(std::move(active), std::get<job_command>(std::move(next)));
}

awaitable<bool> job_executor::come_to_call(turn_waits::place& place, active_job_ptr active,
                                           job_run& run) {
  const bool has_slot = co_await place.end();
  if (!has_slot) co_return false;
  if (!run.read.headers.at_most_once) co_return true;
  // Not before: a job that waits for its turn has no call that may have started.
  run.marker = co_await write_at_most_once_marker(deps_.engine, std::move(active), deps_.random);
  co_return !run.marker->ended && !run.marker->refused;
}

awaitable<std::optional<std::string>> job_executor::durable_prefix() {
  if (durable_prefix_) co_return durable_prefix_;
  engine::topology found;
  const auto answer = co_await deps_.engine.ask_topology(found, milliseconds(5000));
  // Another job may have asked meanwhile, and its name counts.
  if (answer.ok() && !durable_prefix_) durable_prefix_ = prefix_of_cluster(found.cluster_id);
  co_return durable_prefix_;
}

}  // namespace worker::jobs
