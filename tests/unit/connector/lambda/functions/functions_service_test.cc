// Get and delete through the service, and the rules that all three operations have: what goes out,
// what comes of the answers, what is sent again.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "connector/base/json.h"
#include "tests/unit/connector/lambda/functions/functions_fixture.h"

namespace connector::lambda {
namespace {

using http::failure_kind;
using http::request_progress;

const std::string described =
    R"({"Configuration":{"FunctionName":"orders","MemorySize":128,)"
    R"("Environment":{"Variables":{"PASSWORD":"never-passed-on"}}},)"
    R"("Code":{"Location":"https://never-passed-on"},"Tags":{"Team":"A"},)"
    R"("Concurrency":{"ReservedConcurrentExecutions":5}})";

TEST_F(FunctionsService, ReadsAgainWhateverBroke) {
  const std::vector<http::result<http::response>> broken = {
      answer_with(500, "", {{"x-amzn-ErrorType", "ServiceException"}}),
      answer_with(502, "<html>"),
      answer_with(503, ""),
      break_with(failure_kind::read, request_progress::sent),
      break_with(failure_kind::timeout, request_progress::sent),
      answer_with(429, "", {{"x-amzn-ErrorType", "TooManyRequestsException"}}),
  };
  for (const auto& first : broken) {
    client.sent.clear();
    client.answers = {first};
    page("", "null");
    EXPECT_TRUE(list().answered());
    EXPECT_EQ(client.sent.size(), 2U);
  }
}

TEST_F(FunctionsService, SaysThatAReadFailed) {
  client.answers.assign(4, answer_with(503, "", {{"x-amzn-RequestId", "id-1"}}));
  const auto out = list();
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->failure, failure_class::not_started);
  EXPECT_EQ(out.failed()->code, error_code::service_unavailable);
  EXPECT_EQ(out.failed()->message,
            "Listing functions in us-east-1 failed: HTTP 503. Request id id-1. Attempts: 4.");
}

TEST_F(FunctionsService, NamesThePermissionThatIsMissing) {
  const auto denied = answer_with(403, R"({"Message":"User is not authorized"})",
                                  {{"x-amzn-ErrorType", "AccessDeniedException"}});
  client.answers = {denied, denied, denied};
  EXPECT_EQ(list().failed()->message,
            "Listing functions in us-east-1 was refused: AccessDeniedException (HTTP 403): User is "
            "not authorized. Allow lambda:ListFunctions to the caller. Attempts: 1.");
  EXPECT_NE(get().failed()->message.find("Allow lambda:GetFunction to"), std::string::npos);
  EXPECT_NE(remove().failed()->message.find("Allow lambda:DeleteFunction to"), std::string::npos);
}

TEST_F(FunctionsService, GetsAFunction) {
  client.answers = {answer_with(200, described)};
  const auto out = get({{"functionName", "\"orders\""}, {"qualifier", "\"$LATEST\""}});
  EXPECT_EQ(target(), "/2015-03-31/functions/orders?Qualifier=%24LATEST");
  EXPECT_EQ(client.sent[0].request.method, "GET");
  EXPECT_EQ(variable(out, "configuration"),
            R"({"functionName":"orders","memorySize":128,"environmentNames":["PASSWORD"]})");
  EXPECT_EQ(variable(out, "tags"), R"({"Team":"A"})");
  EXPECT_EQ(variable(out, "concurrency"), R"({"reservedConcurrentExecutions":5})");
}

TEST_F(FunctionsService, GetsNullForWhatAFunctionHasNot) {
  client.answers = {answer_with(200, R"({"Configuration":{}})")};
  const auto out = get();
  EXPECT_EQ(variable(out, "configuration"), "{}");
  EXPECT_EQ(variable(out, "tags"), "null");
  EXPECT_EQ(variable(out, "concurrency"), "null");
}

TEST_F(FunctionsService, PassesNoSecretsOnWhateverTheAnswerIs) {
  const std::vector<std::string> bodies = {
      described, described.substr(0, described.size() - 1), "{\"Configuration\":" + described,
      "[" + described + "]", R"({"Configuration":7,"Code":{"Location":"never-passed-on"}})"};
  for (const auto& body : bodies) {
    client.answers = {answer_with(200, body)};
    const auto out = get();
    std::string all;
    if (out.failed()) {
      all = out.failed()->message + out.failed()->aws_error;
    } else {
      for (const auto& field : out.answered()->variables) all += field.value;
      for (const auto& field : out.answered()->details) all += field.value;
    }
    EXPECT_EQ(all.find("never-passed-on"), std::string::npos) << all;
  }
}

TEST_F(FunctionsService, DoesNotGetWhatIsNotThere) {
  client.answers = {answer_with(404, R"({"Message":"Function not found"})",
                                {{"x-amzn-ErrorType", "ResourceNotFoundException"}})};
  const auto out = get();
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::not_found);
  EXPECT_TRUE(out.failed()->message.starts_with("Reading function \"orders\" in us-east-1 was "))
      << out.failed()->message;
}

