// Takes pushed jobs of one type. A stream cannot be asked and is therefore always read; when the
// waiting room is full it is cancelled as soon as nothing more comes, polling goes on alone, and it
// is opened again when the room is empty and a poll gave less than it asked for. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string_view>

#include "connector/base/backoff.h"
#include "worker/engine/client.h"
#include "worker/jobs/job_dispatcher.h"
#include "worker/jobs/job_type.h"

namespace worker::jobs {

struct stream_counters {
  std::uint64_t opened = 0;
  std::uint64_t failed = 0;
  std::uint64_t closed_full = 0;
  std::uint64_t closed_silent = 0;
  std::uint64_t jobs = 0;
};

class job_stream {
 public:
  job_stream(boost::asio::any_io_executor loop, engine::client& engine, job_dispatcher& jobs,
             const job_type& type, milliseconds max_silence,
             std::function<engine::activation()> ask, connector::random_source random);

  boost::asio::awaitable<void> run();
  // Reads first what is on its way, as below.
  void stop();

  // What is asked for has changed: opens anew, and reads first what is on its way.
  void renew();
  // The waiting room is full: cancel, but read first what is on its way. A burst of jobs is pushed
  // within milliseconds, and what a cancelled stream has not read is lost until its lease is over.
  void close_full();
  // A poll gave less than it asked for; opens again if the room is empty.
  void backlog_is_empty();
  // A poll brought jobs. A stream that stays silent for `max_silence` while polls go on to bring
  // some may be stuck behind a gateway or a proxy, and is opened anew.
  void polls_brought(std::size_t jobs);

  enum class state { opening, open, closed_full, backing_off, unsupported, stopped };
  static constexpr std::size_t states = 6;
  [[nodiscard]] state now() const { return state_; }
  [[nodiscard]] const stream_counters& count() const { return count_; }

 private:
  boost::asio::awaitable<engine::status> read();
  // Reads what is on its way, then cancels.
  void drain_stream();
  void cancel_when_quiet();
  // True when it was woken before the time was over.
  boost::asio::awaitable<bool> pause(milliseconds at_most);

  boost::asio::any_io_executor loop_;
  engine::client& engine_;
  job_dispatcher& jobs_;
  const job_type& type_;
  milliseconds max_silence_;
  std::function<engine::activation()> ask_;
  connector::random_source random_;
  boost::asio::steady_timer wake_;
  boost::asio::steady_timer quiet_;
  // Made anew for each stream: a cancellation counts once.
  std::shared_ptr<boost::asio::cancellation_signal> cancel_;
  state state_ = state::opening;
  bool leaving_ = false;   // full, renewed or stopping: this stream is read on until it is quiet
  bool renewing_ = false;  // then it is opened again at once
  bool silent_ = false;    // closed by us, because nothing came
  boot_clock::time_point sign_at_{};  // opened, or the last job pushed
  std::size_t brought_meanwhile_ = 0;
  boot_clock::time_point leaving_since_{};
  bool stopping_ = false;
  boot_clock::time_point last_report_{};
  stream_counters count_;
};

// "open", "closed_full"; for metrics.
std::string_view name_of(job_stream::state what);

}  // namespace worker::jobs
