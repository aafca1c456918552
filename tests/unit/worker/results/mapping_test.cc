#include "worker/results/mapping.h"

#include <gtest/gtest.h>

namespace worker::results {
namespace {

const auto& invoke = connector::spec_of(connector::operation_id::invoke);

TEST(CheckForEngine, TakesWhatTheEngineKeeps) {
  EXPECT_TRUE(check_for_engine(R"({"a":18446744073709551615,"b":1e400,"c":"\u0000"})").has_value());
}

TEST(CheckForEngine, RefusesWhatWouldHarmOrBeRefusedNamingWhereItIs) {
  const auto deep =
      check_for_engine(R"({"a":)" + std::string(600, '[') + std::string(600, ']') + "}");
  ASSERT_TRUE(deep.has_error());
  EXPECT_EQ(deep.error().code, connector::error_code::response_refused);
  EXPECT_NE(deep.error().message.find("nested too deep"), std::string::npos);
  EXPECT_NE(deep.error().message.find("at byte"), std::string::npos);
  EXPECT_TRUE(check_for_engine(R"({"a":18446744073709551616})").has_error());
  EXPECT_TRUE(check_for_engine("{\"a\":\"\xFF\"}").has_error());
  EXPECT_TRUE(check_for_engine("{} {}").has_error());
}

TEST(CompletionVariables, ErrorOfATaskThatCompletesAnyWay) {
  connector::error_object e;
  e.code = "NOT_FOUND";
  e.message = "gone \"away\"";
  const auto text = completion_variables(no_answer(invoke), e, {});
  EXPECT_EQ(text.find("{\"statusCode\":null,\"executedVersion\":null,\"payload\":null,\"log\":null,"
                      "\"error\":{\"code\":\"NOT_FOUND\""),
            0U)
      << text;
  EXPECT_TRUE(check_for_engine(text).has_value());
}

TEST(CompletionVariables, OfNoAnswerAreTheOperationsOwn) {
  const auto text = completion_variables(
      no_answer(connector::spec_of(connector::operation_id::list_functions)), std::nullopt, {});
  EXPECT_EQ(text, R"({"functions":null,"nextMarker":null,"error":null})");
}

TEST(CompletionVariables, AlfrescoErrorIsAStringWithAList) {
  connector::error_object e;
  e.code = "NOT_FOUND";
  const auto text = completion_variables(no_answer(invoke), e, {"", true});
  EXPECT_NE(text.find(R"("lambdaError":"[{\"code\":\"NOT_FOUND\")"), std::string::npos) << text;
  EXPECT_TRUE(check_for_engine(text).has_value());
}

}  // namespace
}  // namespace worker::results
