// Rows about the data of a job: numbers, duplicates, retries and references that a modeller, or a
// person who fills in a form, can put there.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "tests/attack/rows/stage.h"
#include "tests/journey/header_texts.h"

namespace attack {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

job_spec with(const std::string& fields, const std::string& headers = "{}") {
  job_spec out;
  out.variables = R"({"lambda":{"functionName":"echo","payload":{})" + fields + "}}";
  out.headers = headers;
  out.retries = 1;
  return out;
}

TEST(Attacks, numbers) {
  stage env;
  report_action("numbers with exponents of ten digits, in fields, headers and marker variables");
  for (const std::string number :
       {"0.00000000001e-2147483639", "1e-2147483648", "9.99e2147483647", "-0.0e-99999999999",
        "123456789012345678901234567890e-2147483640"}) {
    for (const auto& value : {number, '"' + number + '"'}) {
      env.engine().create(with(
          R"(,"authentication":{"type":"assumeRole","roleArn":"arn:aws:iam::1:role/x","durationSeconds":)" +
          value + "}"));
      env.engine().create(with(R"(,"maxItems":)" + value));
      auto marked = with("");
      marked.variables.insert(marked.variables.size() - 1, R"(,"lambdaAttempt":)" + value);
      env.engine().create(marked);
    }
    env.engine().create(with("", R"({"authentication.durationSeconds":")" + number +
                                     R"(","retryBackoff":"PT)" + number + "S\"}"));
  }
  EXPECT_TRUE(env.engine().wait_all_ended(journey::patience));
  EXPECT_TRUE(env.works());
  env.end();
}

TEST(Attacks, duplicates) {
  stage env;
  report_action("client contexts with a member twice");
  for (const std::string context :
       {R"({"custom":{"job":{"jobKey":"1"}},"custom":{}})", R"({"custom":{"job":1,"job":2}})"}) {
    const auto job = env.run(with(R"(,"clientContext":)" + context));
    EXPECT_EQ(job.state, job_state::incident) << context;
    EXPECT_THAT(job.incident_message, StartsWith("INVALID_INPUT: ")) << context;
  }
  EXPECT_EQ(env.lambda().account().counted().executions, 0U);
  env.end();
}

TEST(Attacks, expressions) {
  stage env;
  report_action(
      "expressions that are read in many ways, and that go through long texts again and again");
  std::string often = "=";
  for (int depth = 0; depth < 14; ++depth) often += "if(";
  for (const auto& part : {'"' + std::string(20'000, 'x') + '"', std::string(20'000, 'x')}) {
    for (const auto* header : {"resultExpression", "errorExpression", "retryBackoff"}) {
      const auto job = env.run(call_of("echo", "{}", journey::headers({{header, often + part}})));
      EXPECT_EQ(job.state, job_state::incident) << header;
      EXPECT_THAT(job.incident_message, StartsWith("EXPRESSION_ERROR: ")) << header;
    }
  }
  EXPECT_EQ(env.lambda().account().counted().executions, 0U);
  const auto payload = R"({"t":")" + std::string(1'000'000, 'a') + R"("})";
  for (const auto* expression : {R"(={a: contains(payload.t, substring(payload.t, 500000) + "b")})",
                                 R"(={a: matches("a", "[" + payload.t + "]")})"}) {
    const auto job =
        env.run(call_of("echo", payload, journey::headers({{"resultExpression", expression}})));
    // With sanitizers the session's time may be over first.
    if (job.state == job_state::completed) continue;
    EXPECT_THAT(job.incident_message, StartsWith("EXPRESSION_ERROR: ")) << expression;
  }
  EXPECT_TRUE(env.works());
  env.end();
}

TEST(Attacks, retries) {
  stage env;
  report_action("failed jobs with the least and the most retries that a number can have");
  auto spec = call_of("error-status", R"({"status":404,"type":"ResourceNotFoundException"})");
  for (const auto retries : {std::numeric_limits<std::int32_t>::min(), -1, 0,
                             std::numeric_limits<std::int32_t>::max()}) {
    spec.retries = retries;
    const auto job = env.run(spec);
    EXPECT_EQ(job.state, job_state::incident) << retries;
    EXPECT_EQ(job.retries, 0) << retries;
  }
  // One that may be tried again: never more than before.
  auto again = call_of("wire-reset", "{}", R"({"retryBackoff":"PT1H"})");
  for (const auto retries : {std::numeric_limits<std::int32_t>::min(), 5}) {
    again.retries = retries;
    const auto key = env.engine().create(again);
    EXPECT_TRUE(env.wait([&] { return env.account(key).fails > 0; }));
    EXPECT_LT(env.account(key).retries, 5) << retries;
    EXPECT_GE(env.account(key).retries, 0) << retries;
    env.engine().cancel(key);
  }
  env.end();
}

TEST(Attacks, references) {
  stage env({{"SECRET_DB_PASSWORD", "mark-unlisted-0123456789"}});
  report_action("references in every text of authentication and payload, none of them listed");
  const std::string reference = "\"{{secrets.DB_PASSWORD}}\"";
  const auto role = [&](const std::string& more) {
    return R"(,"authentication":{"type":"assumeRole","roleArn":"arn:aws:iam::123456789012:role/x")" +
           more + "}";
  };
  const std::vector<std::string> places = {
      role(R"(,"externalId":)" + reference),
      role(R"(,"roleSessionName":)" + reference),
      R"(,"authentication":{"type":"static","accessKeyId":)" + reference +
          R"(,"secretAccessKey":"x"})",
      R"(,"authentication":{"type":"static","accessKeyId":"AKID","secretAccessKey":)" + reference +
          "}",
      R"(,"authentication":{"type":"static","accessKeyId":"AKID","secretAccessKey":"x","sessionToken":)" +
          reference + "}",
      R"(,"clientContext":{"custom":{"x":)" + reference + "}}",
      R"(,"qualifier":)" + reference,
      R"(,"region":)" + reference,
      R"(,"functionTenantId":)" + reference};
  for (const auto& place : places) {
    const auto job = env.run(with(place));
    EXPECT_EQ(job.state, job_state::incident) << place;
    EXPECT_THAT(job.incident_message, HasSubstr("DB_PASSWORD")) << place;
    EXPECT_THAT(job.incident_message, Not(HasSubstr("mark-unlisted"))) << place;
  }
  EXPECT_EQ(env.lambda().account().counted().requests, 0U);
  EXPECT_EQ(env.worker().lines_with("mark-unlisted"), 0U);
  env.end();
}

}  // namespace
}  // namespace attack
