#include <thread>

#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::engine {
namespace {

using grpc::StatusCode;

TEST(EngineFaults, RefuseTheNextCallsThenNoMore) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  e.refuse(rpc::complete_job, StatusCode::UNAVAILABLE, "gone", 2);
  for (int i = 0; i < 2; ++i) {
    const auto status = c.complete(key);
    EXPECT_EQ(status.error_code(), StatusCode::UNAVAILABLE);
    EXPECT_EQ(status.error_message(), "gone");
  }
  EXPECT_TRUE(c.complete(key).ok());
  EXPECT_EQ(e.calls(rpc::complete_job), 3U);
}

TEST(EngineFaults, RefuseUntilLifted) {
  engine e(frozen());
  client c(e);
  gw::TopologyResponse response;
  e.refuse(rpc::topology, StatusCode::INTERNAL);
  for (int i = 0; i < 3; ++i) {
    EXPECT_EQ(c.topology(&response).error_code(), StatusCode::INTERNAL);
  }
  e.lift(rpc::topology);
  EXPECT_TRUE(c.topology(&response).ok());
}

TEST(EngineFaults, MayLoseOnlyTheAnswer) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  e.inject(rpc::complete_job, {.code = StatusCode::UNAVAILABLE, .times = 1, .applied = true});
  EXPECT_EQ(c.complete(key, R"({"a":1})").error_code(), StatusCode::UNAVAILABLE);
  EXPECT_EQ(e.account(key)->state, job_state::completed);
  EXPECT_EQ(c.complete(key).error_code(), StatusCode::NOT_FOUND);
}

TEST(EngineFaults, APollWhoseAnswerIsLostLeavesItsJobsLeased) {
  engine e(frozen());
  client c(e);
  e.create_many({}, 2);
  e.inject(rpc::activate_jobs, {.code = StatusCode::UNAVAILABLE, .times = 1, .applied = true});
  EXPECT_EQ(c.poll().status.error_code(), StatusCode::UNAVAILABLE);
  EXPECT_TRUE(c.poll().jobs.empty());
  e.advance(60s);
  EXPECT_EQ(c.poll().jobs.size(), 2U);
}

TEST(EngineFaults, MayHitOneJobAlone) {
  engine e(frozen());
  client c(e);
  const auto keys = e.create_many({}, 2);
  ASSERT_EQ(c.poll().jobs.size(), 2U);
  e.inject(rpc::complete_job, {.code = StatusCode::ABORTED, .job_key = keys[1]});
  EXPECT_TRUE(c.complete(keys[0]).ok());
  EXPECT_EQ(c.complete(keys[1]).error_code(), StatusCode::ABORTED);
}

TEST(EngineFaults, AHangingCommandIsCarriedOutWhenLifted) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  e.hang(rpc::complete_job);
  std::thread lifter([&] {
    EXPECT_TRUE(e.wait_until([&] { return e.hanging_calls() == 1; }, patience));
    EXPECT_EQ(e.account(key)->state, job_state::activated);
    e.lift(rpc::complete_job);
  });
  EXPECT_TRUE(c.complete(key).ok());
  lifter.join();
  EXPECT_EQ(e.account(key)->state, job_state::completed);
}

TEST(EngineFaults, AHangingCommandIsForgottenWhenItsClientGivesUp) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  e.hang(rpc::complete_job);
  EXPECT_EQ(c.complete(key, "", 200ms).error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_TRUE(e.wait_until([&] { return e.hanging_calls() == 0; }, patience));
  e.lift_all();
  EXPECT_EQ(e.account(key)->state, job_state::activated);
}

TEST(EngineFaults, HangingPollsAndStreamsBeginWhenLifted) {
  engine e(frozen());
  client c(e);
  e.hang(rpc::activate_jobs);
  e.hang(rpc::stream_activated_jobs);
  e.create({});
  gw::StreamActivatedJobsRequest r;
  r.set_type("lambdaConnector.INVOKE");
  r.set_timeout(1000);
  call_context context;
  auto stream = c.stub().StreamActivatedJobs(&context, r);
  std::thread lifter([&] {
    EXPECT_TRUE(e.wait_until([&] { return e.hanging_calls() == 2; }, patience));
    EXPECT_EQ(e.open_streams(), 0U);
    e.lift_all();
  });
  EXPECT_EQ(c.poll(1).jobs.size(), 1U);
  lifter.join();
  EXPECT_TRUE(e.wait_until([&] { return e.open_streams() == 1; }, patience));
  const auto key = e.create({});
  gw::ActivatedJob job;
  ASSERT_TRUE(stream->Read(&job));
  EXPECT_EQ(job.key(), key);
}

