// Commands that end a job or make one, and the answer to Topology.
#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::engine {
namespace {

using grpc::StatusCode;

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
