#include "worker/jobs/gateway_outage.h"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "connector/base/log.h"

namespace worker::jobs {

namespace log = connector::log;
using connector::boot_clock;
using engine::status_code;

namespace {

// About the gateway or the login, and so about every job type.
bool concerns_all(const engine::status& how) {
  switch (how.code) {
    case status_code::unavailable:
    case status_code::deadline_exceeded:
    case status_code::unauthenticated:
    case status_code::resource_exhausted:
      return true;
    default:
      return false;
  }
}

bool cannot_be_reached(const engine::status& how) {
  return how.code == status_code::unavailable || how.code == status_code::deadline_exceeded;
}

}  // namespace

bool gateway_outage::tell(std::string_view message, const std::string& key, const std::string& type,
                          const engine::status& how) {
  const auto left_out = lines_.admit(key, boot_clock::now());
  if (!left_out) return false;
  log::warning(message, {{"type", type},
                         {"status", std::string(engine::name_of(how.code))},
                         {"reason", how.message},
                         {"hint", hint_ ? hint_(how) : std::string()},
                         {"leftOut", *left_out > 0 ? std::to_string(*left_out) : std::string()}});
  return true;
}

void gateway_outage::poll_failed(const std::string& type, const engine::status& how) {
  if (!concerns_all(how)) {
    tell("polling for jobs failed, trying again",
         fmt::format("poll {} {}", type, engine::name_of(how.code)), type, how);
    return;
  }
  broken_streams_.clear();
  if (!cannot_be_reached(how)) {
    tell("the gateway refuses polls, trying again", std::string(engine::name_of(how.code)), {},
         how);
    return;
  }
  if (!since_) since_ = boot_clock::now();
  told_ = tell("the gateway does not answer, trying again", "away", {}, how) || told_;
}

void gateway_outage::poll_answered() {
  if (since_ && told_ && was_there_) {
    const std::chrono::duration<double> away = boot_clock::now() - *since_;
    log::info("the gateway answers again", {{"afterSeconds", fmt::format("{:.1f}", away.count())}});
  }
  since_.reset();
  told_ = false;
  was_there_ = true;
  for (const auto& [type, how] : std::exchange(broken_streams_, {})) {
    tell("the stream of pushed jobs broke, opening it again",
         fmt::format("stream {} {}", type, engine::name_of(how.code)), type, how);
  }
}

void gateway_outage::stream_broke(const std::string& type, const engine::status& how) {
  if (since_ && cannot_be_reached(how)) return;
  broken_streams_.insert_or_assign(type, how);
}

}  // namespace worker::jobs
