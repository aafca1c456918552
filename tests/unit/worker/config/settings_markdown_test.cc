#include "worker/config/settings_markdown.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "worker/config/settings_table.h"

namespace worker::config {
namespace {

using testing::HasSubstr;

TEST(SettingsMarkdown, NamesEverySetting) {
  const auto table = markdown_of_settings();
  for (const auto& spec : settings_table()) {
    EXPECT_THAT(table, HasSubstr("| `" + std::string(spec.key) + "` |"));
    for (const auto name : variables_of(spec)) {
      EXPECT_THAT(table, HasSubstr("`" + std::string(name) + "`"));
    }
  }
}

TEST(SettingsMarkdown, IsATableOfSixColumns) {
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

// Markdown takes text in angle brackets for HTML and drops it.
TEST(SettingsMarkdown, HasAngleBracketsInCodeOnly) {
  bool in_code = false;
  for (const char c : markdown_of_settings()) {
    if (c == '`') in_code = !in_code;
    if (!in_code) EXPECT_TRUE(c != '<' && c != '>');
  }
  EXPECT_THAT(markdown_of_settings(), HasSubstr("| &lt;default&gt; |"));
}

}  // namespace
}  // namespace worker::config
