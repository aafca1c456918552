// The commands and the flags of `invoke` as tables: the parser, the messages and the help are made
// of them.
#pragma once

#include <string>
#include <string_view>

#include "worker/cli/commands.h"

namespace worker::cli {

struct known_command {
  const char* name;
  command id;
  const char* text;  // empty: not in the help
};
inline constexpr known_command known_commands[] = {
    {"run", command::run, "serve jobs until SIGTERM (the default)"},
    {"invoke", command::invoke, "do one operation by hand, through the path of a job"},
    {"check", command::check, "look at settings, secrets, gateway and credentials, and say it"},
    {"healthcheck", command::healthcheck,
     "ask the worker in this container whether it is alive; of several: --admin-address"},
    {"feel", command::feel, "evaluate a FEEL expression by hand, on variables from a file"},
    {"iam-policy", command::iam_policy, "print the IAM policy that the settings need"},
    {"regions", command::regions, "print the regions that are known, with their partitions"},
    {"print-config", command::print_config, "print the settings in force and where each is from"},
    {"version", command::version, "print the version"},
    {"help", command::help, "print this text"},
    {"print-settings-table", command::print_settings_table, ""},
    {"print-task-tables", command::print_task_tables, ""},
};

// The flags of `invoke`. A flag without a member is read in a way of its own.
struct invoke_flag {
  std::string_view name;
  std::string_view argument;
  std::string_view text;
  std::string invoke_arguments::*member = nullptr;
};
inline constexpr std::string_view operation_flag = "--operation";
inline constexpr std::string_view input_flag = "--input";
inline constexpr std::string_view header_flag = "--header";
inline constexpr std::string_view verbose_flag = "--verbose";
inline constexpr invoke_flag invoke_flags[] = {
    {operation_flag, "<name>", "what to do; the default is invoke"},
    {"--function", "<name, ARN or URL>", "required, except for list", &invoke_arguments::function},
    {"--payload", "<text, @FILE or ->", "JSON or text; - is standard input",
     &invoke_arguments::payload},
    {"--qualifier", "<version or alias>", "", &invoke_arguments::qualifier},
    {"--type", "<RequestResponse|Event|DryRun>", "", &invoke_arguments::invocation_type},
    {"--timeout", "<duration>", "of the whole call, such as 30s or PT30S",
     &invoke_arguments::timeout},
    {input_flag, "<name=json>", "any other input of a task; may come more than once"},
    {header_flag, "<name=text>", "a custom header of the task; may come more than once"},
    {"--job-type", "<type>", "defaults and guards of this job type count",
     &invoke_arguments::job_type},
    {"--process", "<id>", "guards for this BPMN process count", &invoke_arguments::process},
    {"--tenant", "<id>", "guards for this tenant count", &invoke_arguments::tenant},
    {verbose_flag, "", "say of every request where it went and what came of it"},
};

template <class Rows>
std::string names_of(const Rows& rows, std::string_view between) {
  std::string out;
  for (const auto& each : rows) {
    if (!out.empty()) out += between;
    out += each.name;
  }
  return out;
}

}  // namespace worker::cli
