#include "connector/lambda/functions/function_configuration.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "connector/base/json_scan.h"

namespace connector::lambda {
namespace {

// What may never leave carries this mark.
constexpr std::string_view mark = "never-passed-on";

const std::string whole = R"({"FunctionName":"orders","FunctionArn":"arn:x","Runtime":"python3.12",
"Environment":{"Variables":{"DB_PASSWORD":"never-passed-on","\u0041PI":"never-passed-on"},
"Error":{"Message":"never-passed-on"}},"\u0045nvironment":{"Variables":{"X":"never-passed-on"}},
"VpcConfig":{"SubnetIds":["a"],"VpcId":"v","Ipv6AllowedForDualStack":false},"MemorySize":128,
"KMSKeyArn":"arn:key","Layers":[{"Arn":"l","CodeSize":1.50}],"Version":"7",
"SomethingNew":"never-passed-on","Code":{"Location":"never-passed-on"}})";

std::string shown(const std::vector<std::string>& fields, bool all = false) {
  return shown_configuration(whole, fields, all).value_or("(nothing)");
}

std::vector<std::string> every_field() {
  const auto all = configuration_fields();
  return {all.begin(), all.end()};
}

TEST(FunctionConfiguration, KeepsWhatWasAskedForInThatOrder) {
  EXPECT_EQ(shown({"version", "functionName"}), R"({"version":"7","functionName":"orders"})");
}

TEST(FunctionConfiguration, NamesThingsAsFeelDoes) {
  EXPECT_EQ(shown({"vpcConfig", "kmsKeyArn", "layers", "memorySize"}),
            R"({"vpcConfig":{"subnetIds":["a"],"vpcId":"v","ipv6AllowedForDualStack":false},)"
            R"("kmsKeyArn":"arn:key","layers":[{"arn":"l","codeSize":1.50}],"memorySize":128})");
}

TEST(FunctionConfiguration, NeverHoldsTheEnvironmentsValues) {
  const auto text = shown(every_field());
  EXPECT_EQ(text.find(mark), std::string::npos) << text;
  EXPECT_NE(text.find(R"("environmentNames":["DB_PASSWORD","\u0041PI"])"), std::string::npos)
      << text;
  EXPECT_TRUE(json::is_json(text));
}

TEST(FunctionConfiguration, NeverHoldsWhatIsNotOnTheList) {
  for (const std::string name : {"Environment", "environment", "Code", "SomethingNew", ""}) {
    EXPECT_EQ(shown({name}), "{}") << name;
  }
}

TEST(FunctionConfiguration, IsNullWhereAFieldIsMissing) {
  EXPECT_EQ(shown({"description", "version"}, true), R"({"description":null,"version":"7"})");
  EXPECT_EQ(shown({"description", "version"}), R"({"version":"7"})");
}

TEST(FunctionConfiguration, IsNothingWhenItIsNoObject) {
  for (const std::string other : {"7", "null", "[]", "\"x\"", "{"}) {
    EXPECT_FALSE(shown_configuration(other, {"version"}, true)) << other;
  }
}

TEST(FunctionConfiguration, SurvivesAnEnvironmentOfAnotherForm) {
  for (const std::string environment :
       {"null", "7", "{}", R"({"Variables":null})", R"({"Variables":[1]})"}) {
    const auto text =
        shown_configuration("{\"Environment\":" + environment + "}", {"environmentNames"}, true);
    ASSERT_TRUE(text) << environment;
    EXPECT_TRUE(json::is_json(*text)) << *text;
  }
}

TEST(LowerNames, GoDownAFewLevels) {
  EXPECT_EQ(with_lower_names(R"({"ABc":{"De":[{"Fg":{"Hi":1}}]}})"),
            R"({"aBc":{"de":[{"fg":{"Hi":1}}]}})");
  EXPECT_EQ(with_lower_names("null"), "null");
  EXPECT_EQ(with_lower_names(R"("Text")"), R"("Text")");
  const std::string deep = std::string(400, '[') + std::string(400, ']');
  EXPECT_EQ(with_lower_names(deep), deep);
}

TEST(ConfigurationFields, BeginWithThoseOfAList) {
  const auto usual = default_fields();
  EXPECT_EQ((std::vector<std::string_view>{usual.begin(), usual.end()}),
            (std::vector<std::string_view>{"functionName", "functionArn", "runtime", "version",
                                           "description", "lastModified"}));
}

}  // namespace
}  // namespace connector::lambda
