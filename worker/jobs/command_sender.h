// The one sender of job commands: bounded in time, repeated on transient codes, and careful about
// who holds the job. A result of a call that ran is offered until the engine takes it or refuses it
// for good, also after the activation is over; FailJob is sent only while the activation is ours.
// Must outlive its deliveries. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "connector/base/backoff.h"
#include "worker/engine/gateway.h"
#include "worker/jobs/active_job.h"
#include "worker/jobs/job_command.h"
#include "worker/jobs/job_end.h"

namespace worker::jobs {

struct sender_settings {
  std::chrono::milliseconds command_limit{10'000};  // of one try
  std::chrono::milliseconds hold_time{std::chrono::minutes(15)};
  std::optional<std::uint64_t> engine_message_size;  // set: too large is known before sending
};

struct sender_counters {
  std::uint64_t held = 0;            // results not taken at once
  std::uint64_t delivered_late = 0;  // taken after having been held
  std::uint64_t dropped = 0;         // given up, or of a job that was gone
  std::uint64_t holding = 0;         // of these, held now
  std::uint64_t repeated = 0;        // tries beyond the first
};

class command_sender {
 public:
  // `stopped`: the worker's drain is over, nothing is offered any longer.
  command_sender(engine::gateway& engine, const sender_settings& settings,
                 connector::random_source random, std::function<bool()> stopped);

  // Gives the end to the engine and says which end it became. Releases the job's slot as soon as a
  // first try was not enough, so that other jobs go on.
  boost::asio::awaitable<job_end> send(active_job_ptr active, job_command command);

  [[nodiscard]] const sender_counters& count() const { return count_; }

 private:
  boost::asio::awaitable<engine::status> send_once(active_job& active, const job_command& command);
  boost::asio::awaitable<job_end> send_result(active_job_ptr active, job_command command);
  boost::asio::awaitable<job_end> send_failure(active_job_ptr active, fail_command command);
  boost::asio::awaitable<void> pause(active_job& active, int tries, engine::status_class why);
  [[nodiscard]] std::optional<fail_command> refused_before_sending(
      const active_job& active, const job_command& command) const;

  engine::gateway& engine_;
  sender_settings settings_;
  connector::random_source random_;
  std::function<bool()> stopped_;
  sender_counters count_;
};

}  // namespace worker::jobs
