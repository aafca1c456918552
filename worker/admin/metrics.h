// The metrics page in Prometheus' text format 0.0.4, made from counters at each scrape. Names begin
// with lambda_connector_, those that charts already use with camunda_ (familiar_metrics.h). The
// number of values of each label is bounded. Pure.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "connector/base/clock.h"
#include "connector/call_limits.h"
#include "connector/connector.h"
#include "worker/admin/call_meter.h"
#include "worker/admin/health.h"
#include "worker/admin/process_figures.h"
#include "worker/engine/types.h"
#include "worker/jobs/job_end.h"
#include "worker/jobs/job_times.h"
#include "worker/jobs/job_worker.h"
#include "worker/secrets/resolver.h"
#include "worker/secrets/source.h"

namespace worker::admin {

// Of the connections to AWS.
struct connection_figures {
  std::uint64_t requests = 0;
  std::uint64_t opened = 0;
  std::uint64_t failed = 0;
  std::uint64_t handshakes = 0;  // of TLS
  std::uint64_t resumed = 0;     // those that were shortened
  std::uint64_t reused = 0;
  std::uint64_t found_dead = 0;
  std::uint64_t open = 0;
};

// Of tokens for the gateway.
struct token_figures {
  std::uint64_t given = 0;  // requests to the token server that brought one
  std::uint64_t failed = 0;
  std::uint64_t taken_over = 0;  // from the shared file, without a request
  std::uint64_t refused = 0;     // answers UNAUTHENTICATED of the gateway
  // Of the one that is used; nothing: there is none.
  std::optional<std::chrono::milliseconds> age;
  std::optional<std::chrono::milliseconds> left;  // until it ends; negative afterwards
};

struct secret_figures {
  secrets::resolver::lookup_counts lookups{};
  std::optional<secrets::store_counters> store;  // nothing: there is none
};

struct figures {
  std::string version;
  jobs::worker_snapshot jobs;
  const jobs::job_outcome_counters& outcomes;
  const jobs::job_times& times;
  const call_meter& calls;
  const engine::call_counts& gateway;
  connection_figures connections;
  health_facts health;
  std::chrono::milliseconds loop_lag{0};
  std::optional<connector::wall_clock::time_point> credentials_expire;
  process_figures process;
  std::optional<token_figures> tokens;  // nothing: the worker uses none
  std::vector<connector::limit_figures> limits{};
  secret_figures secrets{};
  std::optional<std::chrono::milliseconds> credentials_age{};
  std::uint64_t log_lines_dropped = 0;
  std::vector<connector::throttled_function> throttled{};
};

std::string metrics_page(const figures& from);

}  // namespace worker::admin
