// The one sender of job commands. Each attempt is bounded in time and repeated on transient codes.
// The result of a call that may have run is sent until the engine takes it or refuses it for good,
// after the lease has ended too; a FailJob is sent only while the lease is alive. Must outlive the
// coroutines that send. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "connector/base/backoff_limits.h"
#include "connector/base/clock.h"
#include "worker/engine/gateway.h"
#include "worker/jobs/active_job.h"
#include "worker/jobs/failure_step.h"
#include "worker/jobs/job_command.h"
#include "worker/jobs/job_end.h"

namespace worker::jobs {

struct sender_settings {
  std::chrono::milliseconds command_limit{10'000};  // of one attempt
  std::chrono::milliseconds hold_time{std::chrono::minutes(15)};
  // When it is set, a result that is too large is known before it is sent.
  std::optional<std::uint64_t> engine_message_size;
};

// A result is held from the moment at which the engine did not take it until it is taken or given
// up.
struct sender_counters {
  std::uint64_t held = 0;            // results that were ever held
  std::uint64_t delivered_late = 0;  // held results that the engine took
  std::uint64_t dropped = 0;         // results given up, or of a job that was gone
  std::uint64_t holding = 0;         // results held now
  std::uint64_t repeated = 0;        // attempts beyond the first
  std::uint64_t fenced = 0;          // refused, because another activation holds the job's lease
};

class command_sender {
 public:
  // `stopped`: the drain time of the worker is over, no command is repeated any longer.
  command_sender(engine::gateway& engine, const sender_settings& settings,
                 connector::random_source random, std::function<bool()> stopped);

  // Sends the command and returns how the job ended. Gives the job's slot back when the first
  // attempt was not enough, so that other jobs run meanwhile.
  boost::asio::awaitable<job_end> send(active_job_ptr active, job_command command);

  // The worker stops: no attempt that begins from now on goes on after `last`.
  void end_by(connector::deadline last) { last_ = last; }

  [[nodiscard]] const sender_counters& count() const { return count_; }

 private:
  // A completion or a BPMN error.
  boost::asio::awaitable<engine::status> send_once(engine::job_ref job, const job_command& result,
                                                   engine::shared_text variables);
  void fenced(active_job& active);
  boost::asio::awaitable<job_end> send_result(active_job_ptr active, job_command command);
  boost::asio::awaitable<job_end> send_failure(active_job_ptr active, fail_command command);
  [[nodiscard]] std::optional<fail_command> refused_before_sending(
      const job_command& command) const;
  // Of an attempt that begins now.
  [[nodiscard]] std::chrono::milliseconds limit() const;
  [[nodiscard]] std::chrono::milliseconds wait_after(const engine::status& status,
                                                     int attempts) const;

  engine::gateway& engine_;
  sender_settings settings_;
  connector::random_source random_;
  std::function<bool()> stopped_;
  connector::deadline last_ = connector::deadline::max();
  sender_counters count_;
};

}  // namespace worker::jobs
