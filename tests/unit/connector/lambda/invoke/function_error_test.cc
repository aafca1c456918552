#include "connector/lambda/invoke/function_error.h"

#include <gtest/gtest.h>

#include <string>

#include "connector/base/json_scan.h"
#include "tests/unit/connector/hidden_word.h"

namespace connector::lambda {
namespace {

TEST(FunctionError, ReadsTheObjectsOfTheRuntimes) {
  const auto python = read_function_error(
      R"({"errorMessage":"'x'","errorType":"KeyError","requestId":"1","stackTrace":["  File"]})");
  EXPECT_EQ(python.code, "FUNCTION_ERROR");
  EXPECT_EQ(python.type, "KeyError");
  EXPECT_EQ(python.message, "'x'");
  EXPECT_EQ(python.stack_trace_json, R"(["  File"])");

  const auto node = read_function_error(
      R"({"errorType":"Error","errorMessage":"no","trace":["Error: no","at"]})");
  EXPECT_EQ(node.type, "Error");
  EXPECT_EQ(node.stack_trace_json, R"(["Error: no","at"])");

  const auto timeout =
      read_function_error(R"({"errorMessage":"Task timed out after 3.00 seconds"})");
  EXPECT_EQ(timeout.type, "");
  EXPECT_EQ(timeout.message, "Task timed out after 3.00 seconds");
  EXPECT_EQ(timeout.stack_trace_json, "");
}

TEST(FunctionError, MakesSomethingOfEverythingElse) {
  EXPECT_EQ(read_function_error("null").message, "");
  EXPECT_EQ(read_function_error("\"it broke\"").message, "it broke");
  EXPECT_EQ(read_function_error("[1,2]").message, "[1,2]");
  EXPECT_EQ(read_function_error("42").message, "42");
  EXPECT_EQ(read_function_error("{}").message, "");
  EXPECT_EQ(read_function_error(R"({"reason":"x"})").message, R"({"reason":"x"})");
  const auto nulls =
      read_function_error(R"({"errorType":null,"errorMessage":null,"stackTrace":null})");
  EXPECT_EQ(nulls.type, "");
  EXPECT_EQ(nulls.message, "");
  const auto odd =
      read_function_error(R"({"errorType":7,"errorMessage":{"a":1},"stackTrace":"one line"})");
  EXPECT_EQ(odd.type, "7");
  EXPECT_EQ(odd.message, R"({"a":1})");
  EXPECT_EQ(odd.stack_trace_json, R"(["one line"])");
}

TEST(FunctionError, OfVeryManyMembersIsItsText) {
  std::string many = R"({"errorType":"A",)";
  for (int i = 0; i < 100'001; ++i) many += R"("":0,)";
  many.back() = '}';
  const auto found = read_function_error(many);
  EXPECT_EQ(found.type, "");
  EXPECT_TRUE(found.message.starts_with(R"({"errorType":"A","":0,)"));
}

TEST(FunctionError, IsBoundedAndStaysJson) {
  std::string long_text;
  for (int i = 0; i < 20'000; ++i) long_text += "\xE2\x82\xAC";
  const auto found =
      read_function_error("{\"errorType\":\"" + long_text + "\",\"errorMessage\":\"" + long_text +
                          "\",\"stackTrace\":[\"" + long_text + long_text + "\"]}");
  EXPECT_EQ(found.type.size(), 999U);
  EXPECT_EQ(found.message.size(), 9999U);
  EXPECT_EQ(found.stack_trace_json, "");
  EXPECT_TRUE(json::is_json(found.json()));
}

// A secret that lies across the cut would leave its front behind.
TEST(FunctionError, IsNotCutInsideASecret) {
  const hidden_word hidden;
  const auto long_type = hidden_word::across(max_error_type);
  const auto long_message = hidden_word::across(max_error_message);
  const auto object = read_function_error(R"({"errorType":")" + long_type +
                                          R"(","errorMessage":")" + long_message + R"("})");
  EXPECT_EQ(object.type, hidden_word::cut(max_error_type));
  EXPECT_EQ(object.message, hidden_word::cut(max_error_message));
  const auto text = read_function_error('"' + long_message + '"');
  EXPECT_EQ(text.message, hidden_word::cut(max_error_message));
  const auto other =
      read_function_error(R"({"reason":")" + hidden_word::across(max_error_message - 11) + R"("})");
  EXPECT_EQ(other.message, R"({"reason":")" + hidden_word::cut(max_error_message - 11));
}

TEST(FunctionError, WritesNullForWhatIsNotKnown) {
  EXPECT_EQ(error_object{}.json(),
            R"({"code":null,"type":null,"message":null,"stackTrace":null,"requestId":null,)"
            R"("functionName":null})");
}

}  // namespace
}  // namespace connector::lambda
