// The schema of the configuration file against the table and the readers.
#include "worker/config/settings_schema.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "worker/config/config_file.h"
#include "worker/config/policy_settings.h"
#include "worker/config/profile_reader.h"
#include "worker/config/settings_table.h"

namespace worker::config {
namespace {

namespace json = connector::json;

// The value at a path of members; empty when there is none.
std::string at(const std::string& text, const std::vector<std::string>& path) {
  std::string found = text;
  for (const auto& name : path) {
    std::string next;
    for (const auto& [member, value] : json::members(found).members) {
      if (member == name) next = std::string(value);
    }
    if (next.empty()) return {};
    found = next;
  }
  return found;
}

std::vector<std::string> names_below(const std::vector<std::string>& path) {
  std::vector<std::string> out;
  const auto found = at(schema_of_file(), path);
  for (const auto& [name, value] : json::members(found).members) out.emplace_back(name);
  return out;
}

TEST(SettingsSchema, IsJson) {
  EXPECT_TRUE(json::is_json(schema_of_file()));
  EXPECT_EQ(at(schema_of_file(), {"additionalProperties"}), "false");
}

TEST(SettingsSchema, HasEverySettingThatTheFileMayHave) {
  const auto schema = schema_of_file();
  std::size_t count = 0;
  for (const auto& spec : settings_table()) {
    const auto key = key_in_file(spec);
    if (key.empty()) continue;
    ++count;
    const auto group = key.substr(0, key.find('.'));
    const auto found =
        at(schema, {"properties", group, "properties", key.substr(group.size() + 1)});
    EXPECT_NE(found, "") << key;
    if (spec.type == setting_type::words) {
      for (const auto word : spec.bounds.words) {
        EXPECT_THAT(at(found, {"enum"}), testing::HasSubstr(json::quote(word))) << key;
      }
    }
    if (spec.type == setting_type::integer) {
      EXPECT_EQ(at(found, {"minimum"}), std::to_string(spec.bounds.least)) << key;
      EXPECT_EQ(at(found, {"maximum"}), std::to_string(spec.bounds.most)) << key;
    }
  }
  std::size_t members = 0;
  for (const auto& group : names_below({"properties"})) {
    if (group != "profiles") members += names_below({"properties", group, "properties"}).size();
  }
  EXPECT_EQ(members, count + 1);  // guards.rules is no setting
}

// Each name of the schema, in a file: the readers know it.
TEST(SettingsSchema, ItsProfilesAndRulesHaveTheFieldsThatAreRead) {
  const auto unknown = [](const std::string& text) {
    file_report report("worker.yaml");
    read_config_file(text, report);
    std::string out;
    for (const auto& each : report.issues) {
      if (each.text.find("no such key") != std::string::npos) out += each.key + " ";
    }
    return out;
  };
  const std::vector<std::string> profile = {"properties", "profiles", "additionalProperties",
                                            "properties"};
  auto role = profile;
  role.insert(role.end(), {"assumeRole", "properties"});
  const std::vector<std::string> rule = {"properties", "guards", "properties",
                                         "rules",      "items",  "properties"};
  EXPECT_EQ(names_below(profile).size(), profile_fields().size());
  EXPECT_EQ(names_below(role).size(), assume_role_fields().size());
  EXPECT_EQ(names_below(rule).size(), rule_fields().size());
  for (const auto& name : names_below(profile)) {
    EXPECT_EQ(unknown("profiles:\n  p:\n    " + name + ": x\n"), "");
  }
  for (const auto& name : names_below(role)) {
    EXPECT_EQ(unknown("profiles:\n  p:\n    assumeRole:\n      " + name + ": x\n"), "");
  }
  for (const auto& name : names_below(rule)) {
    EXPECT_EQ(unknown("guards:\n  rules:\n    - " + name + ": x\n"), "");
  }
  EXPECT_NE(unknown("profiles:\n  p:\n    nonsense: x\n"), "");
}

}  // namespace
}  // namespace worker::config
