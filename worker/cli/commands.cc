#include "worker/cli/commands.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iterator>
#include <list>

#include "connector/base/duration.h"
#include "connector/base/json_scan.h"
#include "worker/config/settings_help.h"
#include "worker/config/settings_table.h"
#include "worker/config/value_parser.h"

namespace worker::cli {

namespace {

namespace json = connector::json;

struct known_command {
  const char* name;
  command id;
  const char* text;  // empty: not in the help
};
constexpr known_command known_commands[] = {
    {"run", command::run, "serve jobs until SIGTERM (the default)"},
    {"invoke", command::invoke, "do one operation by hand, through the path of a job"},
    {"check", command::check, "look at settings, secrets, gateway and credentials, and say it"},
    {"healthcheck", command::healthcheck, "ask the worker in this container whether it is alive"},
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
constexpr std::string_view operation_flag = "--operation";
constexpr std::string_view input_flag = "--input";
constexpr std::string_view header_flag = "--header";
constexpr std::string_view verbose_flag = "--verbose";
constexpr invoke_flag invoke_flags[] = {
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

// What CLI11 fills while it parses.
struct raw_line {
  std::list<std::pair<std::string, std::vector<std::string>>> flags;
  std::vector<std::string> inputs;
  std::vector<std::string> headers;
  std::string operation = "invoke";
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
  invoke.add_option(std::string(operation_flag), raw.operation)->expected(1);
  add_repeated(invoke, input_flag, raw.inputs);
  add_repeated(invoke, header_flag, raw.headers);
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

void read_operation(const raw_line& raw, command_line& line) {
  const auto* const found = connector::find_operation(raw.operation);
  if (found == nullptr) {
    line.issues.push_back(fmt::format("{} must be one of {}.", operation_flag,
                                      names_of(connector::operations(), ", ")));
    return;
  }
  line.invoke.operation = found->id;
  if (connector::find_input(*found, "functionName") != nullptr && line.invoke.function.empty() &&
      line.issues.empty()) {
    line.issues.emplace_back("--function is missing: name or ARN of the function.");
  }
}

void read_inputs(const raw_line& raw, command_line& line) {
  for (const auto& each : raw.inputs) {
    const std::size_t equals = each.find('=');
    auto name = each.substr(0, equals);
    const auto value = equals == std::string::npos ? "" : each.substr(equals + 1);
    if (equals == 0 || !json::is_json(value)) {
      line.issues.push_back(
          fmt::format("--input must be name=json, such as clientContext='{{\"custom\":{{}}}}' or "
                      "region='\"eu-west-1\"'; what is wrong is the one named '{}'.",
                      name.substr(0, 100)));
      continue;
    }
    line.invoke.inputs.emplace_back(std::move(name), value);
  }
}

void read_headers(const raw_line& raw, command_line& line) {
  for (const auto& each : raw.headers) {
    const std::size_t equals = each.find('=');
    if (equals == 0 || equals == std::string::npos) {
      line.issues.push_back(
          fmt::format("{} must be name=text; what is wrong is the one that begins with '{}'.",
                      header_flag, each.substr(0, std::min<std::size_t>(equals, 100))));
      continue;
    }
    line.invoke.headers.emplace_back(each.substr(0, equals), each.substr(equals + 1));
  }
}

// Takes 30s and 30000 as well, as settings do, and makes ISO-8601 of it, as inputs are.
void read_timeout(command_line& line) {
  auto& text = line.invoke.timeout;
  if (text.empty() || connector::parse_iso_duration(text)) return;
  const auto parsed =
      config::parse_value(text, config::setting_type::duration, {1, 24 * 3600 * 1000, {}});
  if (const auto* allowed = std::get_if<std::string>(&parsed)) {
    line.issues.push_back(fmt::format("--timeout must be {}.", *allowed));
    return;
  }
  const auto& value = std::get<config::parsed_value>(parsed);
  const auto count = value.duration.count();
  if (value.without_unit && count < 1000) {
    line.issues.push_back(fmt::format(
        "--timeout: {0} without a unit is {0} milliseconds: write {0}s, or {0}ms if that is meant.",
        count));
    return;
  }
  text = fmt::format("PT{}.{:03}S", count / 1000, count % 1000);
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
  try {
    // CLI11 takes the arguments from the back.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& e) {
    line.issues.push_back(fmt::format("command line: {}.", e.what()));
  }
  bool after_flag = false;  // then it is the unknown flag's value
  for (const auto& extra : app.remaining(true)) {
    const bool is_flag = extra.starts_with("-");
    if (is_flag || !after_flag) {
      line.issues.push_back(describe_extra(extra, line.name == command::invoke));
    }
    after_flag = is_flag && extra.find('=') == std::string::npos;
  }
  if (raw.help) line.name = command::help;
  if (raw.version && !raw.help) line.name = command::version;
  if (line.name == command::feel && line.feel.expression.empty() && !line.feel.functions &&
      line.issues.empty()) {
    line.issues.emplace_back(
        "The expression is missing: lambda-connector feel 'EXPRESSION' --context FILE.");
  }
  const bool needs_settings = line.name == command::run || line.name == command::invoke ||
                              line.name == command::check || line.name == command::healthcheck ||
                              line.name == command::iam_policy ||
                              (line.name == command::print_config && !line.schema);
  if (!needs_settings) {
    // Asking for help is no time for issues about settings.
    if (raw.help || raw.version) line.issues.clear();
    return line;
  }
  for (const auto& [flag, values] : raw.flags) {
    for (const auto& value : values) from.flags.emplace_back(flag, value);
  }
  if (line.name == command::invoke) {
    read_operation(raw, line);
    read_inputs(raw, line);
    read_headers(raw, line);
    read_timeout(line);
  }
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