TEST_F(FunctionsService, Deletes) {
  for (const int status : {200, 204}) {
    client.sent.clear();
    client.answers = {answer_with(status, "")};
    const auto out = remove({{"functionName", "\"orders\""}, {"qualifier", "\"7\""}});
    EXPECT_EQ(variable(out, "deleted"), "true");
    EXPECT_EQ(client.sent[0].request.method, "DELETE");
    EXPECT_EQ(target(), "/2015-03-31/functions/orders?Qualifier=7");
  }
}

TEST_F(FunctionsService, NeedNotDeleteWhatIsNotThere) {
  client.answers = {answer_with(404, R"({"Message":"Function not found"})",
                                {{"x-amzn-ErrorType", "ResourceNotFoundException"}})};
  const auto out = remove();
  EXPECT_EQ(variable(out, "deleted"), "false");
}

TEST_F(FunctionsService, BelievesOnlyLambdaThatItIsNotThere) {
  client.answers = {answer_with(404, "<html>Not Found</html>")};
  const auto out = remove();
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::not_found);
}

TEST_F(FunctionsService, NeverSendsADeletionAgainThatMayHaveHappened) {
  const std::vector<http::result<http::response>> broken = {
      answer_with(500, "", {{"x-amzn-ErrorType", "ServiceException"}}),
      answer_with(503, ""),
      break_with(failure_kind::read, request_progress::sent),
  };
  for (const auto& first : broken) {
    client.sent.clear();
    client.answers = {first, answer_with(204, "")};
    const auto out = remove();
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->failure, failure_class::ambiguous);
    EXPECT_EQ(client.sent.size(), 1U);
    EXPECT_NE(out.failed()->message.find("may have deleted it"), std::string::npos);
    EXPECT_NE(out.failed()->message.find("Look whether the function is still there."),
              std::string::npos)
        << out.failed()->message;
  }
}

TEST_F(FunctionsService, DeletesAgainWhatDidNotArrive) {
  client.answers = {break_with(failure_kind::connect, request_progress::nothing_sent),
                    answer_with(409, "", {{"x-amzn-ErrorType", "ResourceConflictException"}}),
                    answer_with(204, "")};
  EXPECT_EQ(variable(remove(), "deleted"), "true");
  EXPECT_EQ(client.sent.size(), 3U);
}

TEST_F(FunctionsService, TouchesOnlyFunctionsThatTheOperatorAllows) {
  auto lists = std::make_shared<guard>();
  lists->functions.push_back(std::make_shared<allow_list>(std::get<allow_list>(
      allow_list::make(allow_list::about::functions, "ALLOWED_FUNCTIONS", {"orders*"}))));
  for (const auto operation :
       {operation_id::invoke, operation_id::get_function, operation_id::delete_function}) {
    for (const std::string name :
         {"\"billing\"", "\"arn:aws:lambda:us-east-1:123456789012:function:orders-x\"",
          "\"123456789012:orders-x\""}) {
      auto asked = ask(operation, {{"functionName", name}});
      asked.allowed = lists;
      const auto out = run(std::move(asked));
      ASSERT_TRUE(out.failed()) << name;
      EXPECT_EQ(out.failed()->code, error_code::forbidden) << name;
    }
    EXPECT_TRUE(client.sent.empty());
  }
  client.answers = {answer_with(204, "")};
  auto asked = ask(operation_id::delete_function, {{"functionName", "\"orders-x:7\""}});
  asked.allowed = lists;
  EXPECT_TRUE(run(std::move(asked)).answered());
}

TEST_F(FunctionsService, GoesToAnEndpointOfJobDataOnlyWhenItIsAllowed) {
  auto asked = ask(operation_id::list_functions, {{"endpoint", "\"http://127.0.0.1:4566/x\""}});
  const auto refused = run(asked);
  ASSERT_TRUE(refused.failed());
  EXPECT_EQ(refused.failed()->code, error_code::forbidden);
  EXPECT_NE(refused.failed()->message.find("ALLOWED_HOSTS"), std::string::npos);
  auto lists = std::make_shared<guard>();
  lists->hosts.push_back(std::make_shared<allow_list>(std::get<allow_list>(
      allow_list::make(allow_list::about::hosts, "ALLOWED_HOSTS", {"http://127.0.0.1:4566"}))));
  asked.allowed = lists;
  page("", "null");
  EXPECT_TRUE(run(asked).answered());
  EXPECT_EQ(client.sent[0].request.to, (http::destination{false, "127.0.0.1", 4566}));
  EXPECT_EQ(target(), "/x/2015-03-31/functions?MaxItems=50");
}

}  // namespace
}  // namespace connector::lambda
