// List through the service: pages, markers, bounds, wrong inputs and answers.
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

#include "connector/base/json.h"
#include "tests/unit/connector/lambda/functions/functions_fixture.h"

namespace connector::lambda {
namespace {

TEST_F(FunctionsService, ListsOnePage) {
  page(R"({"FunctionName":"a","FunctionArn":"arn:a","Runtime":"nodejs24.x","Version":"$LATEST",)"
       R"("Description":"","LastModified":"2026","MemorySize":128,)"
       R"("Environment":{"Variables":{"K":"never-passed-on"}}})",
       "\"a+b/c=\"");
  const auto out = list();
  EXPECT_EQ(variable(out, "functions"),
            R"([{"functionName":"a","functionArn":"arn:a","runtime":"nodejs24.x",)"
            R"("version":"$LATEST","description":"","lastModified":"2026"}])");
  EXPECT_EQ(variable(out, "nextMarker"), "\"a+b/c=\"");
  ASSERT_EQ(client.sent.size(), 1U);
  EXPECT_EQ(client.sent[0].request.method, "GET");
  EXPECT_EQ(target(), "/2015-03-31/functions?MaxItems=50");
  EXPECT_EQ(client.sent[0].request.body, "");
  EXPECT_NE(header(client.sent[0].request, "Authorization").find("/lambda/aws4_request"),
            std::string::npos);
}

TEST_F(FunctionsService, GoesOnAtAMarker) {
  page("", "null");
  const auto out = list({{"marker", "\"a+b/c=\""}, {"maxItems", "7"}});
  EXPECT_EQ(target(), "/2015-03-31/functions?MaxItems=7&Marker=a%2Bb%2Fc%3D");
  EXPECT_EQ(variable(out, "functions"), "[]");
  EXPECT_EQ(variable(out, "nextMarker"), "null");
}

TEST_F(FunctionsService, FollowsAllPages) {
  page(R"({"FunctionName":"a"})", "\"1\"");
  page("", "\"2\"");
  page(R"({"FunctionName":"b"},{"FunctionName":"c"})", "\"\"");
  const auto out = list({{"all", "true"}, {"fields", "[\"functionName\"]"}});
  EXPECT_EQ(variable(out, "functions"),
            R"([{"functionName":"a"},{"functionName":"b"},{"functionName":"c"}])");
  EXPECT_EQ(variable(out, "nextMarker"), "null");
  EXPECT_EQ(target(2), "/2015-03-31/functions?MaxItems=50&Marker=2");
  EXPECT_EQ(out.attempts, 3);
}

TEST_F(FunctionsService, StopsBeforeTheSizeLimit) {
  how.list_bytes = 60;
  const std::string one = R"({"FunctionName":"0123456789"})";  // 29 bytes
  page(one, "\"1\"");
  page(one, "\"2\"");
  page(one, "\"3\"");
  page(one, "null");
  const auto out = list({{"all", "true"}, {"fields", "\"functionName\""}});
  EXPECT_EQ(variable(out, "functions"),
            R"([{"functionName":"0123456789"},{"functionName":"0123456789"}])");
  // The third page was read, did not fit, and is the one to go on with.
  EXPECT_EQ(variable(out, "nextMarker"), "\"2\"");
  EXPECT_EQ(client.sent.size(), 3U);
}

TEST_F(FunctionsService, GivesTheFirstPageWhateverItsSize) {
  how.list_bytes = 1;
  page(R"({"FunctionName":"0123456789"})", "\"1\"");
  page(R"({"FunctionName":"x"})", "null");
  const auto out = list({{"all", "true"}, {"fields", "\"functionName\""}});
  EXPECT_EQ(variable(out, "functions"), R"([{"functionName":"0123456789"}])");
  EXPECT_EQ(variable(out, "nextMarker"), "\"1\"");
}

TEST_F(FunctionsService, DoesNotTurnInACircle) {
  page(R"({"FunctionName":"a"})", "\"1\"");
  page(R"({"FunctionName":"b"})", "\"1\"");
  const auto out = list({{"all", "true"}, {"fields", "\"functionName\""}});
  EXPECT_EQ(client.sent.size(), 2U);
  EXPECT_EQ(variable(out, "nextMarker"), "\"1\"");
}

TEST_F(FunctionsService, TakesInputsFromHeadersToo) {
  page("", "null");
  list({{"maxItems", "\"9\""}, {"all", "\"true\""}, {"fields", "\"version, runtime\""}});
  EXPECT_EQ(target(), "/2015-03-31/functions?MaxItems=9");
}

TEST_F(FunctionsService, RefusesWrongInputs) {
  const std::vector<std::pair<named, std::string>> wrong = {
      {{{"maxItems", "0"}}, "maxItems: must be a whole number from 1 to 50"},
      {{{"maxItems", "51"}}, "maxItems: must be a whole number from 1 to 50"},
      {{{"maxItems", "1.5"}}, "maxItems: must be a whole number from 1 to 50"},
      {{{"all", "\"yes\""}}, "all: must be true or false"},
      {{{"fields", "7"}}, "fields: must be a list of strings, or names separated by commas"},
      {{{"fields", "[7]"}}, "fields: must be a list of strings, or names separated by commas"},
      {{{"fields", "\"runtme\""}}, "fields: runtme: there is no such input; is runtime meant?"},
      {{{"fields", "\"environment\""}},
       "fields: environment is not given, its values are secrets; its names are, as "
       "environmentNames"},
      {{{"functionName", "\"x\""}}, "functionName: there is no such input"},
      {{{"authentication", R"({"type":"none"})"}},
       "authentication.type: none is for function URLs: calls of the API are always signed; take "
       "another type"},
  };
  for (const auto& [inputs, message] : wrong) {
    const auto out = list(inputs);
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->code, error_code::invalid_input);
    EXPECT_EQ(out.failed()->message, message);
  }
  EXPECT_TRUE(client.sent.empty());
}

// Reads may be asked again after anything but a refusal.
TEST_F(FunctionsService, EveryPageHasItsOwnAttempts) {
  for (int i = 0; i < 3; ++i) {
    for (int k = 0; k < 3; ++k) client.answers.push_back(answer_with(503, ""));
    page("", i < 2 ? "\"" + std::to_string(i) + "\"" : "null");
  }
  const auto out = list({{"all", "true"}});
  EXPECT_TRUE(out.answered());
  EXPECT_EQ(out.attempts, 12);
}

TEST_F(FunctionsService, RefusesAnAnswerThatIsNoList) {
  for (const std::string body : {"", "<html>", "[]", "{}", R"({"Functions":7})",
                                 R"({"Functions":[7]})", R"({"Functions":[],"NextMarker":7})"}) {
    client.answers = {answer_with(200, body)};
    const auto out = list();
    ASSERT_TRUE(out.failed()) << body;
    EXPECT_EQ(out.failed()->code, error_code::service_error) << body;
    EXPECT_NE(out.failed()->message.find("Check that the endpoint is Lambda."), std::string::npos);
  }
}

}  // namespace
}  // namespace connector::lambda
