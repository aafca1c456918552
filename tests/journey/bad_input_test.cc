// What a model, a person or a bug can put into a job: each a clear incident, never a crash.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

job_account incident_of(const std::string& variables, const std::string& headers = "{}") {
  test_environment env;
  job_spec spec;
  spec.variables = variables;
  spec.headers = headers;
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident) << variables.substr(0, 200);
  EXPECT_EQ(job.fails, 1U);
  EXPECT_EQ(env.lambda().account().counted().executions, 0U);
  return job;
}

TEST(JourneyBadInput, MissingNameIsMissingInput) {
  EXPECT_THAT(incident_of("{}").incident_message, StartsWith("MISSING_INPUT: "));
  EXPECT_THAT(incident_of(R"({"lambda":{}})").incident_message, HasSubstr("functionName"));
}

TEST(JourneyBadInput, HeadersThatAreNoJson) {
  EXPECT_THAT(incident_of(R"({"functionName":"echo"})", "{broken").incident_message,
              StartsWith("INVALID_INPUT: The task's custom headers are no JSON object"));
}

TEST(JourneyBadInput, WrongTypesNameTheField) {
  EXPECT_THAT(incident_of(R"({"lambda":{"functionName":7}})").incident_message,
              HasSubstr("functionName"));
  EXPECT_THAT(
      incident_of(R"({"lambda":{"functionName":"echo","timeout":"soon"}})").incident_message,
      HasSubstr("timeout"));
  EXPECT_THAT(
      incident_of(R"({"lambda":{"functionName":"echo","clientContext":[1]}})").incident_message,
      HasSubstr("clientContext"));
  EXPECT_THAT(
      incident_of(R"({"lambda":{"functionName":"echo","authentication":"me"}})").incident_message,
      HasSubstr("authentication"));
}

TEST(JourneyBadInput, NamesThatWouldChangeThePathAreRefused) {
  EXPECT_THAT(incident_of(R"({"lambda":{"functionName":"a\u0001b"}})").incident_message,
              StartsWith("INVALID_INPUT: "));
  EXPECT_THAT(incident_of(R"({"lambda":{"functionName":"../../2020-01-01/x"}})").incident_message,
              StartsWith("INVALID_INPUT: "));
  EXPECT_THAT(incident_of(R"({"lambda":{"functionName":"a\r\nHost: evil"}})").incident_message,
              StartsWith("INVALID_INPUT: "));
}

TEST(JourneyBadInput, RegionsThatWouldChangeTheHostAreRefused) {
  for (const std::string region : {"x.evil.com/", "us-east-1.evil.com#", "US EAST", "-a", ""}) {
    if (region.empty()) continue;
    EXPECT_THAT(incident_of(R"({"lambda":{"functionName":"echo","region":")" + region + R"("}})")
                    .incident_message,
                HasSubstr("region"));
  }
}

TEST(JourneyBadInput, EndpointOfAJobIsRefused) {
  EXPECT_THAT(
      incident_of(R"({"lambda":{"functionName":"echo","endpoint":"http://169.254.169.254/"}})")
          .incident_message,
      HasSubstr("endpoint"));
}

TEST(JourneyBadInput, DeepVariablesAreRefusedWithoutACrash) {
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_THAT(
      incident_of(R"({"lambda":{"functionName":"echo","payload":)" + deep + "}}").incident_message,
      HasSubstr("nested too deep"));
}

TEST(JourneyBadInput, UnknownHeaderValuesNameHeaderAndAllowedValues) {
  EXPECT_THAT(
      incident_of(R"({"functionName":"echo"})", R"({"onFunctionError":"maybe"})").incident_message,
      HasSubstr("'complete', 'bpmnError', 'fail'"));
}

TEST(JourneyBadInput, FourMegabytesOfVariablesAreCarried) {
  test_environment_options options;
  options.engine.max_message_size = std::size_t{16} << 20;
  test_environment env(options);
  const std::string text(4 << 20, 'x');
  const auto job = env.run(call_of("echo", "\"" + text + "\""));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message.substr(0, 300);
  EXPECT_EQ(job.process_variable("payload").value_or("").size(), text.size() + 2);
}

TEST(JourneyBadInput, PayloadOverLambdasLimitIsRefusedBeforeSending) {
  test_environment_options options;
  options.engine.max_message_size = std::size_t{32} << 20;
  test_environment env(options);
  const auto job = env.run(call_of("echo", "\"" + std::string(7 << 20, 'x') + "\""));
  EXPECT_THAT(job.incident_message, StartsWith("REQUEST_TOO_LARGE: "));
  EXPECT_EQ(env.lambda().account().counted().requests, 0U);
}

TEST(JourneyBadInput, ThousandHeadersAndNoneAreRead) {
  test_environment env;
  auto spec = call_of("echo");
  spec.headers = "{";
  for (int i = 0; i < 1000; ++i) {
    spec.headers += (i > 0 ? "," : "") + ("\"note" + std::to_string(i)) + "\":\"x\"";
  }
  spec.headers += "}";
  EXPECT_EQ(env.run(spec).state, job_state::completed);
  spec.headers = "";
  EXPECT_EQ(env.run(spec).state, job_state::completed);
}

}  // namespace
}  // namespace journey
