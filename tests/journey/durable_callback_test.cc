// A process that ends an execution of another one.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/polled_execution.h"
#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

TEST(JourneyDurable, CallbackOfAProcessEndsTheExecutionOfAnother) {
  test_environment_options options;
  options.worker["LAMBDA_CONNECTOR_JOB_TYPES"] =
      "lambdaConnector.INVOKE,lambdaConnector.SEND_CALLBACK,lambdaConnector.GET_EXECUTION";
  test_environment env(options);
  const auto key = env.engine().create(polled("wait-for-callback"));
  ASSERT_TRUE(waits(env, key));
  job_spec look;
  look.type = "lambdaConnector.GET_EXECUTION";
  look.variables = R"({"lambda":{"executionArn":")" + only(env).arn + "\"}}";
  EXPECT_EQ(env.run(look).process_variable("status"), R"("RUNNING")");
  job_spec answer;
  answer.type = "lambdaConnector.SEND_CALLBACK";
  answer.variables =
      R"({"lambda":{"callbackId":")" + only(env).callback_id + R"(","payload":{"approved":true}}})";
  EXPECT_EQ(env.run(answer).process_variable("sent"), "true");
  EXPECT_EQ(env.wait_ended(key).process_variable("payload"), R"({"approved":true})");
  const auto late = env.run(answer);
  EXPECT_EQ(late.state, job_state::incident);
  EXPECT_THAT(late.incident_message, StartsWith("GONE: "));
}

}  // namespace
}  // namespace journey
