#include "worker/config/settings_table.h"

#include <gtest/gtest.h>

#include <set>

namespace worker::config {
namespace {

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

}  // namespace
}  // namespace worker::config
