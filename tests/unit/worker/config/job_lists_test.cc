#include "worker/config/job_lists.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace worker::config {
namespace {

using connector::operation_id;

TEST(ServedTypes, AreTypeAndOperation) {
  std::vector<served_type> types;
  EXPECT_FALSE(
      read_served_types({"billing.INVOKE=invoke", "io.camunda:aws-lambda:1 = invoke"}, types));
  EXPECT_EQ(types, (std::vector<served_type>{{"billing.INVOKE", operation_id::invoke},
                                             {"io.camunda:aws-lambda:1", operation_id::invoke}}));
}

TEST(ServedTypes, MayBeADefaultTypeAlone) {
  std::vector<served_type> types;
  EXPECT_FALSE(read_served_types({"lambdaConnector.INVOKE"}, types));
  EXPECT_EQ(types, (std::vector<served_type>{{"lambdaConnector.INVOKE", operation_id::invoke}}));
}

TEST(ServedTypes, RefuseWhatIsUnknownDoubleOrEmpty) {
  std::vector<served_type> types;
  EXPECT_NE(read_served_types({"billing.INVOKE"}, types).value().find("billing.INVOKE"),
            std::string::npos);
  EXPECT_NE(read_served_types({"a=call"}, types).value().find("invoke"), std::string::npos);
  EXPECT_TRUE(read_served_types({"=invoke"}, types));
  EXPECT_TRUE(read_served_types({}, types));
  types.clear();
  EXPECT_NE(read_served_types({"a=invoke", "a=invoke"}, types).value().find("twice"),
            std::string::npos);
}

TEST(ServedTypes, AreInvokeByDefault) {
  EXPECT_EQ(default_served_types({}).find("lambdaConnector.INVOKE=invoke"), 0U);
}

TEST(Leases, AreForAllTypesOrOne) {
  job_settings jobs;
  EXPECT_EQ(lease_of(jobs, "a"), jobs::lease_mode::off);
  EXPECT_FALSE(read_leases({"offered", "io.camunda:aws-lambda:1 = required", "b=off"}, jobs));
  EXPECT_EQ(lease_of(jobs, "a"), jobs::lease_mode::offered);
  EXPECT_EQ(lease_of(jobs, "b"), jobs::lease_mode::off);
  EXPECT_EQ(lease_of(jobs, "io.camunda:aws-lambda:1"), jobs::lease_mode::required);
}

TEST(Leases, MayBeTheWordsOfTheSpringRuntime) {
  job_settings jobs;
  EXPECT_FALSE(read_leases({"true"}, jobs));
  EXPECT_EQ(jobs.lease, jobs::lease_mode::required);
  EXPECT_FALSE(read_leases({"false"}, jobs));
  EXPECT_EQ(jobs.lease, jobs::lease_mode::off);
}

TEST(Leases, RefuseUnknownModesAndTypes) {
  const std::vector<std::vector<std::string>> all = {
      {"on"}, {"=off"}, {"a=always"}, {"off", "offered"}, {"a=off", "a=required"}, {"other=off"}};
  for (const auto& wrong : all) {
    job_settings jobs;
    jobs.types = {{"a", operation_id::invoke}};
    EXPECT_TRUE(read_leases(wrong, jobs)) << wrong.back();
  }
}

TEST(DefaultHeaders, AreForAllTypesOrOne) {
  std::vector<default_header> headers;
  EXPECT_FALSE(read_default_headers(
      {"onError=complete", "io.camunda:aws-lambda:1:retryBackoff = PT5S", "x:bpmnErrors=A=B,C"},
      headers));
  EXPECT_EQ(headers,
            (std::vector<default_header>{{"", "onError", "complete"},
                                         {"io.camunda:aws-lambda:1", "retryBackoff", "PT5S"},
                                         {"x", "bpmnErrors", "A=B,C"}}));
}

TEST(DefaultHeaders, KeepColonsInValues) {
  std::vector<default_header> headers;
  EXPECT_FALSE(read_default_headers({"endpoint=https://host:1"}, headers));
  EXPECT_EQ(headers.front(), (default_header{"", "endpoint", "https://host:1"}));
}

TEST(DefaultHeaders, RefuseWhatIsNoHeaderOrStandsTwice) {
  for (const auto* item : {"onError", "=x", ":onError=x", "type:=x", "a b=x"}) {
    std::vector<default_header> headers;
    EXPECT_TRUE(read_default_headers({item}, headers)) << item;
  }
  std::vector<default_header> headers;
  EXPECT_NE(read_default_headers({"a=1", "a=2"}, headers).value().find("twice"), std::string::npos);
}

TEST(DefaultHeaders, ThatCannotBeReadAreNamedByTheirNumber) {
  for (const auto* item : {"authentication.secretAccessKey: wJalrXUtnFEMI", "wJalrXUtnFEMI-rest",
                           R"(authentication:{"secretAccessKey":"wJalrXUtnFEMI="})"}) {
    std::vector<default_header> headers;
    const auto told = read_default_headers({"onError=complete", item}, headers).value();
    EXPECT_THAT(told, testing::EndsWith("what is wrong is entry 2"));
    EXPECT_THAT(told, testing::Not(testing::HasSubstr("wJal")));
  }
}

TEST(DefaultHeaders, OfATypeWinOverThoseOfAll) {
  job_settings jobs;
  jobs.default_headers = {{"x", "onError", "fail"}, {"", "onError", "complete"}, {"", "a", "1"}};
  EXPECT_EQ(default_headers_of(jobs, "x"),
            (std::map<std::string, std::string>{{"onError", "fail"}, {"a", "1"}}));
  EXPECT_EQ(default_headers_of(jobs, "y"),
            (std::map<std::string, std::string>{{"onError", "complete"}, {"a", "1"}}));
}

TEST(ActiveOfType, TypesAreServedOnesAndNumbersInBounds) {
  const std::vector<served_type> types = {{"a:1", connector::operation_id::invoke}};
  std::map<std::string, int> active;
  EXPECT_FALSE(read_active_of_type({" a:1 = 5 "}, types, active));
  EXPECT_EQ(active.at("a:1"), 5);
  for (const char* wrong : {"a:1", "a:1=", "a:1=0", "a:1=-1", "a:1=10001", "a:1=2x", "b=2"}) {
    std::map<std::string, int> none;
    EXPECT_TRUE(read_active_of_type({wrong}, types, none)) << wrong;
  }
  EXPECT_TRUE(read_active_of_type({"a:1=2"}, types, active)) << "twice";
}

}  // namespace
}  // namespace worker::config
