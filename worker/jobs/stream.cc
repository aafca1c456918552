#include "worker/jobs/stream.h"

#include <algorithm>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "connector/base/log.h"

namespace worker::jobs {

namespace asio = boost::asio;
namespace log = connector::log;
using asio::awaitable;

namespace {

constexpr connector::backoff_limits stream_backoff{milliseconds(50), milliseconds(5000)};

// A stream that lived this long was a good one: the next failure starts backing off anew.
constexpr milliseconds good_life{10'000};

// A stream that is given up (full, or the worker stops) is read on until nothing came for so long,
// which is more than a round trip to most gateways; and never for longer than the second, because
// under steady load it is never quiet.
constexpr milliseconds quiet_time{100};
constexpr milliseconds longest_drain{500};

// A backlog from before the stream was opened is polled, never pushed, so a few prove nothing.
constexpr std::size_t suspicious = 10;

// Long enough for a gateway to have seen that its stream was cancelled.
constexpr milliseconds until_closed_there{250};

}  // namespace

std::string_view name_of(job_stream::state what) {
  switch (what) {
    case job_stream::state::opening:
      return "opening";
    case job_stream::state::open:
      return "open";
    case job_stream::state::closed_full:
      return "closed_full";
    case job_stream::state::backing_off:
      return "backing_off";
    case job_stream::state::unsupported:
      return "unsupported";
    case job_stream::state::stopped:
      return "stopped";
  }
  return "";
}

job_stream::job_stream(asio::any_io_executor loop, engine::client& engine, job_dispatcher& jobs,
                       const job_type& type, milliseconds max_silence,
                       std::function<engine::activation()> ask, connector::random_source random)
    : loop_(loop),
      engine_(engine),
      jobs_(jobs),
      type_(type),
      max_silence_(max_silence),
      ask_(std::move(ask)),
      random_(std::move(random)),
      wake_(loop),
      quiet_(std::move(loop)) {}

void job_stream::stop() {
  stopping_ = true;
  wake_.cancel();
  if (leaving_ || state_ != state::open) return;
  drain_stream();
}

void job_stream::drain_stream() {
  leaving_ = true;
  leaving_since_ = boot_clock::now();
  cancel_when_quiet();
}

void job_stream::renew() {
  if (leaving_ || state_ != state::open) return;
  renewing_ = true;
  drain_stream();
}

void job_stream::close_full() {
  if (leaving_ || state_ != state::open) return;
  ++count_.closed_full;
  drain_stream();
}

void job_stream::cancel_when_quiet() {
  const auto left =
      longest_drain - std::chrono::duration_cast<milliseconds>(boot_clock::now() - leaving_since_);
  if (left <= milliseconds(0) || !jobs_.may_overflow()) {
    quiet_.cancel();
    cancel_->emit(asio::cancellation_type::terminal);
    return;
  }
  quiet_.expires_after(std::min(quiet_time, left));
  quiet_.async_wait([signal = cancel_](boost::system::error_code failed) {
    if (!failed) signal->emit(asio::cancellation_type::terminal);
  });
}

void job_stream::polls_brought(std::size_t jobs) {
  if (state_ != state::open || leaving_ || silent_) return;
  if (boot_clock::now() - sign_at_ < max_silence_) return;
  brought_meanwhile_ += jobs;
  if (brought_meanwhile_ < suspicious) return;
  silent_ = true;
  ++count_.closed_silent;
  log::info("the stream of pushed jobs is silent while polls bring jobs, opening it anew",
            {{"type", type_.name}});
  cancel_->emit(asio::cancellation_type::terminal);
}

void job_stream::backlog_is_empty() {
  if (state_ == state::closed_full && jobs_.room_empty()) wake_.cancel();
}

awaitable<engine::status> job_stream::read() {
  auto request = ask_();
  const auto timeout = request.timeout;
  engine::on_job take = [this, timeout](engine::job one) {
    ++count_.jobs;
    sign_at_ = boot_clock::now();
    brought_meanwhile_ = 0;
    jobs_.arrive({std::move(one), &type_, timeout, {}, false});
    if (leaving_) cancel_when_quiet();
  };
  co_return co_await engine_.stream(std::move(request), take);
}

awaitable<void> job_stream::run() {
  int failures = 0;
  while (!stopping_) {
    cancel_ = std::make_shared<asio::cancellation_signal>();
    leaving_ = false;
    renewing_ = false;
    silent_ = false;
    brought_meanwhile_ = 0;
    state_ = state::open;
    ++count_.opened;
    const auto opened_at = boot_clock::now();
    sign_at_ = opened_at;
    const auto signal = cancel_;
    const auto ended = co_await asio::co_spawn(
        loop_, read(), asio::bind_cancellation_slot(signal->slot(), asio::use_awaitable));
    quiet_.cancel();
    // That the call is over is gRPC's own word: the gateway hears of it a moment later, and until
    // then what is handed back would be pushed into the dead stream.
    if (jobs_.anything_to_hand_back()) co_await pause(until_closed_there);
    if (stopping_) break;
    jobs_.hand_back_overflow();
    if (renewing_) continue;
    if (leaving_) {
      state_ = state::closed_full;
      // Woken by backlog_is_empty.
      while (!stopping_ && state_ == state::closed_full) {
        const bool woken = co_await pause(milliseconds(60'000));
        if (woken && jobs_.room_empty()) state_ = state::opening;
      }
      continue;
    }
    if (silent_) continue;
    if (engine::is_unknown_call(ended)) {
      log::warning(
          "the gateway does not know StreamActivatedJobs: jobs are fetched by polling alone",
          {{"type", type_.name}});
      state_ = state::unsupported;
      co_return;
    }
    if (boot_clock::now() - opened_at > good_life) failures = 0;
    // A clean end is how gateways and proxies rotate streams; open again, but never in a busy loop.
    state_ = state::backing_off;
    if (!ended.ok()) {
      ++count_.failed;
      const auto now = boot_clock::now();
      if (now - last_report_ > std::chrono::seconds(30)) {
        last_report_ = now;
        log::warning("the stream of pushed jobs broke, opening it again",
                     {{"type", type_.name},
                      {"status", std::string(engine::name_of(ended.code))},
                      {"reason", ended.message}});
      }
    }
    const auto ceiling = connector::backoff_ceiling(stream_backoff, failures++);
    const auto jitter = connector::full_jitter({ceiling / 2, ceiling / 2}, 0, random_);
    co_await pause(ceiling / 2 + jitter);
  }
  state_ = state::stopped;
}

awaitable<bool> job_stream::pause(milliseconds at_most) {
  wake_.expires_after(at_most);
  boost::system::error_code why;
  co_await wake_.async_wait(asio::redirect_error(asio::use_awaitable, why));
  co_return why == asio::error::operation_aborted;
}

}  // namespace worker::jobs
