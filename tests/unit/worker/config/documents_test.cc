#include "worker/config/documents.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "worker/config/load.h"
#include "worker/config/settings_table.h"

namespace worker::config {
namespace {

using testing::HasSubstr;

TEST(SettingsTable, HasEachKeyFlagAndVariableOnce) {
  std::set<std::string_view> seen;
  for (const auto& spec : settings_table()) {
    EXPECT_TRUE(seen.insert(spec.key).second) << spec.key;
    EXPECT_NE(spec.key.find('.'), std::string_view::npos) << spec.key;
    EXPECT_FALSE(spec.text.empty()) << spec.key;
    EXPECT_TRUE(spec.store != nullptr) << spec.key;
    if (!spec.flag.empty()) {
      EXPECT_TRUE(seen.insert(spec.flag).second) << spec.flag;
    }
    EXPECT_EQ(spec.flag.empty(), spec.secret()) << spec.key;
    for (const auto name : variables_of(spec)) EXPECT_TRUE(seen.insert(name).second) << name;
  }
}

TEST(SettingsTable, HasDefaultsThatItAllows) {
  for (const auto& spec : settings_table()) {
    if (spec.standard.empty()) continue;
    const auto parsed = parse_value(spec.standard, spec.type, spec.bounds);
    EXPECT_TRUE(std::holds_alternative<parsed_value>(parsed)) << spec.key;
  }
}

TEST(SettingsTable, KeepsGroupsTogether) {
  std::set<std::string_view> over;
  std::string_view group;
  for (const auto& spec : settings_table()) {
    if (spec.group() == group) continue;
    EXPECT_TRUE(over.insert(spec.group()).second) << spec.key;
    group = spec.group();
  }
}

TEST(SettingsDocuments, NameEverySetting) {
  const auto help = help_of_settings();
  const auto table = markdown_of_settings();
  for (const auto& spec : settings_table()) {
    if (!spec.flag.empty()) {
      EXPECT_THAT(help, HasSubstr(std::string(spec.flag)));
    }
    EXPECT_THAT(table, HasSubstr("| `" + std::string(spec.key) + "` |"));
    for (const auto name : variables_of(spec)) {
      EXPECT_THAT(help, HasSubstr(std::string(name)));
      EXPECT_THAT(table, HasSubstr("`" + std::string(name) + "`"));
    }
  }
}

TEST(SettingsDocuments, AreATableOfSixColumns) {
  std::istringstream lines(markdown_of_settings());
  std::size_t count = 0;
  for (std::string line; std::getline(lines, line); ++count) {
    std::size_t bars = 0;
    for (std::size_t i = 0; i < line.size(); ++i) {
      if (line[i] == '|' && (i == 0 || line[i - 1] != '\\')) ++bars;
    }
    EXPECT_EQ(bars, 7U) << line;
  }
  EXPECT_EQ(count, settings_table().size() + 2);
}

TEST(SettingsDocuments, FitTheTerminal) {
  std::istringstream lines(help_of_settings());
  for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 100U) << line;
}

TEST(SettingsDocuments, PrintTheValuesInForceWithTheirSource) {
  sources from;
  from.environment = {{"AWS_REGION", "eu-west-1"}, {"AWS_SECRET_ACCESS_KEY", "hush-hush"}};
  const auto text = text_of(load(from).values);
  EXPECT_THAT(text, HasSubstr("aws.region = eu-west-1  (AWS_REGION)\n"));
  EXPECT_THAT(text, HasSubstr("aws.secretKey = ***  (AWS_SECRET_ACCESS_KEY)\n"));
  EXPECT_THAT(text, HasSubstr("jobs.maxActive = 32  (default)\n"));
  EXPECT_THAT(text, HasSubstr("gateway.authority is not set\n"));
  EXPECT_EQ(text.find("hush-hush"), std::string::npos);
}

}  // namespace
}  // namespace worker::config
