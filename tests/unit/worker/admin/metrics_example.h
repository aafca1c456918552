// An example of all figures, and the page that is made of them.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "worker/admin/metrics.h"

namespace worker::admin {

inline connector::outcome answered(std::chrono::milliseconds took) {
  connector::outcome out;
  out.result = connector::answer{};
  out.call_time = took;
  return out;
}

inline connector::outcome failed(connector::error_code code) {
  connector::outcome out;
  connector::error e;
  e.code = code;
  out.result = std::move(e);
  out.call_time = std::chrono::milliseconds(7);
  return out;
}

struct example {
  using milliseconds = std::chrono::milliseconds;

  jobs::job_outcome_counters ends;
  jobs::job_times times{10};
  call_meter calls;
  jobs::worker_snapshot jobs;
  engine::call_counts gateway{{{"CompleteJob", engine::status_code::ok}, 2},
                              {{"CompleteJob", engine::status_code::unavailable}, 3}};

  example() {
    jobs.slots = 32;
    jobs.slots_used = 3;
    const std::string type = "lambdaConnector.INVOKE";
    jobs.subscriptions.push_back(
        {type, {10, 4, 1, 9}, {2, 1, 0, 0, 1, 40}, "open", jobs::poll_state::no_room});
    times.started(type, milliseconds(30));
    times.ended(type, &times.activated(type, "lambda-invoke", "7"), jobs::job_end::completed,
                milliseconds(1500));
    times.ended(type, &times.activated(type, "lambda-invoke", "7"), jobs::job_end::bpmn_error,
                milliseconds(500));
    times.called("orders", milliseconds(80));
    ends.count("lambdaConnector.INVOKE", "<default>", jobs::job_end::completed);
    ends.count("lambdaConnector.INVOKE", "<default>", jobs::job_end::completed);
    ends.count("lambdaConnector.INVOKE", "blue", jobs::job_end::failed);
    calls.ended(connector::operation_id::invoke, answered(milliseconds(30)));
    calls.ended(connector::operation_id::invoke, answered(milliseconds(1000'000)));
    calls.ended(connector::operation_id::invoke, failed(connector::error_code::not_found));
    calls.repeated(connector::error_code::too_many_requests);
  }

  std::vector<connector::throttled_function> throttled{{"orders", "eu-central-1", 2, 2, 1}};

  [[nodiscard]] std::string page() const {
    figures from{"0.1.0",
                 jobs,
                 ends,
                 times,
                 calls,
                 gateway,
                 {},
                 {},
                 milliseconds(2),
                 {},
                 look_at_process(),
                 token_figures{3, 1, 2, 4, milliseconds(1500), milliseconds(-500)},
                 {},
                 {{5, 1, 0, 2, 0}, secrets::store_counters{9, 2, milliseconds(2500)}},
                 milliseconds(60'000),
                 12};
    from.connections.open = 5;
    from.throttled = throttled;
    from.limits.push_back({"orders-*", {5, std::nullopt, true}, 2, 3, 40, 7});
    from.health.since_contact = milliseconds(1500);
    from.credentials_expire =
        connector::wall_clock::time_point(std::chrono::seconds(1'800'000'000));
    return metrics_page(from);
  }
};

}  // namespace worker::admin
