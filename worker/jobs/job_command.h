// The one command that tells the engine how a job ended: complete, fail or throw a BPMN error.
// Plain values; `outcome_to_command` makes them and `command_sender` sends them. Pure.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <variant>

namespace worker::jobs {

struct complete_command {
  std::string variables;  // JSON object
  std::string about;      // names the call, for a message if the engine refuses its result
  // The function may have run. Then the result is sent after the activation ended too. A result
  // without a Lambda call must not overwrite the result of another worker.
  bool may_have_run = true;
};

struct fail_command {
  int retries = 0;
  std::string message;
  std::chrono::milliseconds back_off{0};
  std::string variables;  // JSON object, local to the task; may be empty
  bool release = false;   // the job is released: it loses no retry
  bool waits = false;     // it is released because its durable execution runs
  // The command removes the marker of atMostOnce. A second one could permit a second call.
  bool send_once = false;
  // The message is a text of the model (jobError): it begins with no code, and no log may show it.
  bool message_of_model = false;
};

struct throw_command {
  std::string error_code;
  std::string message;
  std::string variables;
  std::string about;         // as in complete_command
  bool may_have_run = true;  // as in complete_command
};

using job_command = std::variant<complete_command, fail_command, throw_command>;

const std::string& variables_of(const job_command& command);
// The command has none afterwards.
std::string take_variables(job_command& command);
bool may_have_run(const job_command& command);
// Empty when the command is not about a call.
std::string_view about(const job_command& command);

// Releases a job that was not executed. It keeps its retries, and has at least one: a release never
// raises an incident.
fail_command release_command(int retries, std::string_view reason);

// A text of the model as a message: at most 6,000 characters of UTF-8, cut at a character boundary.
std::string message_of(std::string text);

// "CODE: text", at most 6,000 characters, cut at a character boundary.
std::string job_message(std::string_view code, std::string_view text);

}  // namespace worker::jobs
