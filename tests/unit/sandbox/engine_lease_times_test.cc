// How long a job is activated for, and what ends that.
#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::engine {
namespace {

using grpc::StatusCode;

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

}  // namespace
}  // namespace sandbox::engine
