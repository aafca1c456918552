// Lambda refuses, hangs, sends false lengths and breaks connections. Every job ends. The worker
// itself never repeats a call that may have run.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::AnyOf;
using testing::StartsWith;

// One retry: the first failure is the end.
job_spec once(const std::string& function, const std::string& payload = "{}") {
  auto spec = call_of(function, payload);
  spec.variables.insert(spec.variables.size() - 2, R"(,"timeout":"PT2S")");
  spec.retries = 1;
  return spec;
}

class BrokenAnswers : public testing::TestWithParam<const char*> {};

TEST_P(BrokenAnswers, EndInOneRequestAndAClearIncident) {
  test_environment env;
  const auto job = env.run(once(GetParam()));
  EXPECT_EQ(job.state, job_state::incident) << job.completion_variables.substr(0, 200);
  EXPECT_THAT(job.incident_message,
              AnyOf(StartsWith("AMBIGUOUS: "), StartsWith("RESPONSE_TOO_LARGE: ")));
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).requests, 1U);
  // The next job is not harmed.
  EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
}

INSTANTIATE_TEST_SUITE_P(Wire, BrokenAnswers,
                         testing::Values("wire-long-length", "wire-two-lengths", "wire-bad-length",
                                         "wire-bad-chunk", "wire-huge-chunk", "wire-half-chunks",
                                         "wire-endless-headers", "wire-huge-header",
                                         "wire-endless-body", "wire-huge-body", "wire-close",
                                         "wire-cut", "wire-reset", "wire-half-head",
                                         "wire-half-body", "wire-half-body-cut",
                                         "wire-half-body-reset", "wire-hang", "wire-hang-body",
                                         "wire-garbage", "wire-1xx-storm"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::erase(name, '-');
                           return name;
                         });

class OddAnswers : public testing::TestWithParam<const char*> {};

TEST_P(OddAnswers, AreAnswersAllTheSame) {
  test_environment env;
  const auto job = env.run(once(GetParam()));
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
}

INSTANTIATE_TEST_SUITE_P(Wire, OddAnswers,
                         testing::Values("wire-trailers", "wire-http10", "wire-1xx",
                                         "wire-close-after", "wire-reset-after"),
                         [](const auto& tested) {
                           std::string name = tested.param;
                           std::erase(name, '-');
                           return name;
                         });

TEST(JourneyLambdaFaults, RefusedConnectionsAreTriedAgainAndLoseNoJob) {
  test_environment env;
  env.lambda().stop_listening();
  auto spec = call_of("echo", "{}", R"({"retryBackoff":"PT0.2S"})");
  spec.retries = 50;
  const auto key = env.engine().create(spec);
  ASSERT_TRUE(env.wait([&] { return env.account(key).fails > 0; }));
  EXPECT_THAT(env.account(key).fail_message, StartsWith("CONNECTION_ERROR: "));
  env.lambda().listen_again();
  EXPECT_EQ(env.wait_ended(key).state, job_state::completed);
  EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
}

TEST(JourneyLambdaFaults, UntrustedCertificateIsAClearFailure) {
  test_environment_options options;
  options.lambda.certificate = sandbox::certificate_kind::expired;
  test_environment env(options);
  auto spec = call_of("echo");
  spec.retries = 1;
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, testing::HasSubstr("expired"));
  EXPECT_EQ(env.lambda().account().counted().requests, 0U);
}

TEST(JourneyLambdaFaults, IdleConnectionThatTheServerClosedCostsNoCall) {
  test_environment_options options;
  options.lambda.connections.max_requests = 1;
  test_environment env(options);
  for (int i = 0; i < 10; ++i) {
    const auto job = env.run(call_of("echo"));
    EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
    EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
    // A request that crosses the close on the wire would be another case, and ambiguous.
    ASSERT_TRUE(env.lambda().account().wait_for(
        [](const auto& totals) { return totals.open_connections == 0; }, patience));
  }
}

TEST(JourneyLambdaFaults, WrongSecretKeyIsAnIncidentThatSaysSo) {
  test_environment_options options;
  options.worker = {{"AWS_SECRET_ACCESS_KEY", "not-the-secret-at-all-0123456789"}};
  test_environment env(options);
  auto spec = call_of("echo");
  spec.retries = 1;
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, testing::HasSubstr("InvalidSignatureException"));
  EXPECT_THAT(job.incident_message, testing::Not(testing::HasSubstr("not-the-secret")));
}

}  // namespace
}  // namespace journey
