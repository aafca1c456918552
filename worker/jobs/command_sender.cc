#include "worker/jobs/command_sender.h"

#include <fmt/format.h>

#include "connector/base/ascii.h"
#include "connector/base/backoff.h"
#include "connector/base/duration.h"
#include "connector/base/json.h"
#include "connector/base/log.h"
#include "connector/base/shortened.h"
#include "connector/base/wait.h"
#include "worker/jobs/job_type.h"
#include "worker/jobs/result_step.h"
#include "worker/results/mapping.h"

namespace worker::jobs {

namespace log = connector::log;
using boost::asio::awaitable;
using engine::status_class;
using std::chrono::milliseconds;

namespace {

constexpr connector::backoff_limits command_backoff{milliseconds(50), milliseconds(5000)};

job_end end_of(const fail_command& command) {
  if (!command.release) return job_end::failed;
  return command.waits ? job_end::waiting : job_end::released;
}

job_end end_of(const job_command& command) {
  if (std::holds_alternative<complete_command>(command)) return job_end::completed;
  if (std::holds_alternative<throw_command>(command)) return job_end::bpmn_error;
  return end_of(std::get<fail_command>(command));
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

fail_command too_large(const job_command& command, std::size_t size, std::string_view limit) {
  return instead_of(command, connector::error_code::response_too_large,
                    fmt::format("is {} bytes of variables, and the engine takes {}", size, limit),
                    "Let it answer less, or raise maxMessageSize of broker and gateway.");
}

// The engine's own text up to the first character that can begin a quotation of the variables.
std::string reason_of(const active_job& active, const engine::status& status) {
  const auto text = active.masked(connector::shortened(status.message, 300));
  return std::string(connector::ascii::trim(text.substr(0, text.find_first_of("{[\"\n"))));
}

fail_command refused(const active_job& active, const job_command& command,
                     const engine::status& status) {
  return instead_of(command, connector::error_code::response_refused,
                    fmt::format("was refused by the engine ({}: {})", engine::name_of(status.code),
                                reason_of(active, status)),
                    "Change what it answers.");
}

void report_lost(const active_job& active, std::string reason) {
  log::error("result could not be given to the engine", {{"jobKey", std::to_string(active.key())},
                                                         {"type", active.type().name},
                                                         {"reason", std::move(reason)}});
}

constexpr std::string_view usual_limit =
    "less: about half of its maxMessageSize, so some 2 MiB with the default of 4 MB";

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
  if (auto instead = refused_before_sending(command)) command = std::move(*instead);
  note(active->facts(), command);
  active->count_result(variables_of(command).size());
  if (std::holds_alternative<fail_command>(command)) {
    auto failing = std::get<fail_command>(std::move(command));
    return send_failure(std::move(active), std::move(failing));
  }
  return send_result(std::move(active), std::move(command));
}

std::optional<fail_command> command_sender::refused_before_sending(
    const job_command& command) const {
  const auto& variables = variables_of(command);
  if (variables.empty()) return std::nullopt;
  if (auto checked = results::check_for_engine(variables); checked.has_error()) {
    return instead_of(command, checked.error().code, checked.error().message,
                      "Change what it answers.");
  }
  // A broker takes half of its message size (measured: 2 MiB of 4).
  if (settings_.engine_message_size && variables.size() > *settings_.engine_message_size / 2) {
    return too_large(command, variables.size(),
                     fmt::format("at most {}", *settings_.engine_message_size / 2));
  }
  return std::nullopt;
}

void command_sender::fenced(active_job& active) {
  ++count_.fenced;
  log::debug("the engine refused the lease token of the job, it is superseded",
             {{"jobKey", std::to_string(active.key())}});
  active.found_fenced();
}

awaitable<engine::status> command_sender::send_once(engine::job_ref job, const job_command& result,
                                                    engine::shared_text variables) {
  if (const auto* thrown = std::get_if<throw_command>(&result)) {
    return engine_.throw_error(std::move(job), thrown->error_code, thrown->message,
                               std::move(variables), limit());
  }
  return engine_.complete(std::move(job), std::move(variables), limit());
}

awaitable<job_end> command_sender::send_result(active_job_ptr active, job_command command) {
  const auto latest = boot_clock::now() + settings_.hold_time;
  result_facts facts;
  facts.may_have_run = may_have_run(command);
  bool was_held = false;
  hold_count held(count_.holding);
  // They may be megabytes, and are sent until the engine takes them.
  const auto variables = engine::shared(take_variables(command));
  for (int attempts = 0;; ++attempts) {
    facts.gone = active->state() == job_state::gone;
    facts.may_be_completed = active->may_be_completed(boot_clock::now(), facts.may_have_run);
    engine::status status;
    auto step = step_before_sending(facts);
    if (step == result_step::send) {
      if (attempts > 0) ++count_.repeated;
      const auto sent_as = active->ref();
      status = co_await send_once(sent_as, command, variables);
      facts.has_new_token = active->job().lease_token != sent_as.lease_token;
      step = step_after_answer(facts, status);
    }
    switch (step) {
      case result_step::send:
        continue;
      case result_step::hold:
        break;
      case result_step::taken:
        if (was_held) ++count_.delivered_late;
        co_return end_of(command);
      case result_step::superseded:
        // Not counted when an earlier attempt, whose answer was lost, may have been taken.
        if (facts.gone || attempts == 0) ++count_.dropped;
        co_return job_end::superseded;
      case result_step::fenced:
        fenced(*active);
        ++count_.dropped;
        co_return job_end::superseded;
      case result_step::activation_over:
        report_lost(*active, "the activation is over, and no function was called");
        co_return job_end::undelivered;
      case result_step::not_active:
        report_lost(*active, "the job is not active any more, and no function was called");
        co_return job_end::undelivered;
      case result_step::fail_refused: {
        auto instead = refused(*active, command, status);
        co_return co_await send_failure(std::move(active), std::move(instead));
      }
      case result_step::fail_too_large: {
        auto instead = too_large(command, variables->size(), usual_limit);
        co_return co_await send_failure(std::move(active), std::move(instead));
      }
    }
    if (!was_held) {
      was_held = true;
      ++count_.held;
      held.hold();
      log::info("result held, the engine does not take it now",
                {{"jobKey", std::to_string(active->key())},
                 {"status", std::string(engine::name_of(status.code))}});
      active->result_is_held(variables->size());
    }
    if (stopped_() || boot_clock::now() >= latest) {
      report_lost(*active, fmt::format("{}, the last answer was {}",
                                       stopped_() ? "the worker stopped" : "hold time over",
                                       engine::name_of(status.code)));
      ++count_.dropped;
      co_return job_end::undelivered;
    }
    const auto wait = wait_after(status, attempts);
    co_await active->wait_for_change(wait);
  }
}

awaitable<job_end> command_sender::send_failure(active_job_ptr active, fail_command failing) {
  note(active->facts(), failing);
  const auto latest = boot_clock::now() + settings_.hold_time;
  failure_facts facts;
  facts.release = failing.release;
  facts.send_once = failing.send_once;
  auto variables = engine::shared(std::move(failing.variables));
  for (int attempts = 0;; ++attempts) {
    const auto now = boot_clock::now();
    facts.may_be_failed = active->may_be_failed(now);
    facts.lease_over = !active->current_lease().alive(now);
    facts.gone = active->state() == job_state::gone;
    facts.activated_again = active->has_next();
    facts.hold_time_over = now >= latest;
    facts.has_variables = !variables->empty();
    auto step = step_before_sending(facts);
    if (step == failure_step::send) {
      if (attempts > 0) ++count_.repeated;
      active->begin_failing();
      const auto status = co_await engine_.fail(active->ref(), failing.retries, failing.message,
                                                failing.back_off, variables, limit());
      if (engine::classify(status) == status_class::fenced) fenced(*active);
      facts.worker_stopped = stopped_();
      step = step_after_answer(facts, status);
      if (step == failure_step::wait_and_repeat) {
        facts.answer_lost = facts.answer_lost || may_have_been_carried_out(status);
        active->give_back_slot();
        const auto wait = wait_after(status, attempts);
        co_await active->wait_for_change(wait);
      }
    }
    switch (step) {
      case failure_step::send:
      case failure_step::wait_and_repeat:
        break;
      case failure_step::send_without_variables:
        variables = engine::shared({});
        break;
      case failure_step::taken:
        co_return end_of(failing);
      case failure_step::superseded:
        co_return job_end::superseded;
      case failure_step::lapsed:
        co_return job_end::lapsed;
      case failure_step::undelivered:
        log::error(
            "the failure of a job could not be given to the engine; it is free when its lease ends",
            // Not the message: it may quote what the function said.
            {{"jobKey", std::to_string(active->key())}, {"code", active->facts().code}});
        co_return job_end::undelivered;
    }
  }
}

milliseconds command_sender::limit() const {
  return connector::limit_until(last_, settings_.command_limit, boot_clock::now());
}

milliseconds command_sender::wait_after(const engine::status& status, int attempts) const {
  // A job in a back-off or an incident takes a command when it is activated here again, which ends
  // the wait. Another attempt every five seconds finds incidents of other workers' jobs resolved.
  if (engine::classify(status) == status_class::not_now) return command_backoff.most;
  return std::max(milliseconds(10), connector::full_jitter(command_backoff, attempts, random_));
}

}  // namespace worker::jobs
