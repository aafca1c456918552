// Lease tokens of 8.10, and engines of the versions before.
#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::engine {
namespace {

using grpc::StatusCode;

gw::ActivateJobsRequest poll_with_lease() {
  auto r = client::poll_request();
  r.set_withlease(true);
  return r;
}

gw::ActivatedJob take_leased(client& c) {
  auto got = c.poll(poll_with_lease());
  EXPECT_EQ(got.jobs.size(), 1U);
  return got.jobs.empty() ? gw::ActivatedJob() : got.jobs.front();
}

grpc::Status complete_with(client& c, std::int64_t key, const std::string& token) {
  gw::CompleteJobRequest r;
  r.set_jobkey(key);
  r.set_jobleasetoken(token);
  call_context context;
  gw::CompleteJobResponse response;
  return c.stub().CompleteJob(&context, r, &response);
}

grpc::Status extend_with(client& c, std::int64_t key, const std::string& token) {
  gw::UpdateJobTimeoutRequest r;
  r.set_jobkey(key);
  r.set_timeout(60000);
  r.set_jobleasetoken(token);
  call_context context;
  gw::UpdateJobTimeoutResponse response;
  return c.stub().UpdateJobTimeout(&context, r, &response);
}

TEST(EngineLeases, EachActivationHasATokenOfItsOwnAndOnlyTheLatestCounts) {
  // given
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  const auto first = take_leased(c).jobleasetoken();
  e.advance(61s);
  const auto second = take_leased(c).jobleasetoken();
  ASSERT_NE(first, "");
  ASSERT_NE(first, second);
  // then
  const auto stale = complete_with(c, key, first);
  EXPECT_EQ(stale.error_code(), StatusCode::FAILED_PRECONDITION);
  EXPECT_EQ(stale.error_message(),
            "Command 'COMPLETE' rejected with code 'INVALID_STATE': Expected to complete job with "
            "key '" +
                std::to_string(key) + "', but the provided lease token does not match");
  for (const auto& without : {c.complete(key), c.fail(key, 1), c.throw_error(key, "E")}) {
    EXPECT_EQ(without.error_code(), StatusCode::FAILED_PRECONDITION);
    EXPECT_NE(without.error_message().find("must be provided"), std::string::npos);
  }
  EXPECT_EQ(e.account(key)->fenced, 4U);
  EXPECT_TRUE(complete_with(c, key, second).ok());
}

TEST(EngineLeases, AnUpdateComparesTheTokenOnlyWhenItHasOne) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  const auto token = take_leased(c).jobleasetoken();
  EXPECT_TRUE(c.extend(key, 60s).ok());
  EXPECT_TRUE(c.set_retries(key, 5).ok());
  EXPECT_TRUE(extend_with(c, key, token).ok());
  EXPECT_EQ(extend_with(c, key, "another").error_code(), StatusCode::FAILED_PRECONDITION);
}

TEST(EngineLeases, AJobOnceLeasedReachesNoClientThatDoesNotLease) {
  // given
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  const auto token = take_leased(c).jobleasetoken();
  gw::FailJobRequest fail;
  fail.set_jobkey(key);
  fail.set_retries(2);
  fail.set_jobleasetoken(token);
  call_context context;
  gw::FailJobResponse response;
  stream_reader plain(e, c);
  ASSERT_TRUE(c.stub().FailJob(&context, fail, &response).ok());
  // then
  EXPECT_TRUE(c.poll().jobs.empty());
  EXPECT_EQ(e.account(key)->pushed, 0U);
  EXPECT_EQ(take_leased(c).key(), key);
}

TEST(EngineLeases, AnActivationWithoutTheWishHasNoToken) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  EXPECT_FALSE(c.take().has_jobleasetoken());
  EXPECT_TRUE(complete_with(c, key, "of another time").ok());
}

TEST(EngineLeases, AnEngineSpeaksItsVersion) {
  for (const int minor : {7, 8, 9, 10}) {
    SCOPED_TRACE(minor);
    auto o = frozen();
    o.speaks.minor = minor;
    o.speaks.physical_tenant = "blue";
    engine e(o);
    client c(e);
    job_spec spec;
    spec.kind = 1;
    spec.listener_event = 5;
    spec.tags = {"vip"};
    spec.priority = 50;
    spec.business_id = "order-7";
    const auto key = e.create(spec);
    const auto job = take_leased(c);
    EXPECT_EQ(job.kind(), minor >= 8 ? 1 : 0);
    EXPECT_EQ(job.tags_size(), minor >= 8 ? 1 : 0);
    EXPECT_EQ(job.priority(), minor >= 10 ? 50 : 0);
    EXPECT_EQ(job.businessid(), minor >= 10 ? "order-7" : "");
    EXPECT_EQ(job.physicaltenantid(), minor >= 10 ? "blue" : "");
    EXPECT_EQ(job.has_jobleasetoken(), minor >= 10);
    EXPECT_EQ(complete_with(c, key, "another").ok(), minor < 10);
  }
}

}  // namespace
}  // namespace sandbox::engine
