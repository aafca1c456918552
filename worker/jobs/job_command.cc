#include "worker/jobs/job_command.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/base/utf8.h"

namespace worker::jobs {

namespace {

// The engine takes 10,000 characters; this limit counts bytes and is the tighter one.
constexpr std::size_t max_message = 6000;

}  // namespace

const std::string& variables_of(const job_command& command) {
  return std::visit([](const auto& c) -> const std::string& { return c.variables; }, command);
}

std::string take_variables(job_command& command) {
  return std::visit([](auto& c) { return std::move(c.variables); }, command);
}

bool may_have_run(const job_command& command) {
  if (const auto* done = std::get_if<complete_command>(&command)) return done->may_have_run;
  if (const auto* thrown = std::get_if<throw_command>(&command)) return thrown->may_have_run;
  return false;
}

std::string_view about(const job_command& command) {
  if (const auto* done = std::get_if<complete_command>(&command)) return done->about;
  if (const auto* thrown = std::get_if<throw_command>(&command)) return thrown->about;
  return {};
}

fail_command release_command(int retries, std::string_view reason) {
  fail_command out;
  out.retries = std::max(retries, 1);
  out.message = job_message("CANCELLED", reason);
  out.release = true;
  return out;
}

std::string message_of(std::string message) {
  // A gateway refuses a text that is not UTF-8 at every attempt.
  if (!connector::is_utf8(message)) message = connector::repaired_utf8(message);
  if (message.size() > max_message) {
    message = std::string(connector::cut_utf8(message, max_message - 3)) + "...";
  }
  return message;
}

std::string job_message(std::string_view code, std::string_view text) {
  return message_of(fmt::format("{}: {}", code, text));
}

}  // namespace worker::jobs
