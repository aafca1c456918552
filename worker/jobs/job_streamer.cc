#include "worker/jobs/job_streamer.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "connector/base/backoff.h"
#include "connector/base/log.h"
#include "connector/base/wait.h"

namespace worker::jobs {

namespace asio = boost::asio;
namespace log = connector::log;
using asio::awaitable;

namespace {

constexpr connector::backoff_limits stream_backoff{milliseconds(50), milliseconds(5000)};

// After a stream that was open this long, the next failure starts with the shortest back-off.
constexpr milliseconds good_life{10'000};

// A stream that is drained is read until no job arrived for this time, which is more than a round
// trip to most gateways. The longest drain bounds it: under steady load a stream is never quiet.
constexpr milliseconds quiet_time{100};
constexpr milliseconds longest_drain{500};

// A stream that is paused so long is closed: the jobs in the buffers of its connection go back to
// the engine, where another worker may have a slot for them.
constexpr milliseconds longest_pause{1000};

// Jobs that polls bring before a silent stream counts as stuck. Jobs from before the stream was
// opened are polled and never pushed, so a few of them prove nothing.
constexpr std::size_t suspicious = 10;

// After this time a gateway has noticed that its stream was cancelled.
constexpr milliseconds until_gateway_noticed{250};

}  // namespace

std::string_view name_of(stream_state state) {
  switch (state) {
    case stream_state::opening:
      return "opening";
    case stream_state::open:
      return "open";
    case stream_state::paused:
      return "paused";
    case stream_state::closed_full:
      return "closed_full";
    case stream_state::backing_off:
      return "backing_off";
    case stream_state::unsupported:
      return "unsupported";
    case stream_state::stopped:
      return "stopped";
  }
  return "";
}

job_streamer::job_streamer(asio::any_io_executor loop, dependencies deps, const job_type& type,
                           const engine::activation& request, milliseconds max_silence)
    : loop_(loop),
      deps_(std::move(deps)),
      type_(type),
      request_(request),
      max_silence_(max_silence),
      wake_(loop),
      quiet_(loop),
      pause_watch_(std::move(loop)) {}

void job_streamer::stop() {
  stopping_ = true;
  wake_.cancel();
  if (draining_ || !is_open()) return;
  drain();
}

void job_streamer::pause_full() {
  if (draining_ || state_ != stream_state::open) return;
  state_ = stream_state::paused;
  ++count_.paused;
  reading_.pause();
  paused_at_ = boot_clock::now();
  if (!pause_watched_) watch_pause();
}

// One timer for many short pauses: under load a stream is paused and read on for each job.
void job_streamer::watch_pause() {
  pause_watched_ = true;
  pause_watch_.expires_at(paused_at_ + longest_pause);
  pause_watch_.async_wait([this](boost::system::error_code failed) {
    pause_watched_ = false;
    if (failed || state_ != stream_state::paused) return;
    if (boot_clock::now() - paused_at_ < longest_pause) return watch_pause();
    close_full();
  });
}

void job_streamer::capacity_came_free() {
  if (state_ == stream_state::paused && deps_.dispatcher.has_place(type_)) resume();
}

void job_streamer::resume() {
  if (state_ == stream_state::paused) state_ = stream_state::open;
  last_sign_ = boot_clock::now();
  reading_.resume();
}

void job_streamer::drain() {
  resume();
  draining_ = true;
  drain_began_ = boot_clock::now();
  cancel_when_quiet();
}

void job_streamer::renew() {
  if (draining_ || !is_open()) return;
  renewing_ = true;
  drain();
}

void job_streamer::close_full() {
  if (draining_ || !is_open()) return;
  ++count_.closed_full;
  drain();
}

void job_streamer::cancel_when_quiet() {
  const auto left =
      longest_drain - std::chrono::duration_cast<milliseconds>(boot_clock::now() - drain_began_);
  if (left <= milliseconds(0) || !deps_.dispatcher.may_set_aside()) {
    quiet_.cancel();
    cancel_->emit(asio::cancellation_type::terminal);
    return;
  }
  quiet_.expires_after(std::min(quiet_time, left));
  quiet_.async_wait([signal = cancel_](boost::system::error_code failed) {
    if (!failed) signal->emit(asio::cancellation_type::terminal);
  });
}

void job_streamer::polls_brought(std::size_t jobs) {
  if (state_ != stream_state::open || draining_ || silent_) return;
  if (boot_clock::now() - last_sign_ < max_silence_) return;
  polled_meanwhile_ += jobs;
  if (polled_meanwhile_ < suspicious) return;
  silent_ = true;
  ++count_.closed_silent;
  log::info("the stream of pushed jobs is silent while polls bring jobs, opening it anew",
            {{"type", type_.name}});
  cancel_->emit(asio::cancellation_type::terminal);
}

void job_streamer::backlog_is_empty() {
  if (state_ == stream_state::closed_full && deps_.dispatcher.queue_empty()) wake_.cancel();
}

awaitable<engine::status> job_streamer::read() {
  auto request = request_;
  const auto timeout = request.timeout;
  engine::on_job take = [this, timeout](engine::job one) {
    ++count_.jobs;
    last_sign_ = boot_clock::now();
    polled_meanwhile_ = 0;
    deps_.dispatcher.arrive({std::move(one), &type_, timeout, {}, false, !draining_});
    if (draining_) cancel_when_quiet();
  };
  co_return co_await deps_.engine.stream(std::move(request), take, reading_);
}

awaitable<void> job_streamer::run() {
  int failures = 0;
  while (!stopping_) {
    cancel_ = std::make_shared<asio::cancellation_signal>();
    draining_ = false;
    renewing_ = false;
    silent_ = false;
    polled_meanwhile_ = 0;
    state_ = stream_state::open;
    reading_.resume();
    ++count_.opened;
    const auto opened_at = boot_clock::now();
    last_sign_ = opened_at;
    const auto signal = cancel_;
    const auto ended = co_await asio::co_spawn(
        loop_, read(), asio::bind_cancellation_slot(signal->slot(), asio::use_awaitable));
    quiet_.cancel();
    pause_watch_.cancel();
    // gRPC says that the call has ended here; the gateway learns it a moment later. Until then it
    // would push a released job into the dead stream.
    if (deps_.dispatcher.anything_to_release()) co_await pause(until_gateway_noticed);
    if (stopping_) break;
    deps_.dispatcher.release_set_aside();
    if (renewing_) continue;
    if (draining_) {
      state_ = stream_state::closed_full;
      // backlog_is_empty() wakes it.
      while (!stopping_ && state_ == stream_state::closed_full) {
        const bool woken = co_await pause(milliseconds(60'000));
        if (woken && deps_.dispatcher.queue_empty()) state_ = stream_state::opening;
      }
      continue;
    }
    if (silent_) continue;
    if (engine::is_unknown_call(ended)) {
      log::warning(
          "the gateway does not know StreamActivatedJobs: jobs are fetched by polling alone",
          {{"type", type_.name}});
      state_ = stream_state::unsupported;
      co_return;
    }
    if (boot_clock::now() - opened_at > good_life) failures = 0;
    // Gateways and proxies rotate streams by ending them cleanly. The stream is opened again, but
    // never in a busy loop.
    state_ = stream_state::backing_off;
    if (!ended.ok()) {
      ++count_.failed;
      deps_.outage.stream_broke(type_.name, ended);
    }
    const auto ceiling = connector::backoff_ceiling(stream_backoff, failures++);
    co_await pause(connector::equal_jitter(ceiling, deps_.random));
  }
  state_ = stream_state::stopped;
}

awaitable<bool> job_streamer::pause(milliseconds at_most) {
  const bool over = co_await connector::wait_for(wake_, at_most);
  co_return !over;
}

}  // namespace worker::jobs
