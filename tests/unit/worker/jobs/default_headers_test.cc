#include "worker/jobs/default_headers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "worker/jobs/task_headers.h"

namespace worker::jobs {
namespace {

using testing::AllOf;
using testing::HasSubstr;

std::string wrong(std::string_view name, std::string_view value) {
  const std::array all = {&connector::spec_of(connector::operation_id::invoke),
                          &connector::spec_of(connector::operation_id::list_functions)};
  return wrong_default_header(name, value, all).value_or("");
}

TEST(DefaultHeader, ThatATaskCanHaveIsFine) {
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"inputs", "lambda"},
           {"onFunctionError", "fail"},
           {"bpmnErrors", "NOT_FOUND,ValueError"},
           {"bpmnErrors", "*"},
           {"retryBackoff", "PT5S"},
           {"resultExpression", "={a: statusCode > 1, b: 2 in (1, onError = 2)}"},
           {"secrets", "API_TOKEN, payload.token:OTHER"},
           {"atMostOnce", "true"},
           {"region", "eu-west-1"},
           {"functionName", "orders"},
           {"function", "orders"},
           {"timeout", "PT1M"},
           {"maxItems", "20"},
           {"all", "true"},
           {"fields", "functionName,runtime"},
           {"invocationType", "Event"},
           {"payload", "a,region=b"},
           {"clientContext", R"({"custom":{"a":"b,region=c"}})"},
           {"authentication", R"({"type":"default"})"},
           {"authentication", "{{secrets.AUTHENTICATION}}"},
           {"authentication.secretAccessKey", "{{secrets.KEY}}"},
           {"timeout", "{{secrets.TIMEOUT}}"}}) {
    EXPECT_EQ(wrong(name, value), "") << name;
  }
}

TEST(DefaultHeader, MisspeltIsToldWithTheNearName) {
  EXPECT_EQ(wrong("onFunctionEror", "fail"),
            "header 'onFunctionEror' is unknown here: did you mean "
            "onFunctionError?");
  EXPECT_THAT(wrong("department", "x"), AllOf(HasSubstr("Headers and inputs are inputs, "),
                                              HasSubstr("onFunctionError"), HasSubstr("region")));
  EXPECT_NE(wrong("timeout.x", "1"), "");
  EXPECT_NE(wrong("authentication.", "1"), "");
}

TEST(DefaultHeader, OfAnOperationThatKnowsItNotIsWrong) {
  const std::array list = {&connector::spec_of(connector::operation_id::list_functions)};
  EXPECT_TRUE(wrong_default_header("payload", "1", list));
  EXPECT_FALSE(wrong_default_header("maxItems", "1", list));
}

TEST(DefaultHeader, WithAValueThatNoTaskTakesIsWrong) {
  EXPECT_EQ(wrong("onFunctionError", "crash"),
            "header 'onFunctionError' must be one of 'complete', 'bpmnError', 'fail'");
  EXPECT_THAT(wrong("invocationType", "event"), HasSubstr("'RequestResponse', 'Event', 'DryRun'"));
  for (const auto& [name, value] :
       std::initializer_list<std::pair<const char*, const char*>>{{"secrets", "not a name"},
                                                                  {"retryBackoff", "30s"},
                                                                  {"jobTimeout", "PT0S"},
                                                                  {"timeout", "30s"},
                                                                  {"timeout", "PT0S"},
                                                                  {"resultVariable", "my own"},
                                                                  {"resultExpression", "={a: 1"},
                                                                  {"maxItems", "51"},
                                                                  {"maxItems", "0"},
                                                                  {"maxItems", "1e1"},
                                                                  {"all", "yes"},
                                                                  {"region", "US-EAST-1"},
                                                                  {"authentication", "static"},
                                                                  {"clientContext", "[1]"},
                                                                  {"atMostOnce", "yes"},
                                                                  {"logType", "tail"}}) {
    EXPECT_THAT(wrong(name, value), testing::StartsWith("header '" + std::string(name) + "' "));
  }
}

// Counted as absent in a task, so it would do nothing without a word.
TEST(DefaultHeader, WithoutAValueIsWrong) {
  for (const auto& spec : header_table()) {
    EXPECT_THAT(wrong(spec.name, ""), HasSubstr("has no value")) << spec.name;
  }
  EXPECT_THAT(wrong("region", ""), HasSubstr("has no value"));
}

TEST(DefaultHeader, OfOneFieldIsLookedAtLikeTheObject) {
  EXPECT_EQ(wrong("authentication.profile", "billing"),
            "header 'authentication.profile' gives authentication a field 'profile', which it does "
            "not have. Its fields are type, accessKeyId, secretAccessKey, sessionToken, roleArn, "
            "externalId, roleSessionName, durationSeconds, sessionTags, name");
  EXPECT_THAT(wrong("authentication.typ", "none"), HasSubstr("did you mean type?"));
  EXPECT_THAT(wrong("authentication.type", "statik"), HasSubstr("'default', 'static'"));
  EXPECT_THAT(wrong("authentication.type", ""), HasSubstr("has no value"));
  EXPECT_THAT(wrong("authentication", R"({"typ":"static"})"), HasSubstr("did you mean type?"));
  EXPECT_THAT(wrong("authentication", R"({"type":"statik"})"), HasSubstr("'default', 'static'"));
  for (const auto& [name, value] : std::initializer_list<std::pair<const char*, const char*>>{
           {"authentication.type", "static"},
           {"authentication.type", "{{secrets.TYPE}}"},
           {"authentication.durationSeconds", "900"},
           {"authentication.sessionTags.team", "billing, region=b"},
           {"authentication", R"({"type":"assumeRole","durationSeconds":900})"},
           {"clientContext.custom.region", "eu-west-1"},
           {"clientContext.anything", "x"}}) {
    EXPECT_EQ(wrong(name, value), "") << name;
  }
}

TEST(DefaultHeader, EntriesAreNotDividedByCommas) {
  for (const char* name : {"inputs", "bpmnErrors", "region", "secrets", "fields"}) {
    EXPECT_THAT(wrong(name, "lambda, onFunctionError=fail"),
                AllOf(HasSubstr("'onFunctionError='"), HasSubstr("separated by ;")))
        << name;
  }
}

TEST(DefaultHeader, ThatSteersRefersToNoSecret) {
  EXPECT_THAT(wrong("bpmnErrors", "{{secrets.CODES}}"), HasSubstr("no secret"));
  EXPECT_THAT(wrong("bpmnErrors", "secrets.CODES"), HasSubstr("no secret"));
}

}  // namespace
}  // namespace worker::jobs
