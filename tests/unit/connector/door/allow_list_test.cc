#include "connector/allow_list.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/glob.h"

namespace connector {
namespace {

using about = allow_list::about;
using testing::HasSubstr;

allow_list list_of(about subject, const std::vector<std::string>& patterns) {
  auto made = allow_list::make(subject, "THE_LIST", patterns);
  if (const auto* wrong = std::get_if<std::string>(&made)) {
    ADD_FAILURE() << *wrong;
    made = allow_list::make(subject, "THE_LIST", {});
  }
  return std::get<allow_list>(std::move(made));
}

std::string complaint(about subject, const std::string& pattern) {
  const auto made = allow_list::make(subject, "THE_LIST", {pattern});
  const auto* wrong = std::get_if<std::string>(&made);
  return wrong == nullptr ? "" : *wrong;
}

guarded_function named(const std::string& name, const std::string& qualifier = "") {
  guarded_function function;
  function.name = name;
  function.qualifier = qualifier;
  return function;
}

guarded_function arn(const std::string& account, const std::string& name,
                     const std::string& qualifier = "") {
  return {name, qualifier, "aws", "eu-central-1", account};
}

bool allows(const std::string& pattern, const guarded_function& function) {
  return list_of(about::functions, {pattern}).allows(function);
}

bool allows_host(const std::string& pattern, const guarded_host& host) {
  return list_of(about::hosts, {pattern}).allows(host);
}

TEST(Glob, MatchesTheWholeText) {
  EXPECT_TRUE(glob("orders", "orders"));
  EXPECT_FALSE(glob("orders", "orders2"));
  EXPECT_FALSE(glob("orders", "my-orders"));
  EXPECT_TRUE(glob("*", ""));
  EXPECT_TRUE(glob("**a*b*", "xxaxxb"));
  EXPECT_FALSE(glob("a*b", "axc"));
  EXPECT_TRUE(glob("a*bc", "abbc"));
  EXPECT_FALSE(glob("", "a"));
  EXPECT_TRUE(glob("", ""));
  EXPECT_TRUE(glob("a*", "a*b"));
  EXPECT_FALSE(glob("a", "*"));
}

TEST(Glob, EndsSoonOnHostilePatterns) {
  const std::string text(2000, 'a');
  std::string pattern;
  for (int i = 0; i < 500; ++i) pattern += "a*";
  EXPECT_TRUE(glob(pattern, text));
  EXPECT_FALSE(glob(pattern + "b", text));
}

TEST(AllowedFunctions, PlainPatternsMatchPlainNamesWithoutQualifier) {
  EXPECT_TRUE(allows("orders-*", named("orders-create")));
  EXPECT_TRUE(allows("orders-*", named("orders-create", "prod")));
  EXPECT_FALSE(allows("orders-*", named("billing")));
  EXPECT_TRUE(allows("*", named("anything")));
  EXPECT_FALSE(allows("orders", named("orders2")));
}

TEST(AllowedFunctions, PlainPatternsNeverMatchAnArn) {
  for (const std::string pattern : {"*", "*orders-*", "orders-create", "*orders-create*"}) {
    EXPECT_FALSE(allows(pattern, arn("999999999999", "orders-create"))) << pattern;
    EXPECT_FALSE(allows(pattern, arn("111111111111", "orders-create"))) << pattern;
  }
}

TEST(AllowedFunctions, ArnPatternsMatchPartByPart) {
  const std::string ours = "arn:aws:lambda:eu-central-1:111111111111:function:orders-*";
  EXPECT_TRUE(allows(ours, arn("111111111111", "orders-create")));
  EXPECT_TRUE(allows(ours, arn("111111111111", "orders-create", "7")));
  EXPECT_FALSE(allows(ours, arn("999999999999", "orders-create")));
  EXPECT_FALSE(allows(ours, arn("111111111111", "billing")));
  EXPECT_TRUE(allows("arn:aws:lambda:*:111111111111:function:*", arn("111111111111", "x")));
  EXPECT_FALSE(allows("arn:aws-cn:lambda:*:*:function:*", arn("111111111111", "x")));
  EXPECT_FALSE(allows("arn:aws:lambda:eu-west-1:*:function:*", arn("111111111111", "x")));
}

TEST(AllowedFunctions, ArnPatternsNeverMatchAPlainName) {
  EXPECT_FALSE(allows("arn:*:lambda:*:*:function:*", named("orders")));
  EXPECT_FALSE(allows("arn:*:lambda:*:*:function:*:*", named("orders", "prod")));
}

TEST(AllowedFunctions, AQualifierInThePatternCounts) {
  const std::string prod = "arn:aws:lambda:*:111111111111:function:orders:prod";
  EXPECT_TRUE(allows(prod, arn("111111111111", "orders", "prod")));
  EXPECT_FALSE(allows(prod, arn("111111111111", "orders", "dev")));
  EXPECT_FALSE(allows(prod, arn("111111111111", "orders")));
  EXPECT_TRUE(allows("arn:aws:lambda:*:111111111111:function:orders:$LATEST",
                     arn("111111111111", "orders")));
}

TEST(AllowedFunctions, NoStarReachesOverAColon) {
  EXPECT_FALSE(
      allows("arn:*:lambda:*:111111111111:function:*orders", arn("9", "1:function:orders")));
  // The name of a function may not hold a colon; if one came through, it would still be one part.
  EXPECT_FALSE(allows("arn:aws:lambda:eu-central-1:111111111111:function:a", arn("1", "a")));
}

TEST(AllowedFunctions, RefusePatternsThatMakeNoSense) {
  EXPECT_THAT(complaint(about::functions, "arn:aws:lambda:*"), HasSubstr("whole ARN"));
  EXPECT_THAT(complaint(about::functions, "orders:prod"), HasSubstr("whole ARN"));
  EXPECT_THAT(complaint(about::functions, "111111111111:function:x"), HasSubstr("whole ARN"));
  EXPECT_THAT(complaint(about::functions, "arn:*"), HasSubstr("whole ARN"));
  EXPECT_THAT(complaint(about::functions, "arn:aws:s3:a:b:function:c"), HasSubstr("whole ARN"));
  EXPECT_THAT(complaint(about::functions, "arn:aws:lambda::1:function:x"), HasSubstr("empty"));
  EXPECT_THAT(complaint(about::functions, "https://x.on.aws/"), HasSubstr("ALLOWED_HOSTS"));
  EXPECT_THAT(complaint(about::functions, "a b"), HasSubstr("blank"));
  EXPECT_THAT(complaint(about::functions, ""), HasSubstr("characters"));
  EXPECT_THAT(complaint(about::functions, std::string(3000, 'a')), HasSubstr("2048"));
  EXPECT_THAT(complaint(about::functions, "a$b"), HasSubstr("letters"));
}

TEST(AllowedHosts, MatchLabelByLabel) {
  const guarded_host url{true, "abc.lambda-url.eu-central-1.on.aws", 443};
  EXPECT_TRUE(allows_host("*.lambda-url.eu-central-1.on.aws", url));
  EXPECT_TRUE(allows_host("*.lambda-url.*.on.aws", url));
  EXPECT_TRUE(allows_host("ABC.Lambda-URL.eu-central-1.on.aws", url));
  EXPECT_TRUE(allows_host("abc.lambda-url.eu-central-1.on.aws.", url));
  EXPECT_FALSE(allows_host("*.on.aws", url));
  EXPECT_FALSE(allows_host("*.lambda-url.eu-west-1.on.aws", url));
  EXPECT_FALSE(allows_host("*.lambda-url.eu-central-1.on.aws",
                           {true, "abc.lambda-url.eu-central-1.on.aws.evil.com", 443}));
}

TEST(AllowedHosts, CountSchemeAndPort) {
  EXPECT_TRUE(allows_host("a.example", {true, "a.example", 443}));
  EXPECT_FALSE(allows_host("a.example", {false, "a.example", 80}));
  EXPECT_FALSE(allows_host("a.example", {false, "a.example", 443}));
  EXPECT_FALSE(allows_host("a.example", {true, "a.example", 8443}));
  EXPECT_TRUE(allows_host("a.example:8443", {true, "a.example", 8443}));
  EXPECT_TRUE(allows_host("https://a.example:*", {true, "a.example", 1}));
  EXPECT_TRUE(allows_host("http://localhost:4566", {false, "localhost", 4566}));
  EXPECT_FALSE(allows_host("http://localhost:4566", {true, "localhost", 4566}));
  EXPECT_TRUE(allows_host("http://a.example", {false, "a.example", 80}));
  EXPECT_TRUE(allows_host("[::1]:8443", {true, "::1", 8443}));
  EXPECT_FALSE(allows_host("[::1]", {true, "::2", 443}));
}

TEST(AllowedHosts, NoStarStandsForAnAddressOfIpv6) {
  EXPECT_TRUE(allows_host("a*", {true, "abc", 443}));
  EXPECT_FALSE(allows_host("a*", {true, "a000::1", 443}));
  EXPECT_FALSE(allows_host("2*:*", {true, "2001:db8::1", 443}));
  EXPECT_TRUE(allows_host("[2001:DB8::1]", {true, "2001:db8::1", 443}));
}

TEST(AllowedHosts, RefusePatternsThatMakeNoSense) {
  EXPECT_THAT(complaint(about::hosts, "*"), HasSubstr("not for every host"));
  EXPECT_THAT(complaint(about::hosts, "*:*"), HasSubstr("not for every host"));
  EXPECT_THAT(complaint(about::hosts, "**"), HasSubstr("not for every host"));
  EXPECT_THAT(complaint(about::hosts, "http://***:*"), HasSubstr("not for every host"));
  EXPECT_THAT(complaint(about::hosts, "ftp://a"), HasSubstr("scheme"));
  EXPECT_THAT(complaint(about::hosts, "a:0"), HasSubstr("port"));
  EXPECT_THAT(complaint(about::hosts, "a:99999"), HasSubstr("port"));
  EXPECT_THAT(complaint(about::hosts, "a:"), HasSubstr("port"));
  EXPECT_THAT(complaint(about::hosts, "https://a/path"), HasSubstr("without a path"));
  EXPECT_THAT(complaint(about::hosts, "me@a"), HasSubstr("without a path"));
  EXPECT_THAT(complaint(about::hosts, "a..b"), HasSubstr("without a path"));
  EXPECT_THAT(complaint(about::hosts, "[::1"), HasSubstr("without a path"));
  EXPECT_THAT(complaint(about::hosts, "[abc]"), HasSubstr("IPv6"));
  EXPECT_THAT(complaint(about::hosts, "https://"), HasSubstr("without a path"));
}

TEST(AllowedHosts, WrittenOutOnesAreKnown) {
  const auto list =
      list_of(about::hosts, {"*.on.aws", "http://localhost:4566", "[::1]:*", "A.example"});
  EXPECT_THAT(list.exact_hosts(), testing::ElementsAre(guarded_host{false, "localhost", 4566},
                                                       guarded_host{true, "::1", 0},
                                                       guarded_host{true, "a.example", 443}));
}

TEST(AllowedRoles, MatchPathsNameByName) {
  const std::string account = "arn:aws:iam::111111111111:role/";
  const auto flat = list_of(about::roles, {account + "*", account + "connector-*"});
  EXPECT_TRUE(flat.allows_role(account + "connector-orders"));
  EXPECT_FALSE(flat.allows_role(account + "admins/root"));
  EXPECT_FALSE(flat.allows_role(account + "connector-/admins/root"));
  EXPECT_FALSE(flat.allows_role(account + "/root"));
  const auto team = list_of(about::roles, {account + "orders/*", account + "*/shared"});
  EXPECT_TRUE(team.allows_role(account + "orders/create"));
  EXPECT_TRUE(team.allows_role(account + "billing/shared"));
  EXPECT_FALSE(team.allows_role(account + "orders"));
  EXPECT_FALSE(team.allows_role(account + "orders/admins/root"));
  EXPECT_FALSE(team.allows_role(account + "a/b/shared"));
  const auto account_of_any = list_of(about::roles, {"arn:aws:iam::*:role/x"});
  EXPECT_FALSE(account_of_any.allows_role("arn:aws:iam::1/2:role/x"));
}

TEST(AllowedRoles, MatchPartByPart) {
  const auto list = list_of(about::roles, {"arn:aws:iam::111111111111:role/connector-*"});
  EXPECT_TRUE(list.allows_role("arn:aws:iam::111111111111:role/connector-orders"));
  EXPECT_FALSE(list.allows_role("arn:aws:iam::999999999999:role/connector-orders"));
  EXPECT_FALSE(list.allows_role("arn:aws:iam::111111111111:role/admin"));
  EXPECT_FALSE(list.allows_role("connector-orders"));
  const auto wide = list_of(about::roles, {"arn:aws:iam::*:role/x"});
  EXPECT_FALSE(wide.allows_role("arn:aws:iam::1:role/evil:role/x"));
  EXPECT_THAT(complaint(about::roles, "*"), HasSubstr("ARN of a role"));
  EXPECT_THAT(complaint(about::roles, "arn:aws:iam::1:user/x"), HasSubstr("ARN of a role"));
}

}  // namespace
}  // namespace connector
