#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>
#include <functional>

#include "worker/cli/actions.h"
#include "worker/cli/running_worker.h"
#include "worker/config/settings_listing.h"
#include "worker/config/settings_markdown.h"
#include "worker/config/settings_schema.h"
#include "worker/program/version.h"

namespace worker::cli {

namespace {

void print(std::FILE* to, const std::string& text) { fmt::print(to, "{}", text); }

int execute(const command_line& line, const std::function<command_line()>& read_again) {
  switch (line.name) {
    case command::run:
      return run(line.settings, read_again);
    case command::invoke:
      return invoke(line.settings, line.invoke);
    case command::check:
      return line.list_functions ? print_function_choices(line.settings)
                                 : check(line.settings, line.check);
    case command::healthcheck:
      return healthcheck(line.settings);
    case command::regions:
      return regions();
    case command::feel:
      return evaluate_by_hand(line.feel);
    case command::version:
      print(stdout, program::version_text() + "\n");
      return exit_fine;
    case command::iam_policy:
      return print_iam_policy(line.settings, line.policy);
    case command::print_config:
      print(stdout, line.schema ? config::schema_of_file() : config::text_of(line.settings));
      return exit_fine;
    case command::print_settings_table:
      print(stdout, config::markdown_of_settings());
      return exit_fine;
    case command::print_task_tables:
      return print_task_tables();
    case command::help:
      print(stdout, help_text());
      return exit_fine;
  }
  return exit_configuration;
}

// Flags of its own count alone; without any, those of the running worker do.
command_line parse_with_flags_of_worker(const std::vector<std::string>& arguments,
                                        const config::sources& from) {
  auto line = parse(arguments, from);
  if (line.name != command::healthcheck || arguments.size() > 1) return line;
  const auto meant = health_target_of(find_running_workers("/proc", ::getpid()));
  if (!meant.doubt.empty()) line.issues.push_back(meant.doubt);
  if (meant.flags.empty()) return line;
  std::vector<std::string> together = {"healthcheck"};
  together.insert(together.end(), meant.flags.begin(), meant.flags.end());
  return parse(together, from);
}

}  // namespace

int dispatch(int argc, const char* const* argv) {
  config::sources from;
  from.environment = config::this_environment();
  from.here = config::this_machine();
  const std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const auto line = parse_with_flags_of_worker(arguments, from);
  for (const auto& warning : line.warnings) fmt::print(stderr, "warning: {}\n", warning);
  if (!line.issues.empty()) {
    // With issues in it, the configuration is worth seeing all the more.
    if (line.name == command::print_config) print(stdout, config::text_of(line.settings));
    fmt::print(stderr, "The configuration cannot be used:\n");
    for (const auto& issue : line.issues) fmt::print(stderr, "  {}\n", issue);
    fmt::print(stderr, "See lambda-connector --help.\n");
    return exit_configuration;
  }
  return execute(line, [&] { return parse(arguments, from); });
}

}  // namespace worker::cli
