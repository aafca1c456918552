#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::engine {
namespace {

using grpc::StatusCode;

std::string number(std::int64_t key) { return std::to_string(key); }

TEST(EngineCommands, CompletingEndsTheJobOnce) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  EXPECT_TRUE(c.complete(key, R"({"payload":1.10})").ok());
  const auto a = *e.account(key);
  EXPECT_EQ(a.state, job_state::completed);
  EXPECT_EQ(a.completion_variables, R"({"payload":1.10})");
  EXPECT_EQ(a.completions_accepted, 1U);
  EXPECT_EQ(a.polled, 1U);
  const auto again = c.complete(key);
  EXPECT_EQ(again.error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(
      again.error_message(),
      "Command 'COMPLETE' rejected with code 'NOT_FOUND': Expected to complete job with key '" +
          number(key) + "', but no such job was found");
  EXPECT_EQ(c.fail(key, 1).error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(c.throw_error(key, "E").error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(c.extend(key, 1s).error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(c.set_retries(key, 1).error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(e.account(key)->completions_refused, 1U);
  EXPECT_TRUE(e.totals().adds_up());
}

TEST(EngineCommands, KeysOfUnknownPartitionsAreUnavailable) {
  engine e(frozen());
  client c(e);
  const auto status = c.complete(123);
  EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(status.error_message(),
            "Expected to execute command on partition 0, but either it does not exist, or the "
            "gateway is not yet aware of it");
  EXPECT_EQ(c.extend(std::int64_t{2} << 51, 1s).error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(c.complete((std::int64_t{1} << 51) + 999).error_code(), StatusCode::NOT_FOUND);
}

TEST(EngineLease, RunsOutWithoutTakingARetry) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  e.advance(59s);
  EXPECT_TRUE(c.poll().jobs.empty());
  e.advance(1s);
  const auto again = c.take();
  EXPECT_EQ(again.key(), key);
  EXPECT_EQ(again.retries(), 3);
  EXPECT_EQ(e.account(key)->expired, 1U);
  EXPECT_EQ(e.account(key)->polled, 2U);
}

TEST(EngineLease, RunsOutByTheTimerToo) {
  engine e(quick());
  client c(e);
  const auto key = e.create({});
  auto r = client::poll_request(1);
  r.set_timeout(30);
  ASSERT_EQ(c.poll(r).jobs.size(), 1U);
  EXPECT_TRUE(e.wait_until([&] { return e.account(key)->expired == 1; }, patience));
}

TEST(EngineLease, IsExtendedFromNowAndMayBeShortened) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  e.advance(50s);
  EXPECT_TRUE(c.extend(key, 60s).ok());
  e.advance(50s);
  EXPECT_EQ(e.account(key)->state, job_state::activated);
  EXPECT_TRUE(c.extend(key, -5ms).ok());
  e.advance(1ms);
  EXPECT_EQ(e.account(key)->state, job_state::activatable);
  EXPECT_EQ(e.account(key)->extended, 2U);
}

TEST(EngineLease, CannotBeRenewedOnceItIsOver) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  e.advance(60s);
  const auto status = c.extend(key, 60s);
  EXPECT_EQ(status.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(status.error_message(),
            "Command 'UPDATE_TIMEOUT' rejected with code 'INVALID_STATE': Expected to update the "
            "timeout of job with key '" +
                number(key) + "', but it is not active");
  EXPECT_EQ(e.account(key)->extensions_refused, 1U);
}

TEST(EngineLease, WhenItIsOverTheJobCanStillBeEnded) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.caught_errors = {"E"};
  const auto keys = e.create_many(spec, 3);
  ASSERT_EQ(c.poll(3).jobs.size(), 3U);
  e.advance(60s);
  EXPECT_TRUE(c.complete(keys[0]).ok());
  EXPECT_TRUE(c.fail(keys[1], 2).ok());
  EXPECT_TRUE(c.fail(keys[1], 2).ok());
  EXPECT_TRUE(c.throw_error(keys[2], "E").ok());
  const auto left = c.poll();
  ASSERT_EQ(left.jobs.size(), 1U);
  EXPECT_EQ(left.jobs[0].key(), keys[1]);
}

TEST(EngineLease, BelongsToNoWorker) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  e.advance(60s);
  c.take();                              // a second worker holds the job now
  EXPECT_TRUE(c.extend(key, 60s).ok());  // the first one's command is taken all the same
  EXPECT_TRUE(c.fail(key, 3).ok());
  EXPECT_EQ(c.take().key(), key);  // a third
  EXPECT_TRUE(c.complete(key).ok());
  EXPECT_EQ(c.complete(key).error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(e.account(key)->activated(), 3U);
}

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

TEST(EngineCancel, TheJobIsGone) {
  engine e(frozen());
  client c(e);
  const auto keys = e.create_many({}, 3);
  c.take();
  EXPECT_TRUE(e.cancel(keys[0]));
  EXPECT_FALSE(e.cancel(keys[0]));
  gw::CancelProcessInstanceRequest r;
  r.set_processinstancekey(e.account(keys[1])->process_instance_key);
  gw::CancelProcessInstanceResponse response;
  {
    call_context context;
    EXPECT_TRUE(c.stub().CancelProcessInstance(&context, r, &response).ok());
  }
  {
    call_context context;
    EXPECT_EQ(c.stub().CancelProcessInstance(&context, r, &response).error_code(),
              StatusCode::NOT_FOUND);
  }
  EXPECT_EQ(c.complete(keys[0]).error_code(), StatusCode::NOT_FOUND);
  EXPECT_EQ(c.extend(keys[0], 1s).error_code(), StatusCode::NOT_FOUND);
  const auto left = c.poll();
  ASSERT_EQ(left.jobs.size(), 1U);
  EXPECT_EQ(left.jobs[0].key(), keys[2]);
  EXPECT_EQ(e.totals().cancelled, 2U);
  EXPECT_TRUE(e.totals().adds_up());
}

TEST(EngineCreate, OverTheWireMakesAJobOfADefinedProcess) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.bpmn_process_id = "order";
  spec.variables = R"({"lambda":{}})";
  e.define_process(spec);
  gw::CreateProcessInstanceRequest r;
  r.set_bpmnprocessid("order");
  r.set_version(-1);
  r.set_variables(R"({"id":7})");
  gw::CreateProcessInstanceResponse response;
  call_context context;
  ASSERT_TRUE(c.stub().CreateProcessInstance(&context, r, &response).ok());
  const auto job = c.take();
  EXPECT_EQ(job.processinstancekey(), response.processinstancekey());
  EXPECT_EQ(job.variables(), R"({"id":7,"lambda":{}})");
  r.set_bpmnprocessid("unknown");
  call_context other;
  EXPECT_EQ(c.stub().CreateProcessInstance(&other, r, &response).error_code(),
            StatusCode::NOT_FOUND);
}

TEST(EngineTopology, NamesALeaderForEachPartition) {
  auto o = frozen();
  o.partitions = 2;
  engine e(o);
  client c(e);
  gw::TopologyResponse t;
  ASSERT_TRUE(c.topology(&t).ok());
  EXPECT_EQ(t.partitionscount(), 2);
  ASSERT_EQ(t.brokers_size(), 1);
  ASSERT_EQ(t.brokers(0).partitions_size(), 2);
  EXPECT_EQ(t.brokers(0).partitions(1).role(), gw::Partition::LEADER);
  EXPECT_FALSE(t.gatewayversion().empty());
}

}  // namespace
}  // namespace sandbox::engine
