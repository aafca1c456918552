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
using engine::verdict;
using std::chrono::milliseconds;

namespace {

constexpr connector::backoff_limits command_backoff{milliseconds(50), milliseconds(5000)};

job_end end_of(const command& what) {
  if (std::holds_alternative<complete_command>(what)) return job_end::completed;
  if (std::holds_alternative<throw_command>(what)) return job_end::bpmn_error;
  return std::get<fail_command>(what).hand_back ? job_end::handed_back : job_end::failed;
}

const std::string& variables_of(const command& what) {
  return std::visit([](const auto& c) -> const std::string& { return c.variables; }, what);
}

// Whether the end is that of a call that was made.
bool ran(const command& what) {
  if (const auto* done = std::get_if<complete_command>(&what)) return done->ran;
  if (const auto* thrown = std::get_if<throw_command>(&what)) return thrown->ran;
  return false;
}

std::string about(const command& what) {
  const std::string* text = nullptr;
  if (const auto* done = std::get_if<complete_command>(&what)) text = &done->about;
  if (const auto* thrown = std::get_if<throw_command>(&what)) text = &thrown->about;
  return text == nullptr || text->empty() ? "" : fmt::format(" of {}", *text);
}

fail_command instead_of(const command& what, connector::error_code code, std::string_view problem,
                        std::string_view remedy) {
  fail_command out;
  out.message = job_message(
      connector::name_of(code),
      fmt::format("The result{} {}.{} {}", about(what), problem,
                  ran(what) ? " The function has run and is not called again." : "", remedy));
  return out;
}

fail_command too_large(const command& what, std::string_view limit) {
  return instead_of(what, connector::error_code::response_too_large,
                    fmt::format("is {} bytes of variables, and the engine takes {}",
                                variables_of(what).size(), limit),
                    "Let it answer less, or raise maxMessageSize of broker and gateway.");
}

// The engine's own text, as far as it cannot quote the variables.
std::string reason_of(const active_job& held, const engine::status& answer) {
  auto text = connector::shortened(answer.message, 300);
  if (held.masks) text = held.masks->mask(std::move(text));
  return std::string(connector::json::trim(text.substr(0, text.find_first_of("{[\"\n"))));
}

fail_command refused(const active_job& held, const command& what, const engine::status& answer) {
  return instead_of(what, connector::error_code::response_refused,
                    fmt::format("was refused by the engine ({}: {})", engine::name_of(answer.code),
                                reason_of(held, answer)),
                    "Change what it answers.");
}

// For the operator; the message itself is for the person in Operate, and tells of the function.
void report(const active_job& held, const fail_command& failed) {
  if (failed.hand_back) return;
  const bool incident = failed.retries == 0;
  log::write(incident ? log::level::warning : log::level::info,
             incident ? "job failed, the engine raises an incident"
                      : "job failed, the engine will retry it",
             {{"jobKey", std::to_string(held.job.key)},
              {"type", held.type.name},
              {"bpmnProcessId", held.job.bpmn_process_id},
              {"elementId", held.job.element_id},
              {"code", failed.message.substr(0, failed.message.find(':'))},
              {"retries", std::to_string(failed.retries)}});
}

void report_lost(const active_job& held, std::string reason) {
  log::error("result could not be given to the engine", {{"jobKey", std::to_string(held.job.key)},
                                                         {"type", held.type.name},
                                                         {"reason", std::move(reason)}});
}

constexpr std::string_view usual_limit =
    "less: about half of its maxMessageSize, so some 2 MiB with the default of 4 MB";

// A large result has room of its own until it was offered once.
void count_bytes(active_job& held, const command& what) {
  if (!held.bytes) return;
  const std::size_t result = held.answer_room ? 0 : variables_of(what).size();
  held.bytes->resize(held.job.headers.size() + result);
}

// Counts one result as held from hold() until it is destroyed.
class holding {
 public:
  explicit holding(std::uint64_t& count) : count_(count) {}
  holding(const holding&) = delete;
  holding& operator=(const holding&) = delete;
  ~holding() { count_ -= held_ ? 1 : 0; }
  void hold() {
    held_ = true;
    ++count_;
  }

 private:
  std::uint64_t& count_;
  bool held_ = false;
};

}  // namespace

command_sender::command_sender(engine::client& engine, const sender_settings& settings,
                               connector::random_source random, std::function<bool()> stopped)
    : engine_(engine),
      settings_(settings),
      random_(std::move(random)),
      stopped_(std::move(stopped)) {}

awaitable<job_end> command_sender::deliver(active_job_ptr held, command what) {
  if (auto instead = refused_before_sending(*held, what)) what = std::move(*instead);
  count_bytes(*held, what);
  if (std::holds_alternative<fail_command>(what)) {
    auto failing = std::get<fail_command>(std::move(what));
    co_return co_await deliver_failure(std::move(held), std::move(failing));
  }
  co_return co_await deliver_result(std::move(held), std::move(what));
}

std::optional<fail_command> command_sender::refused_before_sending(const active_job&,
                                                                   const command& what) const {
  const auto& variables = variables_of(what);
  if (variables.empty()) return std::nullopt;
  if (auto checked = results::check_for_engine(variables); checked.has_error()) {
    return instead_of(what, checked.error().code, checked.error().message,
                      "Change what it answers.");
  }
  // A broker takes half of its message size (measured: 2 MiB of 4).
  if (settings_.engine_message_size && variables.size() > *settings_.engine_message_size / 2) {
    return too_large(what, fmt::format("at most {}", *settings_.engine_message_size / 2));
  }
  return std::nullopt;
}

