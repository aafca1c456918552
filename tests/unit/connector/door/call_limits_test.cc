// Which calls a limit of the operator fits, and which of them count as one.
#include "connector/call_limits.h"

#include <gtest/gtest.h>

#include <string>
#include <variant>

namespace connector {
namespace {

limited_target function(const std::string& name, const std::string& account = "",
                        const std::string& qualifier = "") {
  guarded_function made;
  made.name = name;
  made.qualifier = qualifier;
  made.partition = "aws";
  made.region = "eu-central-1";
  made.account = account;
  return made;
}

limited_target url(const std::string& host) { return guarded_host{true, host, 443}; }

call_limit limit(const std::string& pattern) {
  auto made = call_limit::make(pattern, {});
  if (const auto* wrong = std::get_if<std::string>(&made)) ADD_FAILURE() << *wrong;
  return std::get<call_limit>(std::move(made));
}

const std::string our_account = "111111111111";
const std::string others = "222222222222";
const std::string arn_of_ours = "arn:aws:lambda:eu-central-1:111111111111:function:orders";

struct fit_row {
  std::string pattern;
  limited_target target;
  bool fits;
};

TEST(CallLimits, FitEveryWayInWhichACallNamesTheFunction) {
  const fit_row rows[] = {
      {"orders", function("orders"), true},
      {"orders", function("orders", "", "PROD"), true},
      {"orders", function("orders", our_account), true},
      {"orders", function("orders", our_account, "7"), true},
      {"orders", function("orders-2"), false},
      {"orders-*", function("orders-2", others), true},
      {"*", function("anything", our_account, "7"), true},
      // Its account is not known, so it may be that one.
      {arn_of_ours, function("orders"), true},
      {arn_of_ours, function("orders", our_account, "PROD"), true},
      {arn_of_ours, function("orders", others), false},
      {arn_of_ours, function("billing"), false},
      {arn_of_ours + ":PROD", function("orders", "", "PROD"), true},
      {arn_of_ours + ":PROD", function("orders", our_account), false},
      {"arn:aws:lambda:eu-west-1:*:function:orders", function("orders"), false},
      {"https://abc.lambda-url.eu-central-1.on.aws", url("abc.lambda-url.eu-central-1.on.aws"),
       true},
      {"https://abc.lambda-url.eu-central-1.on.aws", url("abd.lambda-url.eu-central-1.on.aws"),
       false},
      {"https://*.lambda-url.eu-central-1.on.aws", url("abd.lambda-url.eu-central-1.on.aws"), true},
      {"*", url("abc.lambda-url.eu-central-1.on.aws"), false},
      {"https://orders", function("orders"), false},
  };
  for (const auto& row : rows) {
    EXPECT_EQ(limit(row.pattern).fits(row.target), row.fits)
        << row.pattern << " and " << counted_as(row.target);
  }
}

TEST(CallLimits, AFunctionIsOneUnderAllItsNames) {
  const auto one = counted_as(function("orders"));
  EXPECT_EQ(counted_as(function("orders", "", "PROD")), one);
  EXPECT_EQ(counted_as(function("orders", our_account)), one);
  EXPECT_EQ(counted_as(function("orders", our_account, "7")), one);
  EXPECT_NE(counted_as(function("billing")), one);
  guarded_function elsewhere = std::get<guarded_function>(function("orders"));
  elsewhere.region = "us-east-1";
  EXPECT_NE(counted_as(elsewhere), one);
  EXPECT_EQ(counted_as(url("abc.on.aws")), "abc.on.aws:443");
}

TEST(CallLimits, PatternsAreCheckedAsThoseOfTheGuards) {
  for (const auto* wrong : {"", "a b", "orders/x", "arn:aws:lambda:eu-central-1", "https://a/b"}) {
    EXPECT_TRUE(std::holds_alternative<std::string>(call_limit::make(wrong, {}))) << wrong;
  }
}

TEST(CallLimits, BoundsAreAText) {
  EXPECT_EQ(text_of(call_bounds{1, std::nullopt, false}), "1 call at once");
  EXPECT_EQ(text_of(call_bounds{5, 0.5, true}), "paused, 5 calls at once, 0.5 a second");
  EXPECT_EQ(text_of(call_bounds{}), "");
}

}  // namespace
}  // namespace connector