TEST(EngineFaults, BackPressureHitsPollsExtensionsAndCreationButNoCompletion) {
  engine e(frozen());
  client c(e);
  e.define_process({});
  const auto key = e.create({});
  c.take();
  e.back_pressure(true);
  const auto poll = c.poll().status;
  EXPECT_EQ(poll.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(poll.error_message().rfind("Expected to activate jobs of type '", 0), 0U);
  EXPECT_EQ(c.extend(key, 60s).error_message(),
            "Failed to write client request to partition '1', because the request limit is "
            "exhausted.");
  gw::CreateProcessInstanceRequest r;
  r.set_bpmnprocessid("process");
  gw::CreateProcessInstanceResponse response;
  {
    call_context context;
    EXPECT_EQ(c.stub().CreateProcessInstance(&context, r, &response).error_code(),
              StatusCode::RESOURCE_EXHAUSTED);
  }
  EXPECT_EQ(e.account(key)->extensions_refused, 1U);
  EXPECT_TRUE(c.complete(key).ok());
  e.back_pressure(false);
  EXPECT_TRUE(c.poll().status.ok());
}

TEST(EngineFaults, WithoutQuorumPollsAreEmptyStreamsSilentAndCommandsTimeOut) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  stream_reader stream(e, c);
  e.no_quorum(true);
  const auto waiting = e.create({});
  const auto poll = c.poll(1, 60s);
  EXPECT_TRUE(poll.status.ok());
  EXPECT_TRUE(poll.messages.empty());
  gw::TopologyResponse topology;
  EXPECT_TRUE(c.topology(&topology).ok());
  EXPECT_NE(topology.brokers(0).partitions(0).role(), gw::Partition::LEADER);
  std::thread clock([&] {
    EXPECT_TRUE(e.wait_until([&] { return e.hanging_calls() == 1; }, patience));
    e.advance(15s);
  });
  const auto status = c.complete(key);
  clock.join();
  EXPECT_EQ(status.error_code(), StatusCode::DEADLINE_EXCEEDED);
  EXPECT_EQ(status.error_message(),
            "Time out between gateway and broker: Request timed out after PT15S");
  EXPECT_EQ(e.account(key)->state, job_state::activated);
  EXPECT_EQ(e.totals().pushed, 0U);
  e.no_quorum(false);
  EXPECT_TRUE(c.complete(key).ok());
  EXPECT_EQ(c.take().key(), waiting);
}

TEST(EngineFaults, UnimplementedCallsSayTheirName) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  e.streams_unimplemented();
  e.update_timeout_unimplemented();
  gw::StreamActivatedJobsRequest r;
  r.set_type("t");
  r.set_timeout(1000);
  call_context context;
  auto stream = c.stub().StreamActivatedJobs(&context, r);
  gw::ActivatedJob job;
  EXPECT_FALSE(stream->Read(&job));
  const auto status = stream->Finish();
  EXPECT_EQ(status.error_code(), StatusCode::UNIMPLEMENTED);
  EXPECT_EQ(status.error_message(),
            "Method not found: gateway_protocol.Gateway/StreamActivatedJobs");
  EXPECT_EQ(c.extend(key, 1s).error_code(), StatusCode::UNIMPLEMENTED);
}

TEST(EngineRestart, KilledItDropsConnectionsAndKeepsItsJobs) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  const auto port = e.port();
  {
    stream_reader stream(e, c);
    e.stop();
    gw::ActivatedJob job;
    EXPECT_FALSE(stream.next(job));
    EXPECT_EQ(stream.finish().error_code(), StatusCode::UNAVAILABLE);
  }
  EXPECT_EQ(c.complete(key).error_code(), StatusCode::UNAVAILABLE);
  e.start();
  EXPECT_EQ(e.port(), port);
  ASSERT_TRUE(c.reaches());
  EXPECT_TRUE(c.extend(key, 60s).ok());
  EXPECT_TRUE(c.complete(key).ok());
}

TEST(EngineRestart, KilledItsHangingCallsAndPollsEndUnavailable) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  e.hang(rpc::complete_job);
  std::thread killer([&] {
    EXPECT_TRUE(e.wait_until([&] { return e.hanging_calls() == 1; }, patience));
    e.stop();
  });
  EXPECT_EQ(c.complete(key).error_code(), StatusCode::UNAVAILABLE);
  killer.join();
  EXPECT_EQ(e.hanging_calls(), 0U);
  e.start();
  ASSERT_TRUE(c.reaches());
  std::thread again([&] {
    EXPECT_TRUE(e.wait_until([&] { return e.waiting_polls() == 1; }, patience));
    e.stop();
  });
  EXPECT_EQ(c.poll(1, 60s).status.error_code(), StatusCode::UNAVAILABLE);
  again.join();
}

TEST(EngineRestart, TerminatedItEndsPollsAndStreamsWithCancelled) {
  engine e(frozen());
  client c(e);
  stream_reader stream(e, c);
  std::thread stopper([&] {
    EXPECT_TRUE(e.wait_until([&] { return e.waiting_polls() == 1; }, patience));
    e.stop(stop_as::terminated);
  });
  EXPECT_EQ(c.poll(1, 60s).status.error_code(), StatusCode::CANCELLED);
  gw::ActivatedJob job;
  EXPECT_FALSE(stream.next(job));
  EXPECT_EQ(stream.finish().error_code(), StatusCode::CANCELLED);
  stopper.join();
}

TEST(EngineRestart, APortThatIsTakenIsAnError) {
  engine e(frozen());
  auto o = frozen();
  o.port = e.port();
  EXPECT_THROW(engine second(o), std::runtime_error);
}

TEST(EngineLoad, ManyClientsEndEveryJobOnce) {
  auto o = quick();
  o.partitions = 3;
  engine e(o);
  e.create_many({}, 600);
  std::vector<std::thread> workers;
  for (int i = 0; i < 4; ++i) {
    workers.emplace_back([&] {
      client c(e);
      while (e.totals().open > 0) {
        for (const auto& job : c.poll(16, 50ms).jobs) {
          EXPECT_TRUE(c.complete(job.key(), R"({"a":1})").ok());
        }
      }
    });
  }
  EXPECT_TRUE(e.wait_all_ended(60s));
  for (auto& worker : workers) worker.join();
  EXPECT_EQ(e.totals().completed, 600U);
  EXPECT_EQ(e.totals().polled, 600U);
  EXPECT_TRUE(e.totals().adds_up());
  for (const auto& a : e.accounts()) EXPECT_EQ(a.completions_accepted, 1U);
}

}  // namespace
}  // namespace sandbox::engine
