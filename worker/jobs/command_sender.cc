#include "worker/jobs/command_sender.h"

#include <fmt/format.h>

#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>

#include "connector/base/duration.h"
#include "connector/base/json.h"
#include "connector/base/log.h"
#include "connector/base/shortened.h"
#include "worker/jobs/job_type.h"
#include "worker/results/mapping.h"

namespace worker::jobs {

namespace asio = boost::asio;
namespace log = connector::log;
using asio::awaitable;
using engine::status_class;
using std::chrono::milliseconds;

namespace {

constexpr connector::backoff_limits command_backoff{milliseconds(50), milliseconds(5000)};

job_end end_of(const job_command& command) {
  if (std::holds_alternative<complete_command>(command)) return job_end::completed;
  if (std::holds_alternative<throw_command>(command)) return job_end::bpmn_error;
  return std::get<fail_command>(command).release ? job_end::released : job_end::failed;
}

fail_command instead_of(const job_command& command, connector::error_code code,
                        std::string_view problem, std::string_view remedy) {
  fail_command out;
  out.message = job_message(
      connector::name_of(code),
      fmt::format(
          "The result{}{} {}.{} {}", about(command).empty() ? "" : " of ", about(command), problem,
          may_have_run(command) ? " The function has run and is not called again." : "", remedy));
  return out;
}

fail_command too_large(const job_command& command, std::string_view limit) {
  return instead_of(command, connector::error_code::response_too_large,
                    fmt::format("is {} bytes of variables, and the engine takes {}",
                                variables_of(command).size(), limit),
                    "Let it answer less, or raise maxMessageSize of broker and gateway.");
}

// The engine's own text, as far as it cannot quote the variables.
std::string reason_of(const active_job& active, const engine::status& answer) {
  auto text = connector::shortened(answer.message, 300);
  if (active.masks) text = active.masks->mask(std::move(text));
  return std::string(connector::json::trim(text.substr(0, text.find_first_of("{[\"\n"))));
}

fail_command refused(const active_job& active, const job_command& command,
                     const engine::status& answer) {
  return instead_of(command, connector::error_code::response_refused,
                    fmt::format("was refused by the engine ({}: {})", engine::name_of(answer.code),
                                reason_of(active, answer)),
                    "Change what it answers.");
}

// For the operator; the message itself is for the person in Operate, and tells of the function.
void report(const active_job& active, const fail_command& failed) {
  if (failed.release) return;
  const bool incident = failed.retries == 0;
  log::write(incident ? log::level::warning : log::level::info,
             incident ? "job failed, the engine raises an incident"
                      : "job failed, the engine will retry it",
             {{"jobKey", std::to_string(active.job.key)},
              {"type", active.type.name},
              {"bpmnProcessId", active.job.bpmn_process_id},
              {"elementId", active.job.element_id},
              {"code", failed.message.substr(0, failed.message.find(':'))},
              {"retries", std::to_string(failed.retries)}});
}

void report_lost(const active_job& active, std::string reason) {
  log::error("result could not be given to the engine", {{"jobKey", std::to_string(active.job.key)},
                                                         {"type", active.type.name},
                                                         {"reason", std::move(reason)}});
}

constexpr std::string_view usual_limit =
    "less: about half of its maxMessageSize, so some 2 MiB with the default of 4 MB";

// A large result has room of its own until it was offered once.
void count_bytes(active_job& active, const job_command& command) {
  if (!active.bytes) return;
  const std::size_t result = active.response_memory ? 0 : variables_of(command).size();
  active.bytes->resize(active.job.headers.size() + result);
}

// Counts one result as held from hold() until this object is destroyed.
class hold_count {
 public:
  explicit hold_count(std::uint64_t& count) : count_(count) {}
  hold_count(const hold_count&) = delete;
  hold_count& operator=(const hold_count&) = delete;
  ~hold_count() { count_ -= holds_ ? 1 : 0; }
  void hold() {
    holds_ = true;
    ++count_;
  }

