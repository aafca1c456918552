// P9: mistakes in the settings: every key with a value of the wrong shape in the file, every
// variable and flag with one of the wrong type or out of range, unknown keys. The program ends with
// code 2, and the message names key, source and line of each.
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <vector>

#include "tests/faults/fault_report.h"
#include "tests/faults/shipped.h"
#include "worker/config/settings_table.h"

namespace faults {
namespace {

using journey::test_environment;
using worker::config::setting_spec;
using worker::config::setting_type;

// A value that no setting of this type takes; empty: there is none.
std::string wrong_value(const setting_spec& of) {
  switch (of.type) {
    case setting_type::boolean:
      return "maybe";
    case setting_type::integer:
      return "99999999999999999999999";
    case setting_type::duration:
      return "soon";
    case setting_type::size:
      return "-1MB";
    case setting_type::words:
      return "no-such-word";
    case setting_type::url:
      return "ftp://host";
    default:
      return {};
  }
}

// How the program ended, and what it said.
struct ended {
  int code = 0;
  std::string said;
};

ended run_with(const test_environment& env, const std::vector<std::string>& arguments,
               const std::vector<std::string>& variables = {}) {
  shipped worker(env, {}, shipped_output::file, arguments, variables);
  ended out;
  EXPECT_TRUE(env.wait([&] { return worker.has_ended(); })) << "it runs with such settings";
  out.code = worker.process().end(journey::patience);
  out.said = worker.log();
  return out;
}

void expect_named(const ended& how, const std::vector<std::string>& all) {
  EXPECT_EQ(how.code, 2) << how.said;
  for (const auto& each : all) {
    EXPECT_NE(how.said.find(each), std::string::npos) << each << " is not named in\n" << how.said;
  }
}

std::filesystem::path config_file(const std::string& text) {
  const auto path = std::filesystem::temp_directory_path() /
                    ("faults-p9-" + std::to_string(::getpid()) + ".yaml");
  std::ofstream(path) << text;
  return path;
}

// Every key of the file is a map, and every group has a key that does not exist.
std::size_t in_the_file(const test_environment& env) {
  std::map<std::string, std::vector<std::string>> groups;
  for (const auto& row : worker::config::settings_table()) {
    const std::string key(row.key);
    if (key != "config.file" && !row.secret()) {
      groups[std::string(row.group())].push_back(key.substr(key.find('.') + 1));
    }
  }
  std::string text;
  std::vector<std::string> expected;
  int line = 0;
  const auto add = [&](const std::string& added) {
    text += added + '\n';
    ++line;
  };
  for (const auto& [group, names] : groups) {
    add(group + ":");
    for (const auto& name : names) {
      add("  " + name + ": {no: {such: shape}}");
      expected.push_back(":" + std::to_string(line) + " (" + group + "." + name);
    }
    add("  noSuchKey: 1");
    expected.push_back(":" + std::to_string(line) + " (" + group + ".noSuchKey)");
  }
  const auto file = config_file(text);
  expect_named(run_with(env, {"--config", file.string()}), expected);
  std::filesystem::remove(file);
  return expected.size();
}

std::size_t in_the_environment(const test_environment& env) {
  std::vector<std::string> variables;
  std::vector<std::string> expected;
  for (const auto& row : worker::config::settings_table()) {
    const auto value = wrong_value(row);
    const auto names = worker::config::variables_of(row);
    if (value.empty() || names.empty()) continue;
    variables.push_back(std::string(names.front()) + "=" + value);
    expected.push_back(std::string(names.front()) + " (" + std::string(row.key) + ")");
  }
  expect_named(run_with(env, {}, variables), expected);
  return expected.size();
}

std::size_t in_flags(const test_environment& env) {
  std::vector<std::string> arguments;
  std::vector<std::string> expected;
  for (const auto& row : worker::config::settings_table()) {
    const auto value = wrong_value(row);
    if (value.empty() || row.flag.empty()) continue;
    arguments.push_back(std::string(row.flag) + "=" + value);
    expected.push_back(std::string(row.flag) + " (" + std::string(row.key) + ")");
  }
  expect_named(run_with(env, arguments), expected);
  return expected.size();
}

TEST(Faults, P9_SettingsHaveMistakes) {
  journey::test_environment_options options;
  options.start_worker = false;
  const test_environment env(options);
  const auto of_file = in_the_file(env);
  const auto of_environment = in_the_environment(env);
  const auto of_flags = in_flags(env);
  EXPECT_GT(of_file, 60U);
  EXPECT_GT(of_environment, 25U);
  EXPECT_GT(of_flags, 25U);
  expect_named(run_with(env, {"--no-such-flag"}), {"--no-such-flag"});
  report_action(std::to_string(of_file) + " mistakes in the file, " +
                std::to_string(of_environment) + " in variables, " + std::to_string(of_flags) +
                " in flags");
}

}  // namespace
}  // namespace faults
