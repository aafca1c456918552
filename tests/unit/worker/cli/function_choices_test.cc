#include "worker/cli/function_choices.h"

#include <gtest/gtest.h>

#include <string>

namespace worker::cli {
namespace {

TEST(FunctionChoices, AreNamesWithTheirRuntime) {
  // given
  const auto* const variables =
      R"({"functions":[{"functionName":"a\"b","runtime":"python3.13"},{"functionName":"image"}],)"
      R"("nextMarker":null,"error":null})";

  // when
  const auto choices = choices_of(variables);

  // then
  const std::string expected =
      "[\n"
      R"x(  {"name":"a\"b (python3.13)","value":"a\"b"},)x"
      "\n"
      R"(  {"name":"image","value":"image"})"
      "\n]";
  EXPECT_EQ(choices.json, expected);
  EXPECT_TRUE(choices.all);
}

TEST(FunctionChoices, AreAnEmptyListWithoutFunctions) {
  EXPECT_EQ(choices_of(R"({"functions":[],"nextMarker":null})").json, "[]");
}

TEST(FunctionChoices, SayWhenTheListStoppedBeforeItsEnd) {
  EXPECT_FALSE(choices_of(R"({"functions":[],"nextMarker":"more"})").all);
}

}  // namespace
}  // namespace worker::cli
