// The command `invoke`: one operation by hand, through the same path as a job.
#include <fmt/format.h>
#include <unistd.h>

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <exception>
#include <functional>
#include <system_error>
#include <utility>
#include <variant>

#include "connector/base/duration.h"
#include "connector/base/let_out.h"
#include "connector/base/small_file.h"
#include "worker/cli/actions.h"
#include "worker/cli/call_by_hand.h"
#include "worker/jobs/outcome_to_command.h"
#include "worker/program/application.h"

namespace worker::cli {

namespace asio = boost::asio;

namespace {

connector::result<std::string> standard_input(std::size_t max_bytes) {
  std::string text;
  std::array<char, 64 * 1024> piece{};
  for (;;) {
    const ssize_t got = ::read(STDIN_FILENO, piece.data(), piece.size());
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      return connector::bad_input("The payload cannot be read from standard input: " +
                                  std::generic_category().message(errno) + ".");
    }
    if (got == 0) return text;
    text.append(piece.data(), static_cast<std::size_t>(got));
    if (text.size() > max_bytes) {
      return connector::bad_input("The payload on standard input is larger than " +
                                  std::to_string(max_bytes) + " bytes.");
    }
  }
}

// Prints each exchange when it ends: its target and its result. The report has no query of a
// function URL, and secrets elsewhere in a target are masked.
class narrator {
 public:
  void attach(program::application& app) { app_ = &app; }

  void operator()(const connector::lambda::attempt_report& one) {
    const auto counts = app_->http().count();
    const bool reused = counts.reused > reused_before_;
    reused_before_ = counts.reused;
    const auto line = fmt::format(
        "attempt {}: {} {} at {}://{}\n           {}, {} connection\n           {}{}\n", one.number,
        one.method, one.target, one.to.tls ? "https" : "http", connector::http::host_header(one.to),
        one.credentials.empty() ? "not signed" : "signed with credentials from " + one.credentials,
        reused ? "a kept" : "a new",
        one.status == 0 ? "no answer: " + one.failure : fmt::format("HTTP {}", one.status),
        one.request_id.empty() ? "" : ", request id " + one.request_id);
    fmt::print(stderr, "{}", app_->redaction().mask(line));
  }

 private:
  program::application* app_ = nullptr;
  std::uint64_t reused_before_ = 0;
};

void describe(program::application& app, const connector::outcome& out) {
  fmt::print(stderr, "credentials: {}\nfunction:    {}\nregion:      {}\n",
             app.credentials().describe(), out.function.empty() ? "(none)" : out.function,
             out.region);
  fmt::print(stderr, "attempts:    {}\ntime:        {}\n", out.attempts,
             connector::human(out.call_time));
  for (const auto& note : out.notes) fmt::print(stderr, "note:        {}\n", note);
}

// The end that the job of a model would have: its variables, or the message of its failure or BPMN
// error, which the headers onFunctionError and bpmnErrors make of a function's error.
int print_end(const jobs::job_command& command, bool function_failed,
              const secrets::redaction_registry& redaction) {
  if (const auto* completed = std::get_if<jobs::complete_command>(&command)) {
    fmt::print("{}\n", completed->variables);
    return function_failed ? exit_failed : exit_fine;
  }
  const auto* thrown = std::get_if<jobs::throw_command>(&command);
  const auto& message =
      thrown != nullptr ? thrown->message : std::get<jobs::fail_command>(command).message;
  fmt::print(stderr, "{}\n", redaction.mask(message));
  return exit_failed;
}

}  // namespace

connector::result<std::string> payload_text(const std::string& argument, std::size_t max_bytes) {
  if (argument == "-") return standard_input(max_bytes);
  if (!argument.starts_with('@')) return argument;
  auto file = connector::read_small_file(argument.substr(1), max_bytes);
  if (file.result != connector::file_text::state::read) {
    return connector::bad_input("The payload file '" + argument.substr(1) +
                                "' cannot be used: " + file.reason + ".");
  }
  return std::move(file.text);
}

int invoke(const config::settings& settings, const invoke_arguments& arguments) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    asio::io_context loop(1);
    narrator tell;
    std::function<void(const connector::lambda::attempt_report&)> watch;
    if (arguments.verbose) watch = std::ref(tell);
    program::application app(loop.get_executor(), settings, std::move(watch));
    tell.attach(app);
    connector::outcome out;
    jobs::task_headers headers;
    asio::co_spawn(loop, call_alone(app, settings, arguments, out, headers), connector::let_out);
    loop.run();
    if (arguments.verbose) describe(app, out);
    if (const auto* failed = out.failed()) {
      fmt::print(stderr, "{}\n",
                 app.redaction().mask(
                     jobs::job_message(connector::name_of(failed->code), failed->message)));
      return exit_failed;
    }
    const bool function_failed = out.answered()->function_error.has_value();
    const jobs::job_facts facts{1, 0, false, &connector::spec_of(arguments.operation)};
    const auto command =
        jobs::outcome_to_command(std::move(out), headers, facts, [] { return 0.0; });
    return print_end(command, function_failed, app.redaction());
  } catch (const std::exception& e) {
    fmt::print(stderr, "lambda-connector cannot call: {}\n", e.what());
    return exit_failed;
  }
}

}  // namespace worker::cli
