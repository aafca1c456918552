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
  stage all;
  did("a completion refused with a text of 9,000 characters");
  fault one;
  one.code = StatusCode::INVALID_ARGUMENT;
  one.message = std::string(9'000, 'x');
  one.times = 1;
  all.engine().inject(rpc::complete_job, one);
  const auto job = all.run(call_of("echo"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("RESPONSE_REFUSED: "));
  EXPECT_EQ(all.lambda().account().job(std::to_string(job.key)).executions, 1U);
  EXPECT_TRUE(all.works());
  all.end();
}

TEST(Attacks, unreadable) {
  sandbox::engine::options engine;
  stage all({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "2000"}}, engine);
  did("jobs whose messages are no messages, among ten that are");
  job_spec broken = call_of("echo");
  broken.element_id = "\xff\xfe";
  const auto bad = all.create(broken, 3);
  const auto good = all.create(call_of("echo"), 10);
  EXPECT_TRUE(all.world().wait([&] { return all.world().account(bad.front()).activated() > 0; }));
  for (const auto key : bad) all.engine().cancel(key);
  EXPECT_TRUE(all.world().wait([&] { return all.engine().totals().completed == good.size(); }));
  EXPECT_GT(
      all.worker().lines_with(R"("level":"error")") + all.worker().lines_with(R"("level":"warn)"),
      0U)
      << "nobody was told";
  all.end();
}

TEST(Attacks, restart) {
  // What is lost with an answer on its way comes back when its activation is over.
  stage all({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "3000"}});
  did("the gateway is killed and started ten times while 200 jobs are under way");
  const auto keys = all.create(call_of("slow", R"({"ms":50})", R"({"retryBackoff":"PT0S"})"), 200);
  for (int i = 0; i < 10; ++i) {
    const auto before = all.engine().totals().open;
    all.world().wait([&] { return all.engine().totals().open < before || before == 0; });
    all.restart_gateway();
  }
  EXPECT_TRUE(all.engine().wait_all_ended(journey::patience));
  for (const auto key : keys) EXPECT_EQ(all.world().account(key).state, job_state::completed);
  all.end();
}

}  // namespace
}  // namespace attack