awaitable<engine::status> command_sender::send(active_job& held, const command& what) {
  const auto key = held.job.key;
  if (const auto* done = std::get_if<complete_command>(&what)) {
    co_return co_await engine_.complete(key, done->variables, settings_.command_limit);
  }
  if (const auto* thrown = std::get_if<throw_command>(&what)) {
    co_return co_await engine_.throw_error(key, thrown->error_code, thrown->message,
                                           thrown->variables, settings_.command_limit);
  }
  const auto& failing = std::get<fail_command>(what);
  co_return co_await engine_.fail(key, failing.retries, failing.message, failing.back_off,
                                  failing.variables, settings_.command_limit);
}

awaitable<job_end> command_sender::deliver_result(active_job_ptr held, command what) {
  const auto give_up = boot_clock::now() + settings_.hold_time;
  bool held_back = false;
  holding kept(count_.holding);
  for (int tries = 0;; ++tries) {
    if (held->gone) {
      ++count_.dropped;
      co_return job_end::superseded;
    }
    if (!ran(what) && !held->ours.alive(boot_clock::now())) {
      report_lost(*held, "the activation is over, and no call stands behind it");
      co_return job_end::undelivered;
    }
    if (tries > 0) ++count_.repeated;
    const auto answer = co_await send(*held, what);
    const auto judged = engine::judge(answer);
    switch (judged) {
      case verdict::accepted:
        if (held_back) ++count_.delivered_late;
        co_return end_of(what);
      case verdict::gone:
        // After a lost answer it was taken then.
        if (tries == 0) ++count_.dropped;
        co_return job_end::superseded;
      case verdict::refused: {
        auto instead = refused(*held, what, answer);
        co_return co_await deliver_failure(std::move(held), std::move(instead));
      }
      case verdict::too_large: {
        auto instead = too_large(what, usual_limit);
        co_return co_await deliver_failure(std::move(held), std::move(instead));
      }
      case verdict::not_now:
      case verdict::transient:
        break;
    }
    if (!ran(what) && judged == verdict::not_now) {
      report_lost(*held, "the job is not active any more, and no call stands behind it");
      co_return job_end::undelivered;
    }
    if (!held_back) {
      held_back = true;
      ++count_.held;
      kept.hold();
      log::info("result held, the engine does not take it now",
                {{"jobKey", std::to_string(held->job.key)},
                 {"status", std::string(engine::name_of(answer.code))}});
      held->slot.reset();
      held->answer_room.reset();
      count_bytes(*held, what);
    }
    if (stopped_() || boot_clock::now() >= give_up) {
      report_lost(*held, fmt::format("{}, the last answer was {}",
                                     stopped_() ? "the worker stopped" : "hold time over",
                                     engine::name_of(answer.code)));
      ++count_.dropped;
      co_return job_end::undelivered;
    }
    co_await pause(*held, tries, judged);
  }
}

awaitable<job_end> command_sender::deliver_failure(active_job_ptr held, fail_command what) {
  command sending = std::move(what);
  const auto give_up = boot_clock::now() + settings_.hold_time;
  bool maybe_taken = false;  // an answer was lost, so it may have been carried out
  for (int tries = 0;; ++tries) {
    if (held->gone) co_return job_end::superseded;
    // Activated again meanwhile: the lost answer was a good one, and what lives now is the retry.
    if (held->next) co_return end_of(sending);
    const auto now = boot_clock::now();
    if (!held->ours.alive(now)) {
      // Given back untouched, and the engine has taken it back already.
      if (std::get<fail_command>(sending).hand_back) co_return job_end::lapsed;
      break;  // a late one could free a job that another worker is running
    }
    if (now >= give_up) break;
    if (tries > 0) ++count_.repeated;
    held->failing = true;
    const auto answer = co_await send(*held, sending);
    const auto judged = engine::judge(answer);
    if (judged == verdict::accepted || (judged == verdict::not_now && maybe_taken)) {
      report(*held, std::get<fail_command>(sending));
      co_return end_of(sending);
    }
    if (judged == verdict::gone) co_return job_end::superseded;
    if (judged == verdict::not_now) break;
    // The one of atMostOnce is sent once: if its outcome is unknown the marker decides.
    auto& failing = std::get<fail_command>(sending);
    if (failing.once && judged == verdict::transient &&
        answer.code != engine::status_code::resource_exhausted) {
      break;
    }
    if (judged == verdict::refused || judged == verdict::too_large) {
      if (failing.variables.empty()) break;
      failing.variables.clear();  // the message matters more
      continue;
    }
    if (answer.code != engine::status_code::resource_exhausted) maybe_taken = true;
    held->slot.reset();
    if (stopped_()) break;
    co_await pause(*held, tries, judged);
  }
  log::error(
      "the failure of a job could not be given to the engine; it is free when its lease ends",
      {{"jobKey", std::to_string(held->job.key)},
       {"message", std::get<fail_command>(sending).message}});
  co_return job_end::undelivered;
}

awaitable<void> command_sender::pause(active_job& held, int tries, verdict why) {
  // A job that is in back-off or an incident is taken when it is activated here again; looking
  // every five seconds besides costs little and finds resolved incidents of other workers.
  const auto wait =
      why == verdict::not_now
          ? command_backoff.most
          : std::max(milliseconds(10), connector::full_jitter(command_backoff, tries, random_));
  held.reactivated.expires_after(wait);
  boost::system::error_code ignored;
  co_await held.reactivated.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
}

}  // namespace worker::jobs
