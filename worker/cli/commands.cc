#include "worker/cli/commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <list>
#include <map>

#include "connector/near_names.h"
#include "worker/cli/command_table.h"
#include "worker/cli/invoke_line.h"
#include "worker/config/settings_table.h"

namespace worker::cli {

namespace {

// What CLI11 fills while it parses.
struct raw_line {
  std::list<std::pair<std::string, std::vector<std::string>>> flags;
  raw_invoke invoke;
  bool help = false;
  bool version = false;
};

// A flag that may come more than once, with one value each time.
void add_repeated(CLI::App& app, std::string_view flag, std::vector<std::string>& into) {
  app.add_option(std::string(flag), into)
      ->expected(1)
      ->allow_extra_args(false)
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
}

void add_invoke_options(CLI::App& invoke, invoke_arguments& into, raw_line& raw) {
  for (const auto& flag : invoke_flags) {
    if (flag.member == nullptr) continue;
    invoke.add_option(std::string(flag.name), into.*flag.member)->expected(1);
  }
  invoke.add_option(std::string(operation_flag), raw.invoke.operation)->expected(1);
  add_repeated(invoke, input_flag, raw.invoke.inputs);
  add_repeated(invoke, header_flag, raw.invoke.headers);
  invoke.add_flag(std::string(verbose_flag), into.verbose);
}

void add_feel_options(CLI::App& feel, feel_arguments& into) {
  feel.add_option("expression", into.expression);
  feel.add_option("--context", into.context)->expected(1);
  feel.add_flag("--functions", into.functions);
}

void add_policy_options(CLI::App& policy, policy_arguments& into) {
  add_repeated(policy, "--function", into.functions);
  add_repeated(policy, "--function-url", into.urls);
  policy.add_option("--account", into.account)->expected(1);
}

void add_check_options(CLI::App& check, command_line& into) {
  add_repeated(check, "--dry-run", into.check.functions);
  check.add_flag("--json", into.check.json);
  check.add_flag("--functions", into.list_functions);
}

void add_settings(CLI::App& app, raw_line& raw) {
  for (const auto& spec : config::settings_table()) {
    if (spec.flag.empty()) continue;
    raw.flags.emplace_back(std::string(spec.flag), std::vector<std::string>());
    // All values are collected; load() reports a repeated flag together with the other issues.
    add_repeated(app, spec.flag, raw.flags.back().second);
  }
}

std::string describe_extra(const std::string& extra, bool is_invoke) {
  if (!extra.starts_with("-")) {
    std::vector<known_command> shown;
    std::copy_if(std::begin(known_commands), std::end(known_commands), std::back_inserter(shown),
                 [](const known_command& each) { return *each.text != '\0'; });
    return fmt::format("'{}' is no command. Commands are {}.", extra, names_of(shown, ", "));
  }
  std::vector<std::string_view> known = {"--help", "--version"};
  for (const auto& spec : config::settings_table()) {
    if (!spec.flag.empty()) known.push_back(spec.flag);
  }
  for (const auto& each : invoke_flags) {
    if (is_invoke) known.emplace_back(each.name);
    if (!is_invoke && extra == each.name) return extra + " belongs to the command invoke.";
  }
  const auto flag = std::string_view(extra).substr(0, extra.find('='));
  const auto near = connector::nearest(flag, known);
  return near ? fmt::format("{} is no flag: did you mean {}?", flag, *near)
              : fmt::format("{} is no flag.", flag);
}

// `line` and `raw` must outlive the parsing.
void add_commands(CLI::App& app, command_line& line, raw_line& raw) {
  for (const auto& each : known_commands) {
    CLI::App* sub = app.add_subcommand(each.name);
    sub->set_help_flag();
    sub->fallthrough();
    sub->allow_extras();
    sub->callback([&line, id = each.id] { line.name = id; });
    if (each.id == command::invoke) add_invoke_options(*sub, line.invoke, raw);
    if (each.id == command::feel) add_feel_options(*sub, line.feel);
    if (each.id == command::iam_policy) add_policy_options(*sub, line.policy);
    if (each.id == command::check) add_check_options(*sub, line);
    if (each.id == command::print_config) sub->add_flag("--schema", line.schema);
  }
}

void read_extras(const std::vector<std::string>& extras, command_line& line) {
  bool after_flag = false;  // then it is the unknown flag's value
  for (const auto& extra : extras) {
    const bool is_flag = extra.starts_with("-");
    if (is_flag || !after_flag) {
      line.issues.push_back(describe_extra(extra, line.name == command::invoke));
    }
    after_flag = is_flag && extra.find('=') == std::string::npos;
  }
}

// Each flag of all commands, and whether a value belongs to it.
std::map<std::string, bool, std::less<>> flags_of(const CLI::App& app) {
  std::map<std::string, bool, std::less<>> out;
  for (const auto* const option : app.get_options()) {
    for (const auto& name : option->get_lnames()) {
      out.emplace("--" + name, option->get_items_expected_max() > 0);
    }
  }
  for (const auto* const command : app.get_subcommands([](const CLI::App*) { return true; })) {
    out.merge(flags_of(*command));
  }
  return out;
}

// The arguments for CLI11, which takes the next one as the value of `--flag` and also of `--flag=`,
// whatever it is: another flag would be lost, and with it the list that it gives. An empty value
// becomes an argument of its own, and a value that is a flag is an issue.
std::vector<std::string> with_values(const std::vector<std::string>& arguments, const CLI::App& app,
                                     std::vector<std::string>& issues) {
  const auto known = flags_of(app);
  std::vector<std::string> out;
  std::string_view before;  // the flag whose value comes next, or nothing
  for (const auto& each : arguments) {
    const auto name = std::string_view(each).substr(0, each.find('='));
    const auto flag = known.find(name);
    if (!before.empty() && flag != known.end()) {
      issues.push_back(fmt::format(
          "{} has no value: what follows it, {}, is a flag. If that is the value, write {}={}.",
          before, name, before, name));
    }
    out.push_back(each);
    const bool takes_value = before.empty() && flag != known.end() && flag->second;
    before = {};
    if (takes_value && name.size() == each.size()) before = name;
    if (takes_value && name.size() + 1 == each.size()) {
      out.back().pop_back();
      out.emplace_back();
    }
  }
  return out;
}

bool needs_settings(const command_line& line) {
  switch (line.name) {
    case command::run:
    case command::invoke:
    case command::check:
    case command::healthcheck:
    case command::iam_policy:
      return true;
    case command::print_config:
      return !line.schema;
    default:
      return false;
  }
}

}  // namespace

command_line parse(const std::vector<std::string>& arguments, config::sources from) {
  command_line line;
  raw_line raw;
  CLI::App app;
  app.set_help_flag();
  app.set_config();
  app.add_flag("-h,--help", raw.help);
  app.add_flag("--version", raw.version);
  app.allow_extras();
  app.require_subcommand(0, 1);
  add_settings(app, raw);
  add_commands(app, line, raw);
  try {
    // CLI11 takes the arguments from the back.
    auto words = with_values(arguments, app, line.issues);
    std::reverse(words.begin(), words.end());
    app.parse(std::move(words));
  } catch (const CLI::ParseError& e) {
    line.issues.push_back(fmt::format("command line: {}.", e.what()));
  }
  read_extras(app.remaining(true), line);
  if (raw.help) line.name = command::help;
  if (raw.version && !raw.help) line.name = command::version;
  if (line.name == command::feel && line.feel.expression.empty() && !line.feel.functions &&
      line.issues.empty()) {
    line.issues.emplace_back(
        "The expression is missing: lambda-connector feel 'EXPRESSION' --context FILE.");
  }
  if (!needs_settings(line)) {
    // Asking for help is no time for issues about settings.
    if (raw.help || raw.version) line.issues.clear();
    return line;
  }
  for (const auto& [flag, values] : raw.flags) {
    for (const auto& value : values) from.flags.emplace_back(flag, value);
  }
  if (line.name == command::invoke) read_invoke(raw.invoke, line);
  auto loaded = config::load(from);
  line.settings = std::move(loaded.values);
  line.warnings = std::move(loaded.warnings);
  const bool is_health = line.name == command::healthcheck;
  // Whether the worker lives is not a question of its other settings, and its file may have been
  // changed since it started.
  if (is_health) line.warnings.clear();
  for (const auto& each : loaded.issues) {
    if (is_health && each.key != "admin.address") continue;
    line.issues.push_back(config::describe(each));
  }
  return line;
}

}  // namespace worker::cli
