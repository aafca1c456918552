// What reading a task does in the profile camunda besides its inputs.
#include "worker/jobs/task.h"

#include <gtest/gtest.h>

namespace worker::jobs {
namespace {

const connector::operation_spec& invoke() {
  return connector::spec_of(connector::operation_id::invoke);
}

const std::map<std::string, std::string> drop_in_defaults = {{"profile", "camunda"}};
constexpr const char* some_variables =
    R"({"authentication":{"type":"defaultCredentialsChain"},"configuration":{"region":"r-1"},)"
    R"("awsFunction":{"functionName":"f","payload":"{{secrets.A}}"},"lambda":{"functionName":"x"}})";

engine::job job_with(std::string headers, std::string variables = some_variables) {
  engine::job job;
  job.key = 4711;
  job.headers = std::move(headers);
  job.variables = std::move(variables);
  return job;
}

TEST(DropInTask, FetchesTheVariablesOfTheRuntimeAlone) {
  const std::vector<std::string> names = {"authentication", "configuration", "awsFunction",
                                          "awsCredential",  "lambdaAttempt", "lambdaCall",
                                          "lambdaExecution"};
  EXPECT_EQ(fetched_variables(invoke(), drop_in_defaults), names);
  const auto own = fetched_variables(invoke(), {});
  EXPECT_EQ(own.front(), "lambda");
}

// A header of the runtime's tasks may have any name; none is an input, and no reference counts.
TEST(DropInTask, HeadersAreNoInputsAndHoldNoReferences) {
  auto job =
      job_with(R"({"region":"x","payload":"y","resultExpression":"","note":"{{secrets.NONE}}"})");
  const auto read = read_task(job, invoke(), drop_in_defaults);
  ASSERT_FALSE(read.error) << read.error->message;
  for (const auto& value : read.values) EXPECT_EQ(value.from, secrets::origin::variable);
}

TEST(DropInTask, ProfileBelongsToTheJobType) {
  auto of_model = job_with(R"({"profile":"camunda"})");
  const auto refused = read_task(of_model, invoke(), {});
  ASSERT_TRUE(refused.error);
  EXPECT_NE(refused.error->message.find("LAMBDA_CONNECTOR_DEFAULT_HEADERS"), std::string::npos);
  auto other = job_with(R"({"profile":"alfresco"})");
  EXPECT_TRUE(read_task(other, invoke(), drop_in_defaults).error);
  auto same = job_with(R"({"profile":"camunda"})");
  EXPECT_FALSE(read_task(same, invoke(), drop_in_defaults).error);
}

TEST(DropInTask, DurationsAreReadAsTheRuntimeReadsThem) {
  auto job = job_with(R"({"retryBackoff":"pt1m","jobTimeout":"+PT1H"})");
  const auto read = read_task(job, invoke(), drop_in_defaults);
  ASSERT_FALSE(read.error) << read.error->message;
  EXPECT_EQ(read.headers.retry_backoff, std::chrono::milliseconds(60'000));
  EXPECT_EQ(read.headers.job_timeout, std::chrono::milliseconds(3'600'000));
  auto wrong = job_with(R"({"retryBackoff":"P1W"})");
  const auto refused = read_task(wrong, invoke(), drop_in_defaults);
  ASSERT_TRUE(refused.error);
  EXPECT_EQ(refused.error->failure, connector::failure_class::permanent);
  EXPECT_TRUE(refused.headers.drop_in);
}

TEST(DropInTask, ResultVariableMayHaveAnyName) {
  for (const auto* name : {"gr\xC3\xB6\xC3\x9F"
                           "e",
                           "my-result", "2nd"}) {
    auto job = job_with(std::string(R"({"resultVariable":")") + name + "\"}");
    const auto read = read_task(job, invoke(), drop_in_defaults);
    ASSERT_FALSE(read.error) << read.error->message;
    EXPECT_EQ(read.headers.result_variable, name);
  }
  auto lines = job_with(R"({"resultVariable":"a\nb"})");
  EXPECT_TRUE(read_task(lines, invoke(), drop_in_defaults).error);
}

TEST(DropInTask, FunctionSeesTheJobOnlyWhenAsked) {
  const auto job_key_seen = [](const char* headers) {
    auto job = job_with(headers);
    auto read = read_task(job, invoke(), drop_in_defaults);
    EXPECT_FALSE(read.error);
    return make_call(std::move(read.values), read.headers, job, invoke()).job.job_key;
  };
  EXPECT_EQ(job_key_seen("{}"), "");
  EXPECT_EQ(job_key_seen(R"({"jobContext":"true"})"), "4711");
  EXPECT_EQ(job_key_seen(R"({"jobContextInPayload":"job"})"), "4711");
  auto own = job_with(R"({"jobContext":"false","inputs":"lambda"})");
  auto read = read_task(own, invoke(), {});
  EXPECT_EQ(make_call(std::move(read.values), read.headers, own, invoke()).job.job_key, "");
}

TEST(DropInTask, StringPayloadFollowsTheHeader) {
  for (const auto& [rule, stays_text] :
       {std::pair("json-text", false), std::pair("quoted", true)}) {
    auto job = job_with(std::string(R"({"stringPayload":")") + rule + "\"}");
    const auto read = read_task(job, invoke(), drop_in_defaults);
    ASSERT_FALSE(read.error);
    for (const auto& value : read.values) {
      if (value.input.name == "payload") EXPECT_EQ(value.input.literal_text, stays_text) << rule;
    }
  }
}

}  // namespace
}  // namespace worker::jobs
