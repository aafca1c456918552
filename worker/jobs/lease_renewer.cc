#include "worker/jobs/lease_renewer.h"

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>
#include <vector>

#include "connector/base/log.h"
#include "connector/base/wait.h"

namespace worker::jobs {

namespace asio = boost::asio;
namespace log = connector::log;
using asio::awaitable;

namespace {

// Extensions under way at the same time. Further ones wait for the next tick.
constexpr std::size_t max_extending = 128;

}  // namespace

lease_renewer::lease_renewer(asio::any_io_executor loop, engine::gateway& engine,
                             job_registry& jobs, task_group& tasks, standstill& still,
                             milliseconds length, std::function<void()> unsupported)
    : engine_(engine),
      jobs_(jobs),
      tasks_(tasks),
      still_(still),
      length_(length),
      unsupported_(std::move(unsupported)),
      tick_(std::move(loop)) {}

awaitable<void> lease_renewer::run() {
  // Twenty ticks per lease, so that each lease is extended well before half of it is over.
  const auto between = std::clamp<milliseconds>(length_ / 20, milliseconds(5), milliseconds(1000));
  while (!stopping_) {
    still_.tick(boot_clock::now());
    co_await connector::wait_for(tick_, between);
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
    if (active->may_be_extended(now)) due.push_back(active);
  }
  std::sort(due.begin(), due.end(), [](const auto& a, const auto& b) {
    return a->current_lease().expires < b->current_lease().expires;
  });
  for (auto& active : due) {
    if (extending_ >= max_extending) return;
    ++extending_;
    const auto activation = active->begin_extension();
    tasks_.spawn(extend(active, activation));
  }
}

awaitable<void> lease_renewer::extend(active_job_ptr active, unsigned activation) {
  const auto asked_at = boot_clock::now();
  const auto left =
      std::chrono::duration_cast<milliseconds>(active->current_lease().expires - asked_at);
  const auto usual = std::clamp<milliseconds>(left / 2, milliseconds(50), milliseconds(10'000));
  const auto limit = connector::limit_until(last_, usual, asked_at);
  const auto status = co_await engine_.update_timeout(active->ref(), length_, limit);
  --extending_;
  if (engine::is_unknown_call(status) && !is_missing(boot_clock::now())) {
    ++count_.refused;
    active->extension_postponed(boot_clock::now());
    co_return;
  }
  switch (engine::classify(status)) {
    case engine::status_class::accepted:
      ++count_.extended;
      unknown_since_.reset();
      active->extended(asked_at, length_);
      break;
    case engine::status_class::gone:
      ++count_.gone;
      log::debug("job is gone at the engine, its call is abandoned",
                 {{"jobKey", std::to_string(active->key())}});
      active->found_gone();
      break;
    case engine::status_class::fenced:
      if (!active->extension_refused(activation)) break;
      ++count_.fenced;
      log::debug("another activation holds the lease of the job, its call is abandoned",
                 {{"jobKey", std::to_string(active->key())}});
      active->found_fenced();
      break;
    case engine::status_class::transient:
      ++count_.refused;
      active->extension_postponed(boot_clock::now());
      break;
    case engine::status_class::not_now:
    case engine::status_class::too_large:
    case engine::status_class::refused:
      refused(*active, activation, status);
      break;
  }
}

bool lease_renewer::is_missing(boot_clock::time_point now) {
  if (!unknown_since_) unknown_since_ = now;
  return now - *unknown_since_ >= length_ / 8;
}

void lease_renewer::refused(active_job& active, unsigned activation, const engine::status& status) {
  if (!active.extension_refused(activation)) return;
  if (engine::is_unknown_call(status)) {
    if (!std::exchange(supported_, false)) return;
    log::warning(
        "the gateway does not know UpdateJobTimeout: jobs are activated for the full length of a "
        "call, so those of a crashed worker stay locked that long");
    unsupported_();
    return;
  }
  ++count_.lost;
  if (engine::classify(status) == engine::status_class::not_now)
    active.lose_lease(boot_clock::now());
  log::debug("activation is lost, a call under way goes on",
             {{"jobKey", std::to_string(active.key())},
              {"status", std::string(engine::name_of(status.code))}});
}

}  // namespace worker::jobs
