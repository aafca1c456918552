// The command line: the command with its settings and arguments, or the issues. Nothing runs and
// nothing is printed here; see actions.h. Once at start.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "worker/config/load.h"

namespace worker::cli {

inline constexpr int exit_fine = 0;
inline constexpr int exit_failed = 1;         // what the command was asked for did not succeed
inline constexpr int exit_configuration = 2;  // arguments or settings cannot be used
// Of `check`, which returns the smallest code of what is wrong.
inline constexpr int exit_gateway = 3;
inline constexpr int exit_credentials = 4;  // secrets too
inline constexpr int exit_lambda =
    5;  // its endpoint does not answer, or a function cannot be called

enum class command {
  run,
  invoke,
  check,
  healthcheck,
  regions,
  feel,
  version,
  iam_policy,
  print_config,
  print_settings_table,
  print_task_tables,
  help,
};

// One call by hand.
struct invoke_arguments {
  connector::operation_id operation = connector::operation_id::invoke;
  std::string function;
  std::string payload;  // JSON or text, @FILE, or - for standard input; see payload_text
  std::string qualifier;
  std::string invocation_type;
  std::string timeout;                                      // ISO-8601; empty: the default
  std::vector<std::pair<std::string, std::string>> inputs;  // name, JSON text
  // As a model and an engine would give them; empty: none.
  std::vector<std::pair<std::string, std::string>> headers;  // name, text
  std::string job_type;
  std::string process;  // BPMN process id
  std::string tenant;
  bool verbose = false;
};

struct check_arguments {
  std::vector<std::string> functions;  // each is called with DryRun
  bool json = false;
};

// What `iam-policy` writes a policy for.
struct policy_arguments {
  std::vector<std::string> functions;  // called by name: names, names with a qualifier, ARNs
  std::vector<std::string> urls;       // the same, called by their function URL
  std::string account;                 // twelve digits; empty: any
};

// One expression by hand.
struct feel_arguments {
  std::string expression;
  std::string context;     // a file with a JSON object, or - for standard input; empty: none
  bool functions = false;  // print the page about the functions instead
};

struct command_line {
  command name = command::run;
  config::settings settings;  // complete when there is no issue
  invoke_arguments invoke;
  feel_arguments feel;
  bool list_functions = false;  // check --functions
  check_arguments check;
  policy_arguments policy;
  bool schema = false;  // print-config: the schema of the file instead
  std::vector<std::string> warnings;
  std::vector<std::string> issues;  // one line each; with any, the program ends with code 2
};

// `arguments`: without the program's name. Fills `from.flags`.
command_line parse(const std::vector<std::string>& arguments, config::sources from);

std::string help_text();

}  // namespace worker::cli
