#include "worker/admin/metrics.h"

#include <utility>

#include "worker/admin/familiar_metrics.h"
#include "worker/admin/limit_metrics.h"
#include "worker/admin/metrics_writer.h"

namespace worker::admin {

namespace {

using page = metrics_writer;

double seconds_of(std::chrono::milliseconds time) {
  return std::chrono::duration<double>(time).count();
}

void add_jobs(page& out, const figures& from) {
  out.counter("jobs_received", "Jobs activated here, by the way they came");
  for (const auto& one : from.jobs.subscriptions) {
    out.value(one.polls.jobs, {{"type", one.type}, {"source", "poll"}});
    out.value(one.pushes.jobs, {{"type", one.type}, {"source", "stream"}});
  }
  out.counter("jobs_ended", "Jobs by the one end that each of them has");
  for (const auto& one : from.jobs.subscriptions) {
    const auto& all = from.outcomes.by_type();
    const auto found = all.find(one.type);
    for (std::size_t i = 0; i < jobs::job_ends; ++i) {
      const std::string end(jobs::name_of(static_cast<jobs::job_end>(i)));
      out.value(found == all.end() ? std::uint64_t{0} : found->second.at(i),
                {{"type", one.type}, {"end", end}});
    }
  }
  // Of an engine without tenants there would be one, with the same figures as above.
  const auto& tenants = from.outcomes.by_tenant();
  out.counter("jobs_ended_of_tenant", "The same by tenant, where the engine has several");
  for (const auto& [tenant, counts] : tenants) {
    if (tenants.size() == 1 && (tenant.empty() || tenant == "<default>")) break;
    for (std::size_t i = 0; i < jobs::job_ends; ++i) {
      const std::string end(jobs::name_of(static_cast<jobs::job_end>(i)));
      out.value(counts.at(i), {{"tenant", tenant}, {"end", end}});
    }
  }
  out.histogram("job_wait_seconds", "Time from a job's arrival here to its start");
  for (const auto& one : from.jobs.subscriptions) {
    const auto waits = from.times.by_type().find(one.type);
    out.times(waits == from.times.by_type().end() ? jobs::duration_counts() : waits->second.waited,
              {{"type", one.type}});
  }
  out.gauge("jobs_held", "Jobs between their arrival and their end").value(from.jobs.active_jobs);
  out.gauge("slots", "Jobs that may run at the same time").value(from.jobs.slots);
  out.gauge("slots_used", "Jobs that run").value(from.jobs.slots_used);
  out.gauge("waiting_places", "Places of the queue").value(from.jobs.queue_places);
  out.gauge("waiting_jobs", "Jobs that wait for a slot").value(from.jobs.waiting);
  out.gauge("budget_bytes", "Bytes of variables and results that may be held")
      .value(from.jobs.byte_budget);
  out.gauge("held_bytes", "Bytes of variables and results that are held")
      .value(from.jobs.bytes_used);
}

void add_commands(page& out, const figures& from) {
  const auto& sent = from.jobs.commands;
  out.gauge("results_held", "Results that the engine has not taken yet").value(sent.holding);
  out.counter("results_held_back", "Results that the engine did not take at once").value(sent.held);
  out.counter("results_delivered_late", "Results taken after having been held")
      .value(sent.delivered_late);
  out.counter("results_dropped",
              "Results that the engine never took: given up, or the job was gone")
      .value(sent.dropped);
  out.counter("commands_repeated", "Commands to the engine that were sent again")
      .value(sent.repeated);
  out.counter("lease_extensions", "Attempts to extend a job's activation, by outcome")
      .value(from.jobs.leases.extended, {{"result", "extended"}})
      .value(from.jobs.leases.refused, {{"result", "refused"}})
      .value(from.jobs.leases.lost, {{"result", "lost"}})
      .value(from.jobs.leases.gone, {{"result", "gone"}})
      .value(from.jobs.leases.fenced, {{"result", "fenced"}});
  out.counter("commands_fenced",
              "Commands that the engine refused, because another activation holds the job's lease")
      .value(sent.fenced);
  out.counter("jobs_without_lease_token",
              "Jobs that went back, because jobs.lease=required and the engine gave no token")
      .value(from.jobs.without_lease_token);
}

void add_gateway(page& out, const figures& from) {
  out.counter("gateway_answers", "Calls of the gateway by how they ended; ours end as CANCELLED");
  for (const auto& [of, count] : from.gateway) {
    out.value(count, {{"call", of.first}, {"status", std::string(name_of(of.second))}});
  }
}

// A job names its physical tenant too: one worker has jobs of one.
void add_engine(page& out, const figures& from) {
  const auto& tenant = from.jobs.physical_tenant;
  out.gauge("engine_info", "1, with the physical tenant that jobs are taken from")
      .value(1.0, {{"physical_tenant", tenant.empty() ? "default" : tenant}});
}

void add_tokens(page& out, const figures& from) {
  const auto& all = from.tokens;
  out.gauge("gateway_token_age_seconds",
            "Age of the token for the gateway; absent when there is none");
  if (all && all->age) out.value(seconds_of(*all->age));
  out.gauge("gateway_token_left_seconds", "Time until this token ends; negative afterwards");
  if (all && all->left) out.value(seconds_of(*all->left));
  out.counter("gateway_token_requests", "Requests to the token server, by what they brought");
  if (all) {
    out.value(all->given, {{"result", "token"}}).value(all->failed, {{"result", "failure"}});
  }
  out.counter("gateway_tokens_taken_over", "Tokens of other processes, from the shared file");
  if (all) out.value(all->taken_over);
  out.counter("gateway_tokens_refused", "Calls that the gateway answered with UNAUTHENTICATED");
  if (all) out.value(all->refused);
}

void add_ways(page& out, const figures& from) {
  out.counter("polls", "Polls for jobs that were begun");
  for (const auto& one : from.jobs.subscriptions) out.value(one.polls.polls, {{"type", one.type}});
  out.counter("polls_empty", "Polls that brought no job");
  for (const auto& one : from.jobs.subscriptions) out.value(one.polls.empty, {{"type", one.type}});
  out.counter("polls_failed", "Polls that failed");
  for (const auto& one : from.jobs.subscriptions) out.value(one.polls.failed, {{"type", one.type}});
  out.gauge("poll_state", "1 for what the poller does: its question hangs, no room, or back-off");
  for (const auto& one : from.jobs.subscriptions) {
    for (std::size_t i = 0; i < jobs::poll_states; ++i) {
      const auto state = static_cast<jobs::poll_state>(i);
      out.value(one.poll == state ? 1.0 : 0.0,
                {{"type", one.type}, {"state", std::string(name_of(state))}});
    }
  }
  out.gauge("stream_state", "1 for the state that the stream of pushed jobs is in");
  for (const auto& one : from.jobs.subscriptions) {
    out.value(one.stream == "off" ? 1.0 : 0.0, {{"type", one.type}, {"state", "off"}});
    for (std::size_t i = 0; i < jobs::stream_states; ++i) {
      const auto name = jobs::name_of(static_cast<jobs::stream_state>(i));
      out.value(one.stream == name ? 1.0 : 0.0, {{"type", one.type}, {"state", std::string(name)}});
    }
  }
  out.counter("streams_opened", "Streams of pushed jobs that were opened");
  for (const auto& one : from.jobs.subscriptions)
    out.value(one.pushes.opened, {{"type", one.type}});
  out.counter("streams_failed", "Streams of pushed jobs that broke");
  for (const auto& one : from.jobs.subscriptions)
    out.value(one.pushes.failed, {{"type", one.type}});
  out.counter("streams_paused", "Times that a stream of pushed jobs was not read on");
  for (const auto& one : from.jobs.subscriptions)
    out.value(one.pushes.paused, {{"type", one.type}});
  out.counter("streams_closed_full", "Streams of pushed jobs closed because the queue was full");
  for (const auto& one : from.jobs.subscriptions)
    out.value(one.pushes.closed_full, {{"type", one.type}});
  out.counter("streams_closed_silent",
              "Streams of pushed jobs opened again because only polls brought jobs");
  for (const auto& one : from.jobs.subscriptions)
    out.value(one.pushes.closed_silent, {{"type", one.type}});
}

void add_calls(page& out, const figures& from) {
  out.histogram("call_duration_seconds",
                "Time of a call, its retries within one activation included");
  for (const auto& [operation, counts] : from.calls.durations()) {
    out.times(counts, {{"operation", operation}});
  }
  out.histogram("function_call_duration_seconds",
                "The same by function; off by default, see admin.timedFunctions");
  for (const auto& [function, counts] : from.times.by_function()) {
    out.times(counts, {{"function", function}});
  }
  out.counter("calls",
              "Calls by operation and result: OK, FUNCTION_ERROR, STILL_RUNNING or an error code");
  for (const auto& [of, count] : from.calls.results()) {
    out.value(count, {{"operation", of.first}, {"result", of.second}});
  }
  out.counter("call_retries", "Requests sent again within one activation, by the error before");
  for (const auto& [reason, count] : from.calls.repeats()) out.value(count, {{"reason", reason}});
  const auto& http = from.connections;
  out.gauge("http_connections", "Connections to AWS, in use or idle").value(http.open);
  out.counter("http_connections_opened", "Connections to AWS that were opened").value(http.opened);
  out.counter("http_connections_failed", "Connections to AWS that could not be opened")
      .value(http.failed);
  out.counter("http_connections_found_dead", "Idle connections that the other side had closed")
      .value(http.found_dead);
  out.counter("http_connections_reused", "Requests that found an open connection")
      .value(http.reused);
  out.counter("http_tls_handshakes", "TLS handshakes with servers, the shortened ones included")
      .value(http.handshakes);
  out.counter("http_tls_sessions_resumed", "TLS handshakes that were cut short")
      .value(http.resumed);
  out.counter("http_requests", "Requests to AWS").value(http.requests);
}

void add_secrets(page& out, const figures& from) {
  out.counter("secret_lookups", "Look-ups of secrets for tasks and profiles, by their result");
  for (std::size_t i = 0; i < from.secrets.lookups.size(); ++i) {
    const auto result = static_cast<secrets::lookup_result::state>(i);
    out.value(from.secrets.lookups.at(i), {{"result", std::string(name_of(result))}});
  }
  const auto& store = from.secrets.store;
  out.counter("secret_store_reads", "Readings of AWS Secrets Manager, by their result");
  if (store) {
    out.value(store->read - store->failed, {{"result", "copy"}})
        .value(store->failed, {{"result", "failure"}});
  }
  out.gauge("secret_store_age_seconds",
            "Age of the copy of AWS Secrets Manager's secret; absent when there is none");
  if (store && store->age) out.value(seconds_of(*store->age));
}

void add_health(page& out, const figures& from) {
  const auto& health = from.health;
  out.gauge("ready", "1 when /readyz says so").value(ready(health).up ? 1.0 : 0.0);
  out.gauge("credentials_available", "1 when there were credentials when last asked for")
      .value(health.credentials ? 1.0 : 0.0);
  out.gauge("credentials_expiry_timestamp_seconds",
            "When the worker's own credentials expire, since the epoch; absent when they do not");
  if (from.credentials_expire) {
    out.value(std::chrono::duration<double>(from.credentials_expire->time_since_epoch()).count());
  }
  out.gauge("credentials_age_seconds",
            "Time since the worker's own credentials were first seen; absent when there are none");
  if (from.credentials_age) out.value(seconds_of(*from.credentials_age));
  out.gauge("gateway_contact_age_seconds", "Time since the gateway was last heard from");
  if (health.since_contact) {
    out.value(seconds_of(*health.since_contact));
  }
  out.gauge("loop_lag_seconds", "How late the event loop's timer was when it last ran")
      .value(seconds_of(from.loop_lag));
  out.counter("log_lines_dropped", "Lines of the log that stdout did not take")
      .value(from.log_lines_dropped);
  out.gauge("build_info", "1, with what was built").value(1.0, {{"version", from.version}});
}

void add_process(page& out, const process_figures& from) {
  out.prefix("");
  out.counter("process_cpu_seconds", "User and system time of the processor")
      .value(from.cpu_seconds);
  out.gauge("process_resident_memory_bytes", "Resident memory").value(from.resident_bytes);
  out.gauge("process_virtual_memory_bytes", "Virtual memory").value(from.virtual_bytes);
  out.gauge("process_open_fds", "Open file descriptors").value(from.open_files);
  out.gauge("process_max_fds", "Most file descriptors that may be open").value(from.max_files);
  out.gauge("process_threads", "Threads of the operating system").value(from.threads);
  out.gauge("process_start_time_seconds", "Start, since the epoch").value(from.started_at);
}

}  // namespace

std::string metrics_page(const figures& from) {
  page out;
  add_jobs(out, from);
  add_commands(out, from);
  add_gateway(out, from);
  add_engine(out, from);
  add_tokens(out, from);
  add_ways(out, from);
  add_calls(out, from);
  add_limit_metrics(out, from);
  add_secrets(out, from);
  add_health(out, from);
  add_familiar_metrics(out, from);
  add_process(out, from.process);
  return out.text();
}

}  // namespace worker::admin