 private:
  std::uint64_t& count_;
  bool holds_ = false;
};

}  // namespace

command_sender::command_sender(engine::gateway& engine, const sender_settings& settings,
                               connector::random_source random, std::function<bool()> stopped)
    : engine_(engine),
      settings_(settings),
      random_(std::move(random)),
      stopped_(std::move(stopped)) {}

awaitable<job_end> command_sender::send(active_job_ptr active, job_command command) {
  if (auto instead = refused_before_sending(*active, command)) command = std::move(*instead);
  count_bytes(*active, command);
  if (std::holds_alternative<fail_command>(command)) {
    auto failing = std::get<fail_command>(std::move(command));
    co_return co_await send_failure(std::move(active), std::move(failing));
  }
  co_return co_await send_result(std::move(active), std::move(command));
}

std::optional<fail_command> command_sender::refused_before_sending(
    const active_job&, const job_command& command) const {
  const auto& variables = variables_of(command);
  if (variables.empty()) return std::nullopt;
  if (auto checked = results::check_for_engine(variables); checked.has_error()) {
    return instead_of(command, checked.error().code, checked.error().message,
                      "Change what it answers.");
  }
  // A broker takes half of its message size (measured: 2 MiB of 4).
  if (settings_.engine_message_size && variables.size() > *settings_.engine_message_size / 2) {
    return too_large(command, fmt::format("at most {}", *settings_.engine_message_size / 2));
  }
  return std::nullopt;
}

awaitable<engine::status> command_sender::send_once(active_job& active,
                                                    const job_command& command) {
  const auto key = active.job.key;
  if (const auto* done = std::get_if<complete_command>(&command)) {
    co_return co_await engine_.complete(key, done->variables, settings_.command_limit);
  }
  if (const auto* thrown = std::get_if<throw_command>(&command)) {
    co_return co_await engine_.throw_error(key, thrown->error_code, thrown->message,
                                           thrown->variables, settings_.command_limit);
  }
  const auto& failing = std::get<fail_command>(command);
  co_return co_await engine_.fail(key, failing.retries, failing.message, failing.back_off,
                                  failing.variables, settings_.command_limit);
}

awaitable<job_end> command_sender::send_result(active_job_ptr active, job_command command) {
  const auto latest = boot_clock::now() + settings_.hold_time;
  bool was_held = false;
  hold_count counted(count_.holding);
  for (int tries = 0;; ++tries) {
    if (active->gone) {
      ++count_.dropped;
      co_return job_end::superseded;
    }
    if (!may_have_run(command) && !active->ours.alive(boot_clock::now())) {
      report_lost(*active, "the activation is over, and no call stands behind it");
      co_return job_end::undelivered;
    }
    if (tries > 0) ++count_.repeated;
    const auto answer = co_await send_once(*active, command);
    const auto judged = engine::classify(answer);
    switch (judged) {
      case status_class::accepted:
        if (was_held) ++count_.delivered_late;
        co_return end_of(command);
      case status_class::gone:
        // After a lost answer it was taken then.
        if (tries == 0) ++count_.dropped;
        co_return job_end::superseded;
      case status_class::refused: {
        auto instead = refused(*active, command, answer);
        co_return co_await send_failure(std::move(active), std::move(instead));
      }
      case status_class::too_large: {
        auto instead = too_large(command, usual_limit);
        co_return co_await send_failure(std::move(active), std::move(instead));
      }
      case status_class::not_now:
      case status_class::transient:
        break;
    }
    if (!may_have_run(command) && judged == status_class::not_now) {
      report_lost(*active, "the job is not active any more, and no call stands behind it");
      co_return job_end::undelivered;
    }
    if (!was_held) {
      was_held = true;
      ++count_.held;
      counted.hold();
      log::info("result held, the engine does not take it now",
                {{"jobKey", std::to_string(active->job.key)},
                 {"status", std::string(engine::name_of(answer.code))}});
      active->slot.reset();
      active->response_memory.reset();
      count_bytes(*active, command);
    }
    if (stopped_() || boot_clock::now() >= latest) {
      report_lost(*active, fmt::format("{}, the last answer was {}",
                                       stopped_() ? "the worker stopped" : "hold time over",
                                       engine::name_of(answer.code)));
      ++count_.dropped;
      co_return job_end::undelivered;
    }
    co_await pause(*active, tries, judged);
  }
}

awaitable<job_end> command_sender::send_failure(active_job_ptr active, fail_command command) {
  job_command sending = std::move(command);
  const auto latest = boot_clock::now() + settings_.hold_time;
  bool maybe_taken = false;  // an answer was lost, so it may have been carried out
  for (int tries = 0;; ++tries) {
    if (active->gone) co_return job_end::superseded;
    // Activated again meanwhile: the lost answer was a good one, and what lives now is the retry.
    if (active->next) co_return end_of(sending);
    const auto now = boot_clock::now();
    if (!active->ours.alive(now)) {
      // Given back untouched, and the engine has taken it back already.
      if (std::get<fail_command>(sending).release) co_return job_end::lapsed;
      break;  // a late one could free a job that another worker is running
    }
    if (now >= latest) break;
    if (tries > 0) ++count_.repeated;
    active->failing = true;
    const auto answer = co_await send_once(*active, sending);
    const auto judged = engine::classify(answer);
    if (judged == status_class::accepted || (judged == status_class::not_now && maybe_taken)) {
      report(*active, std::get<fail_command>(sending));
      co_return end_of(sending);
    }
    if (judged == status_class::gone) co_return job_end::superseded;
    if (judged == status_class::not_now) break;
    // The one of atMostOnce is sent once: if its outcome is unknown the marker decides.
    auto& failing = std::get<fail_command>(sending);
    if (failing.send_once && judged == status_class::transient &&
        answer.code != engine::status_code::resource_exhausted) {
      break;
    }
    if (judged == status_class::refused || judged == status_class::too_large) {
      if (failing.variables.empty()) break;
      failing.variables.clear();  // the message matters more
      continue;
    }
    if (answer.code != engine::status_code::resource_exhausted) maybe_taken = true;
    active->slot.reset();
    if (stopped_()) break;
    co_await pause(*active, tries, judged);
  }
  log::error(
      "the failure of a job could not be given to the engine; it is free when its lease ends",
      {{"jobKey", std::to_string(active->job.key)},
       {"message", std::get<fail_command>(sending).message}});
  co_return job_end::undelivered;
}

awaitable<void> command_sender::pause(active_job& active, int tries, status_class why) {
  // A job that is in back-off or an incident is taken when it is activated here again; looking
  // every five seconds besides costs little and finds resolved incidents of other workers.
  const auto wait =
      why == status_class::not_now
          ? command_backoff.most
          : std::max(milliseconds(10), connector::full_jitter(command_backoff, tries, random_));
  active.reactivated.expires_after(wait);
  boost::system::error_code ignored;
  co_await active.reactivated.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace worker::jobs
