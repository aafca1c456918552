#include "worker/config/variable_names.h"

#include <gtest/gtest.h>

#include <vector>

#include "worker/config/foreign_variables.h"
#include "worker/config/settings_table.h"

namespace worker::config {
namespace {

TEST(VariableNames, OfSpringAreOneInEachSpelling) {
  EXPECT_TRUE(is_same_variable("CAMUNDA_CLIENT_GRPC_ADDRESS", "camunda.client.grpc-address"));
  EXPECT_TRUE(is_same_variable("CAMUNDA_CLIENT_ZEEBE_DEFAULTS_NAME",
                               "CAMUNDA_CLIENT_WORKER_DEFAULTS_NAME"));
  EXPECT_FALSE(is_same_variable("AWS_REGION", "AWSREGION"));
  EXPECT_FALSE(is_same_variable("CAMUNDA_CLIENT_ID", "CAMUNDA_CLIENT_IDS"));
}

TEST(VariableNames, AreNearByOneSlipAndLongOnesByTwo) {
  const std::vector<std::string_view> known = {"AWS_REGION", "ALLOWED_FUNCTIONS"};
  EXPECT_EQ(near_variable("AWS_REGOIN", known), "AWS_REGION");
  EXPECT_EQ(near_variable("AWS_REGIO", known), "AWS_REGION");
  EXPECT_FALSE(near_variable("AWS_REGIO_XY", known));
  EXPECT_EQ(near_variable("ALOWED_FUNCTION", known), "ALLOWED_FUNCTIONS");
  EXPECT_FALSE(near_variable("ALOWED_FUNKTION", known));
  EXPECT_FALSE(near_variable("", known));
  EXPECT_FALSE(near_variable("REGION", known));
  EXPECT_FALSE(near_variable(std::string(100'000, 'A'), known));
}

// A name that two tables know would be read and complained of.
TEST(VariableNames, OfOtherProgramsAreNoSettings) {
  for (const auto& foreign : foreign_variables()) {
    for (const auto& spec : settings_table()) {
      for (const auto name : variables_of(spec)) {
        EXPECT_FALSE(is_same_variable(foreign.name, name)) << name;
      }
    }
    EXPECT_EQ(find_foreign(foreign.name), &foreign) << foreign.name;
  }
}

}  // namespace
}  // namespace worker::config
