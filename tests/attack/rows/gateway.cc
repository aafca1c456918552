// Rows about a gateway that answers strangely, and about words that must not be mistaken.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/attack/rows/stage.h"

namespace attack {
namespace {

using grpc::StatusCode;
using sandbox::engine::fault;
using sandbox::engine::rpc;
using testing::StartsWith;

TEST(Attacks, long_refusal) {
  stage env;
  report_action("a completion refused with a text of 9,000 characters");
  fault one;
  one.code = StatusCode::INVALID_ARGUMENT;
  one.message = std::string(9'000, 'x');
  one.times = 1;
  env.engine().inject(rpc::complete_job, one);
  const auto job = env.run(call_of("echo"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
  EXPECT_TRUE(env.works());
  env.end();
}

TEST(Attacks, unreadable) {
  sandbox::engine::options engine;
  stage env({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "2000"}}, engine);
  report_action("jobs whose messages are no messages, among ten that are");
  job_spec broken = call_of("echo");
  broken.element_id = "\xff\xfe";
  const auto bad = env.create(broken, 3);
  const auto good = env.create(call_of("echo"), 10);
  EXPECT_TRUE(env.wait([&] { return env.account(bad.front()).activated() > 0; }));
  for (const auto key : bad) env.engine().cancel(key);
  EXPECT_TRUE(env.wait([&] { return env.engine().totals().completed == good.size(); }));
  EXPECT_GT(
      env.worker().lines_with(R"("level":"error")") + env.worker().lines_with(R"("level":"warn)"),
      0U)
      << "no line of the log told it";
  env.end();
}

// Each code of gRPC, once for each call, whatever a gateway means by it. NOT_FOUND is left out: the
// worker believes that such a job is gone (G10).
TEST(Attacks, codes_of_the_gateway) {
  stage env({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "1000"}});
  report_action("each code but OK and NOT_FOUND, once for each call of the gateway");
  constexpr int last_code = 16;
  job_spec throws = call_of("fail", R"({"type":"NoStock"})", R"({"onFunctionError":"bpmnError"})");
  throws.caught_errors = {"NoStock"};
  for (int code = 1; code <= last_code; ++code) {
    if (static_cast<StatusCode>(code) == StatusCode::NOT_FOUND) continue;
    for (const auto which : {rpc::activate_jobs, rpc::stream_activated_jobs, rpc::complete_job,
                             rpc::fail_job, rpc::throw_error, rpc::update_job_timeout}) {
      env.engine().refuse(which, static_cast<StatusCode>(code), "refused", 1);
    }
    env.engine().close_streams(StatusCode::UNAVAILABLE, "the stream broke");
    const auto keys = {env.create(call_of("slow", R"({"ms":600})"), 1).front(),
                       env.create(call_of("service-exception"), 1).front(),
                       env.create(throws, 1).front()};
    EXPECT_TRUE(env.engine().wait_all_ended(journey::patience)) << code;
    for (const auto key : keys) {
      EXPECT_GE(env.lambda().account().job(std::to_string(key)).executions, 1U) << code;
    }
    env.engine().lift_all();  // of a call that was not made
    if (HasFailure()) break;
  }
  EXPECT_TRUE(env.works());
  env.end();
}

TEST(Attacks, restart) {
  // The engine gives out a job again whose activation was lost on its way.
  stage env({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "3000"}});
  report_action("the gateway is killed and started ten times while 200 jobs are under way");
  const auto keys = env.create(call_of("slow", R"({"ms":50})", R"({"retryBackoff":"PT0S"})"), 200);
  for (int i = 0; i < 10; ++i) {
    const auto before = env.engine().totals().open;
    env.wait([&] { return env.engine().totals().open < before || before == 0; });
    env.restart_gateway();
  }
  EXPECT_TRUE(env.engine().wait_all_ended(journey::patience));
  for (const auto key : keys) EXPECT_EQ(env.account(key).state, job_state::completed);
  env.end();
}

}  // namespace
}  // namespace attack
