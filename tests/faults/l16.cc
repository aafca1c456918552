// L16: a function behind a URL runs and then answers by itself what looks like the service's
// refusal. None of it is sent again within an activation; with atMostOnce it runs once, whatever it
// answers.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::HasSubstr;
using testing::StartsWith;

struct lie {
  int status;
  const char* name;  // x-amzn-ErrorType; empty: none
  bool unknown;      // AMBIGUOUS, so a retry calls again; else refused for good
};

TEST(Faults, L16_AFunctionUrlAnswersErrorsItself) {
  // given
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  env.start_worker({{"ALLOWED_HOSTS", env.lambda().endpoint()}});
  constexpr lie lies[] = {
      {429, "", true},
      {429, "OurOwnQuotaException", true},
      {500, "TooManyRequestsException", true},
      {503, "ThrottlingException", true},
      {501, "", true},
      {502, "EC2AccessDeniedException", true},
      {400, "ThrottlingException", false},
      {403, "ExpiredTokenException", false},
      {403, "RequestTimeTooSkewed", false},
      {409, "ResourceConflictException", false},
      {408, "", false},
  };
  const auto run = [&](const lie& one, const std::string& headers) {
    auto spec = journey::call_of("", "{}", headers);
    std::string name;
    if (*one.name != '\0') name = std::string(R"("x-amzn-ErrorType":")") + one.name + '"';
    spec.variables = R"({"lambda":{"functionName":")" + env.lambda().endpoint() +
                     R"(/function-url/echo","payload":{"statusCode":)" +
                     std::to_string(one.status) + R"(,"headers":{)" + name +
                     R"(},"body":"{\"message\":\"no\"}"}}})";
    spec.retries = 2;
    const auto job = env.run(spec);
    EXPECT_EQ(job.state, job_state::incident);
    return job;
  };
  const auto executions = [&](const journey::job_account& job) {
    return env.lambda().account().job(std::to_string(job.key)).executions;
  };
  // when
  report_action("429, 5xx and 4xx of a function URL, named and not");
  for (const auto& one : lies) {
    SCOPED_TRACE(std::to_string(one.status) + ' ' + one.name);
    const auto job = run(one, R"({"retryBackoff":"PT0S"})");
    // then
    EXPECT_EQ(executions(job), one.unknown ? 2U : 1U);
    EXPECT_EQ(job.incident_message.starts_with("AMBIGUOUS: "), one.unknown) << job.incident_message;
  }
  report_action("the same with atMostOnce");
  constexpr lie throttle{429, "TooManyRequestsException", true};
  for (const auto& one : {lies[0], lies[1], lies[2], lies[6], lies[7], throttle}) {
    SCOPED_TRACE(std::to_string(one.status) + ' ' + one.name);
    const auto job = run(one, R"({"atMostOnce":"true","retryBackoff":"PT0S"})");
    EXPECT_EQ(executions(job), 1U);
    // The marker stays, so that a resolved incident does not call it again either.
    EXPECT_THAT(job.local_variable("lambdaCall").value_or("null"), HasSubstr("jobKey"));
    ASSERT_TRUE(env.engine().resolve(job.key, 2));
    const auto again = env.wait_ended(job.key);
    EXPECT_THAT(again.incident_message, StartsWith("AMBIGUOUS: An earlier activation"));
    EXPECT_EQ(executions(again), 1U);
  }
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
