#include "connector/guard.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace connector {
namespace {

using about = allow_list::about;
using testing::HasSubstr;
using testing::Not;

guard guarded(about subject, const std::vector<std::vector<std::string>>& lists) {
  guard by;
  int number = 0;
  for (const auto& patterns : lists) {
    auto list = std::make_shared<const allow_list>(std::get<allow_list>(
        allow_list::make(subject, "LIST_" + std::to_string(++number), patterns)));
    auto& into = subject == about::functions ? by.functions
                 : subject == about::hosts   ? by.hosts
                 : subject == about::roles   ? by.roles
                                             : by.profiles;
    into.push_back(std::move(list));
  }
  return by;
}

TEST(Guard, WithoutListsOnlyFunctionsAreFree) {
  const guard none;
  EXPECT_TRUE(check_function(none, named("anything")));
  EXPECT_FALSE(check_host(none, {}, "the endpoint"));
  EXPECT_FALSE(check_role(none, "arn:aws:iam::111111111111:role/x"));
  EXPECT_FALSE(check_profile(none, "billing"));
}

TEST(Guard, RefusalSaysWhatOfWhichFunctionByWhichListAndWhomToAsk) {
  const guard none;
  EXPECT_EQ(check_host(none, {true, "evil.example", 443}, "the endpoint", "orders").error().message,
            "The host of the endpoint for function \"orders\" is refused: this worker "
            "allows no hosts (ALLOWED_HOSTS is not set). Ask the operator of this worker.");
  EXPECT_EQ(
      check_role(none, "arn:aws:iam::1:role/x", "orders").error().message,
      "Role arn:aws:iam::1:role/x (authentication.roleArn) for function \"orders\" is refused: "
      "this worker allows no roles (ALLOWED_ROLE_ARNS is not set). Ask the operator of this "
      "worker.");
  EXPECT_EQ(
      check_profile(none, "billing").error().message,
      "Credential profile \"billing\" (authentication.name) is refused: this worker allows no "
      "credential profiles (ALLOWED_PROFILES is not set). Ask the operator of this worker.");
  EXPECT_EQ(
      check_function(guarded(about::functions, {{"a"}}), named("orders")).error().message,
      "Function \"orders\" is refused: it is not on the allow-list LIST_1. Ask the operator of "
      "this worker.");
}

TEST(Guard, ARefusalNamesTheListsThatAreForOtherJobs) {
  guard by;
  by.others.profiles = {"guards.rules[1].allowedProfiles"};
  EXPECT_THAT(check_profile(by, "billing").error().message,
              testing::AllOf(HasSubstr("ALLOWED_PROFILES is not set"),
                             HasSubstr("other job types, tenants or processes"),
                             HasSubstr("guards.rules[1].allowedProfiles")));
}

TEST(Guard, AnArnOfAFunctionWhosePlainNameIsListedIsExplained) {
  const auto by = guarded(about::functions, {{"orders"}});
  guarded_function arn = named("orders");
  arn.partition = "aws";
  arn.region = "eu-central-1";
  arn.account = "111111111111";
  EXPECT_THAT(check_function(by, arn).error().message, HasSubstr("The list has its plain name"));
  arn.name = "others";
  EXPECT_THAT(check_function(by, arn).error().message, Not(HasSubstr("plain name")));
}

TEST(Guard, EveryListMustAllow) {
  const auto by = guarded(about::functions, {{"orders-*"}, {"*-create"}});
  EXPECT_TRUE(check_function(by, named("orders-create")));
  EXPECT_FALSE(check_function(by, named("orders-delete")));
  EXPECT_FALSE(check_function(by, named("billing-create")));
}

TEST(Guard, AnEmptyListAllowsNothing) {
  EXPECT_FALSE(check_function(guarded(about::functions, {{}}), named("orders")));
  EXPECT_FALSE(check_profile(guarded(about::names, {{}}), "billing"));
}

TEST(Guard, RefusalIsForGoodAndNamesTheListButNotItsContent) {
  const auto by = guarded(about::functions, {{"billing-secret-*"}});
  const auto refused = check_function(by, named("orders"));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::forbidden);
  EXPECT_EQ(refused.error().failure, failure_class::permanent);
  EXPECT_THAT(refused.error().message, HasSubstr("LIST_1"));
  EXPECT_THAT(refused.error().message, Not(HasSubstr("billing")));
}

TEST(Guard, ProfilesAreMatchedByName) {
  const auto by = guarded(about::names, {{"billing", "orders-*"}});
  EXPECT_TRUE(check_profile(by, "billing"));
  EXPECT_TRUE(check_profile(by, "orders-eu"));
  EXPECT_FALSE(check_profile(by, "billing2"));
}

}  // namespace
}  // namespace connector
