#include "worker/config/settings_help.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>
#include <sstream>

#include "worker/config/settings_table.h"

namespace worker::config {
namespace {

using testing::HasSubstr;

TEST(SettingsHelp, NamesEverySetting) {
  const auto help = help_of_settings();
  for (const auto& spec : settings_table()) {
    if (!spec.flag.empty()) {
      EXPECT_THAT(help, HasSubstr(std::string(spec.flag)));
    }
    for (const auto name : variables_of(spec)) EXPECT_THAT(help, HasSubstr(std::string(name)));
  }
}

// A group without a title of its own once stood under that of the log.
TEST(SettingsHelp, GivesEachGroupATitleOfItsOwn) {
  std::istringstream lines(help_of_settings());
  std::set<std::string> titles;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty() || line.front() == ' ') continue;
    EXPECT_TRUE(line.ends_with(':')) << line;
    EXPECT_TRUE(titles.insert(line).second) << line;
  }
  std::set<std::string_view> groups;
  for (const auto& spec : settings_table()) groups.insert(spec.group());
  EXPECT_EQ(titles.size(), groups.size());
}

TEST(SettingsHelp, FitsTheTerminal) {
  std::istringstream lines(help_of_settings());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

}  // namespace
}  // namespace worker::config
