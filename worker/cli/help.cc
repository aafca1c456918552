// The text of --help: the tables of commands, flags and settings, and what stands in none.
#include <fmt/format.h>

#include "worker/cli/command_table.h"
#include "worker/config/settings_help.h"

namespace worker::cli {

std::string help_text() {
  std::string out =
      "lambda-connector: takes jobs from a workflow engine and calls AWS Lambda functions.\n\n"
      "lambda-connector [command] [flags]\n\nCommands:\n";
  for (const auto& each : known_commands) {
    if (*each.text != '\0') out += fmt::format("  {:14}{}\n", each.name, each.text);
  }
  out += "\nFlags of invoke:\n";
  for (const auto& each : invoke_flags) {
    out += fmt::format("  {:32}{}\n", fmt::format("{} {}", each.name, each.argument), each.text);
  }
  out += fmt::format("Operations: {}.\n", names_of(connector::operations(), ", "));
  out +=
      "\nFlags of check:\n"
      "  --dry-run <name or ARN>         ask Lambda whether the worker may call the function; may\n"
      "                                  come more than once\n"
      "  --functions                     only print the functions that the credentials may list,\n"
      "                                  as choices of a field of an element template (JSON)\n"
      "  --json                          the findings as one JSON object\n"
      "\nFlags of iam-policy; without functions those of ALLOWED_FUNCTIONS count:\n"
      "  --function <name or ARN>        called by name; may come more than once\n"
      "  --function-url <name or ARN>    called by its function URL; may come more than once\n"
      "  --account <twelve digits>       of functions and secrets given by name\n"
      "\nFlag of print-config:\n"
      "  --schema                        the JSON schema of the configuration file instead\n";
  out +=
      "\nFlags of feel, behind the expression:\n"
      "  --context <FILE or ->           the variables as a JSON object; - is standard input\n"
      "  --functions                     print the page about the built-in functions instead\n";
  out +=
      "\nSettings: a flag wins over the environment, the environment over the configuration file,\n"
      "that over the default. Of several variables the first one that is set counts; each can be\n"
      "given as NAME_FILE, the path of a file that holds the value. Durations have a unit (30s, "
      "5m,\n"
      "PT30S); a number alone is milliseconds. [] is a list without entries.\n";
  out += config::help_of_settings();
  out += fmt::format(
      "\nExit codes:\n"
      "  {}  fine\n"
      "  {}  run could not start or stopped with work left, the call of invoke failed, or\n"
      "     healthcheck found no life\n"
      "  {}  arguments or settings cannot be used\n"
      "  {}  check: the gateway\n"
      "  {}  check: credentials or secrets\n"
      "  {}  check: the endpoint of Lambda, or a function\n"
      "check ends with the smallest code of what is wrong.\n",
      exit_fine, exit_failed, exit_configuration, exit_gateway, exit_credentials, exit_lambda);
  return out;
}

}  // namespace worker::cli
