// The engine as the worker sees it: the eight calls of Zeebe's gateway that a worker makes, as
// awaitables on the loop. grpc_gateway makes them over the network; tests put a scripted gateway in
// its place. A gateway must outlive every call. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <string>

#include "worker/engine/read_switch.h"
#include "worker/engine/types.h"

namespace worker::engine {

using on_job = std::function<void(job)>;

// A poll may take so much longer than the gateway holds it: for its login, a connection, the jobs.
inline constexpr std::chrono::milliseconds poll_grace{10'000};

// Each call returns the status that it ended with and throws nothing. Cancelling the coroutine
// that waits cancels the call; the coroutine resumes with CANCELLED when the call has ended.
class gateway {
 public:
  gateway() = default;
  gateway(const gateway&) = delete;
  gateway& operator=(const gateway&) = delete;
  virtual ~gateway() = default;

  // ActivateJobs, a long poll for at most `max_jobs`: each job is handed to `take` as it arrives.
  // The gateway holds a poll that finds no job open for `wait`, and `poll_grace` after that the
  // poll ends with DEADLINE_EXCEEDED.
  virtual boost::asio::awaitable<status> activate(activation request, int max_jobs,
                                                  std::chrono::milliseconds wait, on_job take) = 0;

  // StreamActivatedJobs, until the stream ends or the coroutine is cancelled. Jobs that arrive
  // between the cancellation and its confirmation are handed to `take` too. While `reading` is
  // paused no job is read, and the end of the stream is not noticed.
  virtual boost::asio::awaitable<status> stream(activation request, on_job take,
                                                read_switch& reading) = 0;

  // `limit` is how long the call may take; after it the status is DEADLINE_EXCEEDED. A command
  // carries the lease token of its job; SetVariables has no place for one.
  // Variables are sent from where they lie, however often that is.
  virtual boost::asio::awaitable<status> complete(job_ref job, shared_text variables,
                                                  std::chrono::milliseconds limit) = 0;
  virtual boost::asio::awaitable<status> fail(job_ref job, int retries, std::string message,
                                              std::chrono::milliseconds back_off,
                                              shared_text variables,
                                              std::chrono::milliseconds limit) = 0;
  virtual boost::asio::awaitable<status> throw_error(job_ref job, std::string error_code,
                                                     std::string message, shared_text variables,
                                                     std::chrono::milliseconds limit) = 0;
  // UpdateJobTimeout: the lease ends `timeout` after the engine carried the command out.
  virtual boost::asio::awaitable<status> update_timeout(job_ref job,
                                                        std::chrono::milliseconds timeout,
                                                        std::chrono::milliseconds limit) = 0;
  // SetVariables, local to the element instance.
  virtual boost::asio::awaitable<status> set_variables(std::int64_t element_instance_key,
                                                       std::string variables,
                                                       std::chrono::milliseconds limit) = 0;
  // Topology; `into` is written when the status is OK.
  virtual boost::asio::awaitable<status> ask_topology(topology& into,
                                                      std::chrono::milliseconds limit) = 0;
};

}  // namespace worker::engine
