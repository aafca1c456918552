// Takes the jobs of one type that the gateway pushes. This file answers why a stream was paused or
// closed: see pause_full, close_full, renew, stop, and polls_brought for a silent stream. A stream
// that this worker closes is drained first: it is read until nothing more arrives, then cancelled.
// Must outlive run(). Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstdint>
#include <memory>
#include <string_view>

#include "connector/base/backoff_limits.h"
#include "connector/base/boot_timer.h"
#include "worker/engine/gateway.h"
#include "worker/engine/read_switch.h"
#include "worker/jobs/gateway_outage.h"
#include "worker/jobs/job_dispatcher.h"
#include "worker/jobs/job_type.h"

namespace worker::jobs {

struct stream_counters {
  std::uint64_t opened = 0;
  std::uint64_t failed = 0;
  std::uint64_t paused = 0;
  std::uint64_t closed_full = 0;
  std::uint64_t closed_silent = 0;
  std::uint64_t jobs = 0;
};

enum class stream_state { opening, open, paused, closed_full, backing_off, unsupported, stopped };
inline constexpr std::size_t stream_states = 7;

// "open", "closed_full"; for metrics.
std::string_view name_of(stream_state state);

class job_streamer {
 public:
  // All of them must outlive the streamer.
  struct dependencies {
    engine::gateway& engine;
    job_dispatcher& dispatcher;
    gateway_outage& outage;
    connector::random_source random;
  };

  // `request` is read when a stream is opened.
  job_streamer(boost::asio::any_io_executor loop, dependencies deps, const job_type& type,
               const engine::activation& request, milliseconds max_silence);

  boost::asio::awaitable<void> run();

  // The worker stops: drains the stream and does not open it again.
  void stop();

  // The activation that the stream asks for has changed: drains the stream and opens it again.
  void renew();

  // The queue or the byte budget is full: the stream is not read until capacity_came_free(). What
  // the gateway has sent already waits in the buffers of the connection, locked for this worker; so
  // a stream that stays paused is closed.
  void pause_full();

  // A job type has queue places and bytes again, or may have: a paused stream is read on.
  void capacity_came_free();

  // A job arrived that there is no place for: drains the stream. It is opened again when the queue
  // is empty and a poll returned fewer jobs than it asked for. A burst of jobs is pushed within
  // milliseconds, and a job that a cancelled stream has not read is locked until its lease ends.
  void close_full();

  // A poll returned fewer jobs than it asked for: a stream that was closed because the queue was
  // full is opened again if the queue is empty.
  void backlog_is_empty();

  // A poll brought jobs. A stream that stays silent for `max_silence` while polls bring jobs may be
  // stuck behind a gateway or a proxy: it is cancelled and opened again.
  void polls_brought(std::size_t jobs);

  [[nodiscard]] stream_state state() const { return state_; }
  [[nodiscard]] const stream_counters& count() const { return count_; }

 private:
  boost::asio::awaitable<engine::status> read();
  [[nodiscard]] bool is_open() const {
    return state_ == stream_state::open || state_ == stream_state::paused;
  }
  void watch_pause();
  void resume();
  void drain();
  void cancel_when_quiet();
  // True when it was woken before the time was over.
  boost::asio::awaitable<bool> pause(milliseconds at_most);

  boost::asio::any_io_executor loop_;
  dependencies deps_;
  const job_type& type_;
  const engine::activation& request_;
  milliseconds max_silence_;
  connector::boot_timer wake_;
  connector::boot_timer quiet_;
  connector::boot_timer pause_watch_;
  engine::read_switch reading_;
  boot_clock::time_point paused_at_{};
  bool pause_watched_ = false;
  // A new signal for each stream: a cancellation counts once.
  std::shared_ptr<boost::asio::cancellation_signal> cancel_;
  stream_state state_ = stream_state::opening;
  bool draining_ = false;               // closed full, renewed or stopped: read until it is quiet
  bool renewing_ = false;               // it is opened again at once
  bool silent_ = false;                 // cancelled because the gateway pushed nothing
  boot_clock::time_point last_sign_{};  // when it was opened, or the last job arrived
  std::size_t polled_meanwhile_ = 0;    // jobs of polls since then
  boot_clock::time_point drain_began_{};
  bool stopping_ = false;
  stream_counters count_;
};

}  // namespace worker::jobs
