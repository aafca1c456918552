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
  log::error("a bug in the worker failed this job",
             {{"jobKey", std::to_string(active->key())}, {"what", bug}});
  fail_command failing;
  failing.retries = std::max(active->job().retries, 1) - 1;
  failing.message = job_message("UNKNOWN_ERROR",
                                "The worker met an error of its own while it ran this job; its log "
                                "has the details under this job's key. Please report it.");
  co_return co_await deps_.commands.send(std::move(active), std::move(failing));
}

awaitable<job_end> job_executor::release(active_job_ptr active, std::string reason,
                                         milliseconds back_off) {
  auto releasing = release_command(active->job().retries, reason);
  releasing.back_off = back_off;
  job_command command = std::move(releasing);
  co_return co_await deps_.commands.send(std::move(active), std::move(command));
}

awaitable<job_end> job_executor::work(active_job_ptr active) {
  // Of the whole run: what waits below refers to it, and each keeps no copy of its own.
  job_run run;
  auto refused = read_job(*active, run);
  if (!refused && run.key_in_clear.ask_engine) {
    refused = co_await keys_.check_version(std::move(run.key_in_clear.field));
    if (active->state() == job_state::gone) co_return job_end::superseded;
  }
  if (!refused) {
    secrets::refusing_list refusing = [policy = run.policy](std::string_view name) {
      return policy::refusing(policy->secrets, name);
    };
    // A store of secrets may be asked here, which takes as long as it takes to answer.
    auto resolved = co_await deps_.secrets.resolve(std::move(run.read.values), std::move(refusing),
                                                   mode_of(run.read),
                                                   deps_.secrets.scope_of(active->job().tenant_id));
    if (active->state() == job_state::gone) co_return job_end::superseded;
    if (resolved.has_error()) {
      refused = resolved.error();
      run.released = active->stops() && refused->failure != failure_class::permanent;
    } else {
      active->keep_secrets(std::move(resolved->known));
      refused = make_request(*active, std::move(resolved->values), run);
    }
  }
  if (!refused && run.read.headers.durable && needs_prefix(run)) {
    auto prefix = co_await durable_prefix();
    run.released = !prefix.has_value();
    if (prefix) run.read.durable.prefix = *std::move(prefix);
  }
  job_command instead;
  if (run.released) {
    const int retries = active->job().retries;
    instead = refused ? release_command(retries, stopped_text) : release_without_prefix(retries);
  } else {
    if (!refused) refused = complete_request(*active, run);
    if (!refused) co_return co_await call(std::move(active), run);
    instead = refusal(*active, *std::move(refused), run);
  }
  co_return co_await deps_.commands.send(std::move(active), std::move(instead));
}

bool job_executor::needs_prefix(const job_run& run) {
  return run.read.headers.durable_prefix.empty() && run.read.durable.prefix.empty();
}

awaitable<job_end> job_executor::call(active_job_ptr active, job_run& run) {
  const auto& headers = run.read.headers;
  auto& request = run.request;
  std::optional<connector::call> stopping;
  if (request.durable && headers.stop_on_cancel) stopping = stop_of(request);
  request.may_send = [&active = *active] { return active.may_call(boot_clock::now()); };
  turn_waits::place place(deps_.waits, active);
  std::optional<marker_result> marker;
  request.turn.may_wait = [&place] { return place.begin(); };
  request.turn.hears_of_each = headers.at_most_once;
  request.turn.comes = [this, &place, &active, &marker, once = headers.at_most_once] {
    return come_to_call(place, active, once, marker);
  };
  auto outcome = co_await deps_.service.run(std::move(request));
  // From here on nothing may be cut short: the result has to reach the engine.
  co_await asio::this_coro::reset_cancellation_state(asio::disable_cancellation());
  run.facts.at_most_once_marker = marker.has_value();
  if (marker && marker->ended) co_return *marker->ended;
  run.facts.retries = active->job().retries;
  if (stopping && outcome.answered() != nullptr) stopping.reset();
  if (const auto* still = outcome.still_runs(); stopping && still != nullptr) {
    stopping->durable->execution = still->execution;
  }
  auto next = marker && marker->refused ? after_refused_marker(*active, *marker->refused, run)
                                        : after_call(*active, std::move(outcome), run);
  auto end = job_end::superseded;
  if (const auto* known = std::get_if<job_end>(&next)) {
    end = *known;
  } else {
    end = co_await deps_.commands.send(active, std::get<job_command>(std::move(next)));
  }
  // The execution goes on for the activation that holds the job's lease now.
  if (stopping && end == job_end::superseded && !active->is_fenced()) {
    co_await stop_execution(deps_.service, deps_.redaction, active->key(), *std::move(stopping),
                            longest_stop);
  } else if (stopping && end == job_end::waiting && !stopping->durable->execution.empty()) {
    deps_.watch.job_left(active->key(), {active->job().element_instance_key, *std::move(stopping),
                                         active->used_secrets(), headers.poll_interval});
  }
  co_return end;
}

awaitable<bool> job_executor::come_to_call(turn_waits::place& place, active_job_ptr active,
                                           bool at_most_once,
                                           std::optional<marker_result>& marker) {
  const bool has_slot = co_await place.end();
  if (!has_slot) co_return false;
  if (!at_most_once) co_return true;
  // Not before: a job that waits for its turn has no call that may have started.
  marker = co_await write_at_most_once_marker(deps_.engine, std::move(active), deps_.random);
  co_return !marker->ended && !marker->refused;
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
