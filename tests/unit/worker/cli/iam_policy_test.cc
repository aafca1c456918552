#include "worker/cli/iam_policy.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/operations.h"
#include "worker/config/load.h"

namespace worker::cli {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

config::settings settings_of(std::map<std::string, std::string> environment,
                             const std::string& file = "") {
  config::sources from;
  from.environment = std::move(environment);
  if (!file.empty()) from.environment["LAMBDA_CONNECTOR_CONFIG"] = "worker.yaml";
  from.read_file = [&](const std::string&, std::size_t) {
    return connector::file_text{connector::file_text::state::read, file, {}};
  };
  auto loaded = config::load(from);
  for (const auto& each : loaded.issues) ADD_FAILURE() << config::describe(each);
  return std::move(loaded.values);
}

const aws_place frankfurt{"aws", "eu-central-1"};
constexpr const char* invoke_alone = "lambdaConnector.INVOKE";

iam_policy invoking(std::vector<std::string> functions, std::string account = "111111111111") {
  policy_arguments asked;
  asked.functions = std::move(functions);
  asked.account = std::move(account);
  return policy_for(settings_of({{"LAMBDA_CONNECTOR_JOB_TYPES", invoke_alone}}), asked, frankfurt);
}

TEST(IamPolicy, OfOneFunctionIsOneStatement) {
  const auto made = invoking({"orders"});
  EXPECT_EQ(made.document,
            R"({
  "Version": "2012-10-17",
  "Statement": [
    {
      "Sid": "CallFunctions",
      "Effect": "Allow",
      "Action": "lambda:InvokeFunction",
      "Resource": "arn:aws:lambda:eu-central-1:111111111111:function:orders"
    }
  ]
}
)");
  EXPECT_THAT(made.notes, IsEmpty());
}

TEST(IamPolicy, TakesEveryWayOfNamingAFunction) {
  const struct {
    const char* given;
    const char* resource;
  } forms[] = {
      {"orders:prod", "arn:aws:lambda:eu-central-1:111111111111:function:orders:prod"},
      {"orders-*", "arn:aws:lambda:eu-central-1:111111111111:function:orders-*"},
      {"222222222222:function:x", "arn:aws:lambda:eu-central-1:222222222222:function:x"},
      {"arn:aws:lambda:us-east-1:1:function:y:7", "arn:aws:lambda:us-east-1:1:function:y:7"},
  };
  for (const auto& each : forms) {
    EXPECT_THAT(invoking({each.given}).document, HasSubstr(std::string(each.resource) + "\"\n"))
        << each.given;
  }
  for (const char* wrong : {"https://x.lambda-url.eu-central-1.on.aws/", "a b", "a:b:c", "\"x"}) {
    EXPECT_THAT(invoking({wrong}).issues, ElementsAre(HasSubstr("is no function"))) << wrong;
    EXPECT_EQ(invoking({wrong}).document, "");
  }
  EXPECT_THAT(invoking({}).issues, ElementsAre(HasSubstr("--function NAME")));
  EXPECT_THAT(invoking({"x"}, "12").issues, ElementsAre(HasSubstr("twelve digits")));
}

TEST(IamPolicy, HoldsWhatTheServedJobTypesAndSettingsNeedAndNoMore) {
  const auto settings =
      settings_of({{"ALLOWED_FUNCTIONS", "orders-*,arn:aws:lambda:*:1:function:b"},
                   {"ALLOWED_ROLE_ARNS", "arn:aws:iam::1:role/orders"},
                   {"SECRETS_AWS_SECRET_ID", "prod/worker"}},
                  "profiles:\n  billing:\n    source: worker\n    assumeRole:\n"
                  "      roleArn: arn:aws:iam::1:role/billing\n"
                  "      sessionTags: {team: billing}\n"
                  "  other:\n    source: environment\n    assumeRole:\n"
                  "      roleArn: arn:aws:iam::1:role/not-ours\n");
  policy_arguments asked;
  asked.urls = {};
  const auto made = policy_for(settings, asked, frankfurt);
  EXPECT_TRUE(connector::json::is_json(made.document));
  for (const char* part :
       {"CallFunctions", "function:orders-*", "arn:aws:lambda:*:1:function:b", "ListFunctions",
        "\"Resource\": \"*\"", "ReadFunctions", "lambda:GetFunction", "AssumeRoles", "role/orders",
        "AssumeRolesWithTags", "sts:TagSession", "role/billing", "ReadSecret",
        "secret:prod/worker-??????"}) {
    EXPECT_THAT(made.document, HasSubstr(part));
  }
  for (const char* part : {"DeleteFunction", "InvokeFunctionUrl", "not-ours"}) {
    EXPECT_THAT(made.document, Not(HasSubstr(part)));
  }
  EXPECT_THAT(made.notes, testing::Contains(HasSubstr("--account")));
}

TEST(IamPolicy, HasAStatementForEachOperationThatIsServed) {
  // given
  std::string types;
  for (const auto& spec : connector::operations()) {
    types += (types.empty() ? "" : ",") + std::string(spec.default_job_type);
  }
  policy_arguments asked;
  asked.functions = {"orders"};
  // when
  const auto made =
      policy_for(settings_of({{"LAMBDA_CONNECTOR_JOB_TYPES", types}}), asked, frankfurt);
  // then
  for (const auto& spec : connector::operations()) {
    EXPECT_THAT(made.document, HasSubstr(spec.permission.statement));
    for (const auto action : spec.permission.actions) {
      EXPECT_THAT(made.document, HasSubstr(connector::json::quote(action)));
    }
  }
}

TEST(IamPolicy, OfFunctionUrlsAsksForBothActions) {
  policy_arguments asked;
  asked.urls = {"hook"};
  const auto made = policy_for(settings_of({{"LAMBDA_CONNECTOR_JOB_TYPES", invoke_alone}}), asked,
                               {"aws-cn", ""});
  EXPECT_THAT(made.document, HasSubstr("lambda:InvokeFunctionUrl"));
  EXPECT_THAT(made.document, HasSubstr("arn:aws-cn:lambda:*:*:function:hook"));
  EXPECT_THAT(made.notes, testing::Contains(HasSubstr("AWS_REGION")));
}

TEST(IamPolicy, OfTheWorkersRoleSaysWhatItsKeysNeed) {
  policy_arguments asked;
  asked.functions = {"orders"};
  const auto made = policy_for(
      settings_of({{"LAMBDA_CONNECTOR_ASSUME_ROLE_ARN", "arn:aws:iam::123456789012:role/w"}}),
      asked, frankfurt);
  EXPECT_THAT(made.notes, testing::Contains(HasSubstr("role arn:aws:iam::123456789012:role/w")));
}

}  // namespace
}  // namespace worker::cli
