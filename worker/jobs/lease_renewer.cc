#include "worker/jobs/lease_renewer.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <vector>

#include "connector/base/log.h"

namespace worker::jobs {

namespace asio = boost::asio;
namespace log = connector::log;
using asio::awaitable;

namespace {

// Extensions under way at once; the rest waits for the next tick.
constexpr std::size_t max_extending = 128;

}  // namespace

lease_renewer::lease_renewer(asio::any_io_executor loop, engine::gateway& engine,
                             job_registry& jobs, task_group& tasks, milliseconds length,
                             std::function<void()> unsupported)
    : engine_(engine),
      jobs_(jobs),
      tasks_(tasks),
      length_(length),
      unsupported_(std::move(unsupported)),
      tick_(std::move(loop)) {}

awaitable<void> lease_renewer::run() {
  // Twenty looks per lease, so that one is extended well before half of it is gone.
  const auto between = std::clamp<milliseconds>(length_ / 20, milliseconds(5), milliseconds(1000));
  while (!stopping_) {
    tick_.expires_after(between);
    boost::system::error_code ignored;
    co_await tick_.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
    if (!stopping_ && supported_) extend_due();
  }
}

void lease_renewer::stop() {
  stopping_ = true;
  tick_.cancel();
}

void lease_renewer::extend_due() {
  const auto now = boot_clock::now();
  std::vector<active_job_ptr> due;
  for (const auto& [key, active] : jobs_) {
    if (active->renewable && !active->extending && active->active(now) &&
        now >= active->ours.extend_at() && now >= active->no_extension_before) {
      due.push_back(active);
    }
  }
  std::sort(due.begin(), due.end(),
            [](const auto& a, const auto& b) { return a->ours.expires < b->ours.expires; });
  for (auto& active : due) {
    if (extending_ >= max_extending) return;
    ++extending_;
    active->extending = true;
    tasks_.spawn(extend(active));
  }
}

awaitable<void> lease_renewer::extend(active_job_ptr active) {
  const auto asked_at = boot_clock::now();
  const auto activation = active->activation;
  const auto left = std::chrono::duration_cast<milliseconds>(active->ours.expires - asked_at);
  const auto limit = std::clamp<milliseconds>(left / 2, milliseconds(50), milliseconds(10'000));
  const auto answer = co_await engine_.update_timeout(active->job.key, length_, limit);
  --extending_;
  active->extending = false;
  const auto key = std::to_string(active->job.key);
  switch (engine::classify(answer)) {
    case engine::status_class::accepted:
      ++count_.extended;
      active->ours.length = length_;
      active->ours.expires = std::max(active->ours.expires, asked_at + length_);
      co_return;
    case engine::status_class::gone:
      ++count_.gone;
      active->gone = true;
      log::debug("job is gone at the engine, its call is abandoned", {{"jobKey", key}});
      active->abandon.emit(asio::cancellation_type::terminal);
      active->reactivated.cancel();
      co_return;
    case engine::status_class::transient:
      ++count_.refused;
      active->no_extension_before = boot_clock::now() + active->ours.length / 40;
      co_return;
    case engine::status_class::not_now:
    case engine::status_class::too_large:
    case engine::status_class::refused:
      break;
  }
  // Said of an activation that was over when another one came.
  if (active->activation != activation) co_return;
  active->renewable = false;
  if (engine::is_unknown_call(answer)) {
    if (supported_) {
      supported_ = false;
      log::warning(
          "the gateway does not know UpdateJobTimeout: jobs are activated for the full length of a "
          "call, so those of a crashed worker stay locked that long");
      unsupported_();
    }
    co_return;
  }
  ++count_.lost;
  if (engine::classify(answer) == engine::status_class::not_now) {
    // It is not ours any more: from now on nothing is done that only its holder may do.
    active->ours.expires = std::min(active->ours.expires, boot_clock::now());
  }
  log::debug("activation is lost, a call under way goes on",
             {{"jobKey", key}, {"status", std::string(engine::name_of(answer.code))}});
}

}  // namespace worker::jobs
