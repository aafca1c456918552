// Failed jobs, incidents and BPMN errors.
#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::engine {
namespace {

using grpc::StatusCode;

TEST(EngineFail, WithRetriesTheJobIsBackAtOnce) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  EXPECT_TRUE(c.fail(key, 2, 0ms, "why").ok());
  EXPECT_EQ(c.take().retries(), 2);
  const auto a = *e.account(key);
  EXPECT_EQ(a.fails, 1U);
  EXPECT_EQ(a.hand_backs, 0U);
  EXPECT_EQ(a.fail_message, "why");
}

TEST(EngineFail, ThatTakesNoRetryIsAHandBack) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  EXPECT_TRUE(c.fail(key, 3).ok());
  EXPECT_EQ(e.account(key)->hand_backs, 1U);
  EXPECT_EQ(e.totals().hand_backs, 1U);
  EXPECT_EQ(c.take().retries(), 3);
}

TEST(EngineFail, WithBackOffTheJobWaits) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  EXPECT_TRUE(c.fail(key, 2, 2000ms, "", R"({"extra":1})").ok());
  EXPECT_EQ(e.account(key)->state, job_state::backoff);
  const auto refused = c.complete(key);
  EXPECT_EQ(refused.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(refused.error_message(),
            "Command 'COMPLETE' rejected with code 'INVALID_STATE': Expected to complete job with "
            "key '" +
                number(key) + "', but it is in state 'FAILED'");
  EXPECT_EQ(c.extend(key, 1s).error_code(), StatusCode::FAILED_PRECONDITION);
  e.advance(1s);
  EXPECT_TRUE(c.poll().jobs.empty());
  e.advance(1s);
  const auto job = c.take();
  EXPECT_EQ(job.retries(), 2);
  EXPECT_EQ(job.variables(), R"({"extra":1})");
  const auto a = *e.account(key);
  EXPECT_EQ(a.fail_backoff, 2000ms);
  EXPECT_GE(a.back_after, 2000ms);
}

TEST(EngineFail, WithoutRetriesAnIncidentIsRaised) {
  engine e(frozen());
  client c(e);
  const auto keys = e.create_many({}, 2);
  ASSERT_EQ(c.poll().jobs.size(), 2U);
  EXPECT_TRUE(c.fail(keys[0], 0, 5s, "no such function").ok());
  EXPECT_TRUE(c.fail(keys[1], -1).ok());
  EXPECT_EQ(e.account(keys[0])->state, job_state::incident);
  EXPECT_EQ(e.account(keys[0])->incident_type, "JOB_NO_RETRIES");
  EXPECT_EQ(e.account(keys[0])->incident_message, "no such function");
  EXPECT_EQ(e.account(keys[1])->incident_message, "No more retries left.");
  EXPECT_EQ(c.complete(keys[0]).error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(c.extend(keys[0], 1s).error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_TRUE(e.wait_all_ended(patience));
  EXPECT_EQ(e.totals().incident, 2U);
}

TEST(EngineFail, AJobModelledWithoutRetriesCannotBeHandedBack) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.retries = 0;
  const auto key = e.create(spec);
  EXPECT_EQ(c.take().retries(), 0);
  EXPECT_TRUE(c.fail(key, 0).ok());
  EXPECT_EQ(e.account(key)->incident_type, "JOB_NO_RETRIES");
  EXPECT_EQ(e.account(key)->hand_backs, 0U);
}

TEST(EngineFail, LongMessagesAreCut) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  EXPECT_TRUE(c.fail(key, 0, 0ms, std::string(20000, 'x')).ok());
  EXPECT_EQ(e.account(key)->incident_message, std::string(10000, 'x') + "...");
}

TEST(EngineIncident, NeedsRetriesBeforeItCanBeResolved) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  ASSERT_TRUE(c.fail(key, 0).ok());
  const auto incident = e.account(key)->incident_key;
  EXPECT_EQ(c.resolve(incident).error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(c.set_retries(key, 0).error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_TRUE(c.set_retries(key, 2).ok());
  EXPECT_TRUE(c.resolve(incident).ok());
  EXPECT_EQ(c.resolve(incident).error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(c.take().retries(), 2);
  EXPECT_TRUE(e.totals().adds_up());
}

TEST(EngineIncident, IsResolvedFromTheTestToo) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  EXPECT_FALSE(e.resolve(key, 1));
  c.take();
  ASSERT_TRUE(c.fail(key, 0).ok());
  EXPECT_TRUE(e.resolve(key, 4));
  EXPECT_EQ(c.take().retries(), 4);
}

TEST(EngineThrow, CaughtItEndsTheJob) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.caught_errors = {"A", "LAMBDA_ERR"};
  const auto key = e.create(spec);
  c.take();
  EXPECT_TRUE(c.throw_error(key, "LAMBDA_ERR", "m", R"({"error":{"code":1}})").ok());
  const auto a = *e.account(key);
  EXPECT_EQ(a.state, job_state::error_thrown);
  EXPECT_EQ(a.error_code, "LAMBDA_ERR");
  EXPECT_EQ(a.error_message, "m");
  EXPECT_EQ(a.error_variables, R"({"error":{"code":1}})");
  EXPECT_EQ(a.process_variable("error"), R"({"code":1})");
  EXPECT_EQ(c.complete(key).error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(e.totals().error_thrown, 1U);
}

TEST(EngineThrow, AStarCatchesEveryCode) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.caught_errors = {"*"};
  const auto key = e.create(spec);
  c.take();
  EXPECT_TRUE(c.throw_error(key, "anything").ok());
  EXPECT_EQ(e.account(key)->state, job_state::error_thrown);
}

TEST(EngineThrow, UncaughtItIsAnIncident) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.caught_errors = {"LAMBDA_ERR"};
  const auto key = e.create(spec);
  c.take();
  EXPECT_TRUE(c.throw_error(key, "OTHER").ok());
  const auto a = *e.account(key);
  EXPECT_EQ(a.state, job_state::incident);
  EXPECT_EQ(a.incident_type, "UNHANDLED_ERROR_EVENT");
  EXPECT_NE(a.incident_message.find("Available error events are [LAMBDA_ERR]"), std::string::npos);
  EXPECT_EQ(a.retries, 3);
  EXPECT_NE(c.complete(key).error_message().find("'ERROR_THROWN'"), std::string::npos);
  EXPECT_TRUE(c.resolve(a.incident_key).ok());
  EXPECT_EQ(c.take().key(), key);
}

}  // namespace
}  // namespace sandbox::engine
