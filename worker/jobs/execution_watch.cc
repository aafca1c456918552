#include "worker/jobs/execution_watch.h"

#include <string>
#include <utility>

#include "connector/base/log.h"
#include "connector/base/wait.h"

namespace worker::jobs {

namespace asio = boost::asio;
namespace log = connector::log;
using asio::awaitable;
using connector::boot_clock;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t most_watched = 1000;
// A job comes back when its back-off is over, the engine has looked, and a worker has room.
constexpr milliseconds on_the_way{5000};
constexpr milliseconds between_looks{100};
// Shorter than the last wait of a stop.
constexpr milliseconds question_limit{4000};
constexpr milliseconds stop_limit{4000};
// After these the job is another worker's, which watches it when it goes back from there.
constexpr int most_questions_about_one = 3;
}  // namespace

// It needs neither payload nor context.
connector::call stop_of(const connector::call& of) {
  connector::call out;
  out.operation = of.operation;
  for (const auto& input : of.inputs) {
    if (input.name != "payload" && !input.name.starts_with("clientContext")) {
      out.inputs.push_back(input);
    }
  }
  out.job = of.job;
  out.durable = of.durable;
  out.durable->stop = true;
  out.allowed = of.allowed;
  return out;
}

awaitable<void> stop_execution(connector::service& service,
                               const secrets::redaction_registry& redaction, engine::job_key key,
                               connector::call stopping, milliseconds longest) {
  stopping.end = boot_clock::now() + longest;
  auto outcome = co_await service.run(std::move(stopping));
  if (const auto* failed = outcome.failed()) {
    log::warning("the durable execution of a job that is gone could not be stopped",
                 {{"jobKey", std::to_string(key)}, {"reason", redaction.mask(failed->message)}});
    co_return;
  }
  log::info("the durable execution of a job that is gone was asked to stop",
            {{"jobKey", std::to_string(key)}, {"function", redaction.mask(outcome.function)}});
}

execution_watch::execution_watch(asio::any_io_executor loop, dependencies deps)
    : deps_(deps), tick_(std::move(loop)) {}

void execution_watch::job_left(engine::job_key key, watched_execution execution) {
  if (stopping_ || (watched_.size() >= most_watched && !watched_.contains(key))) return;
  entry one;
  one.due = boot_clock::now() + execution.poll_interval + on_the_way;
  one.execution = std::move(execution);
  watched_.insert_or_assign(key, std::move(one));
}

void execution_watch::stop() {
  stopping_ = true;
  watched_.clear();
  tick_.cancel();
}

std::optional<engine::job_key> execution_watch::next_due() const {
  const auto now = boot_clock::now();
  const entry* first = nullptr;
  engine::job_key key = 0;
  for (const auto& [each, one] : watched_) {
    if (one.due > now || (first != nullptr && first->due <= one.due)) continue;
    first = &one;
    key = each;
  }
  return first == nullptr ? std::nullopt : std::optional(key);
}

awaitable<void> execution_watch::run() {
  while (!stopping_) {
    const auto key = next_due();
    if (key) co_await ask(*key);
    if (stopping_) co_return;
    const auto pause = key ? between_looks : milliseconds(1000);
    co_await connector::wait_for(tick_, pause);
  }
}

awaitable<void> execution_watch::ask(engine::job_key key) {
  const auto element = watched_.at(key).execution.element_instance_key;
  const auto answer = co_await deps_.engine.set_variables(element, "{}", question_limit);
  // The job came back, or the worker stops.
  const auto found = watched_.find(key);
  if (stopping_ || found == watched_.end()) co_return;
  auto& one = found->second;
  const auto judged = engine::classify(answer);
  if (judged == engine::status_class::gone) {
    auto taken = std::move(one.execution);
    watched_.erase(found);
    co_await stop_execution(deps_.service, deps_.redaction, key, std::move(taken.stopping),
                            stop_limit);
    co_return;
  }
  const bool refused =
      judged != engine::status_class::accepted && judged != engine::status_class::transient;
  const bool not_permitted = answer.code == engine::status_code::permission_denied;
  if ((refused || not_permitted) && !std::exchange(told_refusal_, true)) {
    log::warning(
        "the engine does not say whether a task is still there, so executions with onCancel=stop "
        "are stopped only while the worker has their job",
        {{"status", std::string(engine::name_of(answer.code))}});
  }
  if (refused || not_permitted || ++one.asked >= most_questions_about_one) {
    watched_.erase(found);
    co_return;
  }
  one.due = boot_clock::now() + (one.execution.poll_interval + on_the_way) * (1 << one.asked);
}

}  // namespace worker::jobs
