// The command `check --functions`: the functions that the credentials may list, as the choices of a
// field of an element template.
#include <fmt/format.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <csignal>
#include <exception>
#include <utility>

#include "connector/base/let_out.h"
#include "worker/cli/actions.h"
#include "worker/cli/call_by_hand.h"
#include "worker/cli/function_choices.h"
#include "worker/jobs/outcome_to_command.h"

namespace worker::cli {

namespace asio = boost::asio;

namespace {

using connector::error_code;

// That of the part of `check` that would be wrong.
int exit_code_of(error_code code) {
  switch (code) {
    case error_code::invalid_input:
    case error_code::missing_input:
      return exit_configuration;  // no region is set
    case error_code::credentials_error:
    case error_code::unauthorized:
    case error_code::forbidden:
      return exit_credentials;
    default:
      return exit_lambda;
  }
}

}  // namespace

int print_function_choices(const config::settings& settings) {
  std::signal(SIGPIPE, SIG_IGN);
  try {
    asio::io_context loop(1);
    program::application app(loop.get_executor(), settings);
    invoke_arguments arguments;
    arguments.operation = connector::operation_id::list_functions;
    arguments.inputs = {{"all", "true"}, {"fields", R"(["functionName","runtime"])"}};
    connector::outcome out;
    jobs::task_headers headers;
    asio::co_spawn(loop, call_alone(app, settings, arguments, out, headers), connector::let_out);
    loop.run();
    if (const auto* failed = out.failed()) {
      fmt::print(stderr, "{}\n",
                 app.redaction().mask(
                     jobs::job_message(connector::name_of(failed->code), failed->message)));
      return exit_code_of(failed->code);
    }
    const jobs::job_facts facts{1, 0, false, &connector::spec_of(arguments.operation)};
    const auto command =
        jobs::outcome_to_command(std::move(out), headers, facts, [] { return 0.0; });
    const auto& variables = std::get<jobs::complete_command>(command).variables;
    const auto choices = choices_of(variables);
    fmt::print("{}\n", choices.json);
    if (!choices.all) {
      fmt::print(stderr,
                 "There are more functions than LAMBDA_CONNECTOR_MAX_LIST_BYTES lets through.\n");
    }
    return exit_fine;
  } catch (const std::exception& e) {
    fmt::print(stderr, "lambda-connector cannot list functions: {}\n", e.what());
    return exit_failed;
  }
}

}  // namespace worker::cli
