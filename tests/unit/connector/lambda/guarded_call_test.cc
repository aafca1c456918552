// What the operator's lists do to a call before anything is sent, and where its request goes then.
#include <gmock/gmock.h>

#include "connector/aws/service_endpoint.h"
#include "tests/unit/connector/lambda/service_fixture.h"

namespace connector::lambda {
namespace {

using about = allow_list::about;
using testing::HasSubstr;

class GuardedCall : public service_fixture {
 protected:
  static std::shared_ptr<const allow_list> list(about subject,
                                                const std::vector<std::string>& all) {
    return std::make_shared<const allow_list>(
        std::get<allow_list>(allow_list::make(subject, "THE_LIST", all)));
  }
  call guarded(std::vector<input_value> inputs, guard by) {
    client.answers.push_back(answer_with(200, "1"));
    auto asked = with(std::move(inputs));
    asked.allowed = std::make_shared<const guard>(std::move(by));
    return asked;
  }
  void expect_refused(const outcome& out, const std::string& why) {
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->code, error_code::forbidden);
    EXPECT_EQ(out.failed()->failure, failure_class::permanent);
    EXPECT_THAT(out.failed()->message, HasSubstr(why));
    EXPECT_TRUE(client.sent.empty());
    EXPECT_TRUE(credentials.asked.empty());
    EXPECT_FALSE(out.sent);
  }
};

TEST_F(GuardedCall, FunctionsAreMatchedByPlainNameOrWholeArn) {
  guard by;
  by.functions = {list(about::functions, {"*orders-*"})};
  expect_refused(
      run(guarded({{"functionName", "\"arn:aws:lambda:us-east-1:999999999999:function:orders-x\""}},
                  by)),
      "THE_LIST");
  expect_refused(run(guarded({{"functionName", "\"999999999999:function:orders-x\""}}, by)),
                 "THE_LIST");
  client.answers.clear();
  EXPECT_TRUE(run(guarded({{"functionName", "\"orders-x:prod\""}}, by)).answered());
  EXPECT_TRUE(run(guarded({{"functionName", "\"function:orders-x\""}}, by)).answered());
}

TEST_F(GuardedCall, PartialArnsAreCompletedForTheMatch) {
  guard by;
  by.functions = {list(about::functions, {"arn:aws:lambda:us-east-1:111111111111:function:a"})};
  EXPECT_TRUE(run(guarded({{"functionName", "\"111111111111:function:a\""}}, by)).answered());
  EXPECT_TRUE(run(guarded({{"functionName", "\"111111111111:a:7\""}}, by)).answered());
  client.sent.clear();
  credentials.asked.clear();
  expect_refused(
      run(guarded({{"functionName", "\"111111111111:function:a\""}, {"region", "\"eu-west-1\""}},
                  by)),
      "THE_LIST");
}

TEST_F(GuardedCall, RolesNeedAList) {
  const std::vector<input_value> inputs = {
      {"functionName", "\"f\""},
      {"authentication",
       R"({"type":"assumeRole","roleArn":"arn:aws:iam::111111111111:role/orders"})"}};
  expect_refused(run(guarded(inputs, {})), "ALLOWED_ROLE_ARNS");
  guard by;
  by.roles = {list(about::roles, {"arn:aws:iam::222222222222:role/*"})};
  expect_refused(run(guarded(inputs, by)), "THE_LIST");
  by.roles = {list(about::roles, {"arn:aws:iam::111111111111:role/*"})};
  client.answers.clear();
  EXPECT_TRUE(run(guarded(inputs, by)).answered());
  ASSERT_EQ(credentials.asked.size(), 1U);
  EXPECT_TRUE(credentials.asked[0].role);
}

TEST_F(GuardedCall, ProfilesNeedAList) {
  const std::vector<input_value> inputs = {
      {"functionName", "\"f\""}, {"authentication", R"({"type":"profile","name":"billing"})"}};
  expect_refused(run(guarded(inputs, {})), "ALLOWED_PROFILES");
  guard by;
  by.profiles = {list(about::names, {"billing"})};
  client.answers.clear();
  EXPECT_TRUE(run(guarded(inputs, by)).answered());
  ASSERT_EQ(credentials.asked.size(), 1U);
  EXPECT_EQ(credentials.asked[0].profile, "billing");
}

TEST_F(GuardedCall, EndpointsNeedAListAndAreCalledAsAllowed) {
  const std::vector<input_value> inputs = {{"functionName", "\"f\""},
                                           {"endpoint", "\"https://vpce-1.example:8443/x\""}};
  expect_refused(run(guarded(inputs, {})), "ALLOWED_HOSTS");
  guard by;
  by.hosts = {list(about::hosts, {"vpce-1.example"})};
  expect_refused(run(guarded(inputs, by)), "THE_LIST");
  by.hosts = {list(about::hosts, {"*.example:8443"})};
  client.answers.clear();
  EXPECT_TRUE(run(guarded(inputs, by)).answered());
  EXPECT_EQ(client.sent[0].request.to, (http::destination{true, "vpce-1.example", 8443}));
}

TEST_F(GuardedCall, GoesWhereTheOperatorsChoicesSay) {
  aws::endpoint_choices choices;
  choices.fips = true;
  how.endpoint_of = [choices](std::string_view region) {
    return aws::service_endpoint("lambda", region, choices);
  };
  EXPECT_TRUE(
      run(guarded({{"functionName", "\"f\""}, {"region", "\"us-west-2\""}}, {})).answered());
  EXPECT_EQ(client.sent[0].request.to.host, "lambda-fips.us-west-2.amazonaws.com");
  EXPECT_THAT(header(client.sent[0].request, "Authorization"), HasSubstr("/us-west-2/lambda/"));
}

}  // namespace
}  // namespace connector::lambda
