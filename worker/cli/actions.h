// The commands. Each runs to its end on the calling thread and returns the exit code of the
// program.
#pragma once

#include <cstddef>
#include <functional>
#include <string>

#include "connector/base/result.h"
#include "worker/cli/commands.h"
#include "worker/config/settings.h"

namespace worker::cli {

// From argc and argv to the exit code: parses the arguments, then prints the issues or runs the
// command.
int dispatch(int argc, const char* const* argv);

// `read_again`: parses the same command line, with the files and the environment of now.
int run(const config::settings& settings, const std::function<command_line()>& read_again);
int invoke(const config::settings& settings, const invoke_arguments& arguments);
int check(const config::settings& settings, const check_arguments& arguments);
// Prints the functions that the credentials may list, as choices of a field of an element template.
int print_function_choices(const config::settings& settings);
// Prints the policy; what it cannot know goes to standard error.
int print_iam_policy(const config::settings& settings, const policy_arguments& arguments);
// Prints the known regions, each with its partition.
int regions();
// Prints the value of a FEEL expression; type, warnings and mistakes go to standard error.
int evaluate_by_hand(const feel_arguments& arguments);
int healthcheck(const config::settings& settings);
int print_task_tables();

// The payload that the argument means: the text itself, the content of a file, or standard input;
// at most `max_bytes`. INVALID_INPUT when it cannot be read.
connector::result<std::string> payload_text(const std::string& argument,
                                            std::size_t max_bytes = 32 * 1024 * 1024);

}  // namespace worker::cli
