#include "connector/operations.h"

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

namespace connector {
namespace {

TEST(Operations, AreFoundByName) {
  ASSERT_NE(find_operation("invoke"), nullptr);
  EXPECT_EQ(find_operation("invoke")->what, operation::invoke);
  EXPECT_EQ(find_operation("INVOKE"), nullptr);
  EXPECT_EQ(find_operation(""), nullptr);
  EXPECT_EQ(&spec_of(operation::invoke), find_operation("invoke"));
}

TEST(Operations, OfThisVersionAreInvokeAlone) {
  ASSERT_EQ(operations().size(), 1U);
  EXPECT_EQ(operations()[0].default_job_type, "lambdaConnector.INVOKE");
  EXPECT_TRUE(operations()[0].served_by_default);
  EXPECT_THROW(spec_of(operation::delete_function), std::logic_error);
}

TEST(InvokeInputs, AreThoseOfTheContract) {
  std::vector<std::string_view> names;
  for (const auto& input : spec_of(operation::invoke).inputs) {
    names.push_back(input.name);
    EXPECT_FALSE(input.text.empty()) << input.name;
    EXPECT_GT(input.most, 0U) << input.name;
    EXPECT_EQ(input.required, input.name == "functionName") << input.name;
    EXPECT_EQ(find_input(spec_of(operation::invoke), input.name), &input);
  }
  EXPECT_EQ(names,
            (std::vector<std::string_view>{
                "functionName", "payload", "payloadFormat", "qualifier", "invocationType",
                "logType", "clientContext", "functionTenantId", "durableExecutionName",
                "traceparent", "traceHeader", "region", "endpoint", "timeout", "authentication"}));
  EXPECT_EQ(find_input(spec_of(operation::invoke), "functionname"), nullptr);
}

TEST(Nearest, FindsTypingErrors) {
  const std::vector<std::string_view> known = {"functionName", "payload", "qualifier", "region"};
  EXPECT_EQ(nearest("functionname", known), "functionName");
  EXPECT_EQ(nearest("FUNCTION_NAME", known), "functionName");
  EXPECT_EQ(nearest("paylod", known), "payload");
  EXPECT_EQ(nearest("qualifer", known), "qualifier");
  EXPECT_EQ(nearest("reigon", known), "region");
}

TEST(Nearest, IsNothingWhenNoneIsNear) {
  const std::vector<std::string_view> known = {"functionName", "payload", "x"};
  EXPECT_EQ(nearest("customerId", known), std::nullopt);
  EXPECT_EQ(nearest("", known), std::nullopt);
  EXPECT_EQ(nearest("y", known), std::nullopt);
  EXPECT_EQ(nearest(std::string(1'000'000, 'f'), known), std::nullopt);
  EXPECT_EQ(nearest("payload", {}), std::nullopt);
}

}  // namespace
}  // namespace connector
