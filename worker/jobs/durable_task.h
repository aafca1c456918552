// A task with the header durable=true: one durable execution for one job. What its variable keeps
// from one activation to the next, and under which name the execution runs. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/base/backoff_limits.h"
#include "connector/connector.h"
#include "worker/engine/types.h"
#include "worker/jobs/job_command.h"
#include "worker/jobs/task_headers.h"

namespace worker::jobs {

// Local to the task, as {"jobKey": "...", ...}; written with FailJob.
inline constexpr std::string_view durable_variable = "lambdaExecution";

// The knowledge of earlier activations of the job.
struct durable_progress {
  int run = 0;            // executions of this job that failed, and are followed by another one
  int asked = 0;          // how often it was asked whether the execution has ended
  std::string execution;  // ARN of the one that was started; empty: none is known
  // Of its name, when the task's header gives none: a job keeps it, whatever later activations know
  // of the engine. Empty: none was needed yet.
  std::string prefix{};
};

// The prefix when the task's header gives none. Job keys are unique in one engine alone, so its
// cluster's id is part of the names. An engine that does not tell its id (before 8.9) has "job".
std::string prefix_of_cluster(std::string_view cluster_id);

// `value`: the variable; nothing is known when it belongs to another job.
durable_progress read_progress(std::optional<std::string_view> value, engine::job_key key);

// The variable's value.
std::string progress_json(const durable_progress& progress, engine::job_key key);

// Its name is the prefix and the job's key, so that each attempt of the job has the same one.
connector::durable_run durable_run_of(const task_headers& headers, engine::job_key key,
                                      const durable_progress& progress);

// Ends the message of a job whose execution has failed; empty when a retry starts another one.
std::string why_no_retry(const task_headers& headers, const durable_progress& progress,
                         engine::job_key key);

// Ends the message when the execution that was started before is lost, or belongs to another task.
std::string how_to_start_again(connector::error_code code, const task_headers& headers,
                               const durable_progress& progress);

// What the next activation has to know when this one ends without a result; empty: nothing.
std::string kept_progress(const durable_progress& progress, engine::job_key key);

// Gives the job back to the engine until its execution is asked about again. It loses no retry; the
// pause grows from one second to headers.poll_interval. `why`: what is known of the execution, a
// sentence.
fail_command back_to_wait(durable_progress progress, const task_headers& headers,
                          engine::job_key key, int retries, std::string_view why,
                          const connector::random_source& random);

}  // namespace worker::jobs
