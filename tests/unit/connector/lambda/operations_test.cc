#include "connector/operations.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "connector/lambda/prepare.h"
#include "connector/near_names.h"

namespace connector {
namespace {

TEST(Operations, AreFoundByName) {
  ASSERT_NE(find_operation("invoke"), nullptr);
  EXPECT_EQ(find_operation("invoke")->id, operation_id::invoke);
  EXPECT_EQ(find_operation("INVOKE"), nullptr);
  EXPECT_EQ(find_operation(""), nullptr);
  EXPECT_EQ(&spec_of(operation_id::invoke), find_operation("invoke"));
}

TEST(Operations, AreServedUnderTheirJobTypes) {
  const std::vector<std::tuple<std::string_view, std::string_view, bool>> expected = {
      {"invoke", "lambdaConnector.INVOKE", true},
      {"list", "lambdaConnector.LIST_FUNCTIONS", true},
      {"get", "lambdaConnector.GET_FUNCTION", true},
      {"delete", "lambdaConnector.DELETE_FUNCTION", false},
      {"getExecution", "lambdaConnector.GET_EXECUTION", false},
      {"sendCallback", "lambdaConnector.SEND_CALLBACK", false},
  };
  std::vector<std::tuple<std::string_view, std::string_view, bool>> found;
  for (const auto& each : operations()) {
    found.emplace_back(each.name, each.default_job_type, each.served_by_default);
    EXPECT_EQ(&spec_of(each.id), &each);
  }
  EXPECT_EQ(found, expected);
}

std::vector<std::string_view> inputs_of(operation_id operation) {
  std::vector<std::string_view> names;
  for (const auto& input : spec_of(operation).inputs) {
    EXPECT_FALSE(input.text.empty()) << input.name;
    EXPECT_GT(input.most, 0U) << input.name;
    EXPECT_EQ(input.required, input.name == "functionName") << input.name;
    names.push_back(input.name);
  }
  return names;
}

std::vector<std::string_view> outputs_of(operation_id operation) {
  std::vector<std::string_view> names;
  for (const auto& output : spec_of(operation).outputs) names.push_back(output.name);
  return names;
}

using list = std::vector<std::string_view>;

TEST(Operations, HaveTheirInputsAndOutputs) {
  EXPECT_EQ(inputs_of(operation_id::list_functions),
            (list{"marker", "maxItems", "all", "fields", "region", "endpoint", "timeout",
                  "authentication"}));
  const list one_function = {"functionName", "qualifier", "region",
                             "endpoint",     "timeout",   "authentication"};
  EXPECT_EQ(inputs_of(operation_id::get_function), one_function);
  EXPECT_EQ(inputs_of(operation_id::delete_function), one_function);
  EXPECT_EQ(outputs_of(operation_id::invoke),
            (list{"statusCode", "executedVersion", "payload", "log"}));
  EXPECT_EQ(outputs_of(operation_id::list_functions), (list{"functions", "nextMarker"}));
  EXPECT_EQ(outputs_of(operation_id::get_function), (list{"configuration", "tags", "concurrency"}));
  EXPECT_EQ(outputs_of(operation_id::delete_function), (list{"deleted"}));
}

TEST(InvokeInputs, AreThoseOfTheContract) {
  std::vector<std::string_view> names;
  for (const auto& input : spec_of(operation_id::invoke).inputs) {
    names.push_back(input.name);
    EXPECT_FALSE(input.text.empty()) << input.name;
    EXPECT_GT(input.most, 0U) << input.name;
    EXPECT_EQ(input.required, input.name == "functionName") << input.name;
    EXPECT_EQ(find_input(spec_of(operation_id::invoke), input.name), &input);
  }
  EXPECT_EQ(names,
            (std::vector<std::string_view>{
                "functionName", "payload", "payloadFormat", "qualifier", "invocationType",
                "logType", "clientContext", "functionTenantId", "durableExecutionName",
                "traceparent", "traceHeader", "region", "endpoint", "timeout", "authentication"}));
  EXPECT_EQ(find_input(spec_of(operation_id::invoke), "functionname"), nullptr);
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

TEST(Operations, EachIsPreparedByOneFunctionAndHasItsPhrases) {
  for (const auto& spec : operations()) {
    const auto prepared = std::count_if(lambda::preparations.begin(), lambda::preparations.end(),
                                        [&](const auto& one) { return one.first == spec.id; });
    EXPECT_EQ(prepared, 1) << spec.name;
    EXPECT_FALSE(spec.phrases.doing.empty()) << spec.name;
    EXPECT_FALSE(spec.phrases.not_done.empty()) << spec.name;
    EXPECT_FALSE(spec.permission.statement.empty()) << spec.name;
    EXPECT_FALSE(spec.permission.actions.empty()) << spec.name;
    for (const auto action : spec.permission.actions) {
      EXPECT_TRUE(action.starts_with("lambda:")) << spec.name;
    }
  }
  EXPECT_EQ(lambda::preparations.size(), operations().size());
  EXPECT_EQ(operation_names(), "invoke, list, get, delete, getExecution, sendCallback");
}

}  // namespace
}  // namespace connector
