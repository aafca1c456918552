#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::engine {
namespace {

using grpc::StatusCode;

TEST(EngineStream, PushesJobsThatBecomeActivatableAfterItOpened) {
  engine e(frozen());
  client c(e);
  const auto before = e.create({});
  stream_reader stream(e, c);
  const auto after = e.create({});
  gw::ActivatedJob job;
  ASSERT_TRUE(stream.next(job));
  EXPECT_EQ(job.key(), after);
  EXPECT_EQ(job.worker(), "streamer");
  EXPECT_EQ(e.account(after)->pushed, 1U);
  EXPECT_EQ(e.account(before)->activated(), 0U);
  EXPECT_EQ(c.take().key(), before);
}

TEST(EngineStream, PushesFailedAndExpiredJobsAgain) {
  engine e(frozen());
  client c(e);
  stream_reader stream(e, c, 1500ms);
  const auto key = e.create({});
  gw::ActivatedJob job;
  ASSERT_TRUE(stream.next(job));
  ASSERT_TRUE(c.fail(key, 2).ok());
  ASSERT_TRUE(stream.next(job));
  EXPECT_EQ(job.retries(), 2);
  ASSERT_TRUE(c.fail(key, 1, 500ms).ok());
  e.advance(500ms);
  ASSERT_TRUE(stream.next(job));
  EXPECT_EQ(job.retries(), 1);
  e.advance(1500ms);
  ASSERT_TRUE(stream.next(job));
  EXPECT_EQ(job.retries(), 1);
  EXPECT_EQ(e.account(key)->pushed, 4U);
  EXPECT_EQ(e.account(key)->expired, 1U);
}

TEST(EngineStream, FetchesOnlyWhatItNamed) {
  engine e(frozen());
  client c(e);
  stream_reader stream(e, c, 60s, {"b"});
  job_spec spec;
  spec.variables = R"({"a":1,"b":2})";
  e.create(spec);
  gw::ActivatedJob job;
  ASSERT_TRUE(stream.next(job));
  EXPECT_EQ(job.variables(), R"({"b":2})");
}

TEST(EngineStream, SeveralShareTheJobs) {
  engine e(frozen());
  client c(e);
  stream_reader first(e, c);
  stream_reader second(e, c);
  e.create_many({}, 4);
  gw::ActivatedJob job;
  for (stream_reader* stream : {&first, &second}) {
    ASSERT_TRUE(stream->next(job));
    ASSERT_TRUE(stream->next(job));
  }
  EXPECT_EQ(e.totals().pushed, 4U);
}

TEST(EngineStream, LeavesToPollersWhatAnUnreadOneCannotHold) {
  engine e(frozen());
  client c(e);
  stream_reader stream(e, c);
  job_spec spec;
  spec.variables = "{\"a\":\"" + std::string(std::size_t{1} << 20, 'x') + "\"}";
  e.create_many(spec, 12);
  const auto stuck = e.totals().pushed;
  EXPECT_GE(stuck, 1U);
  EXPECT_LT(stuck, 12U);
  EXPECT_EQ(c.poll(12).jobs.size(), 12 - stuck);
}

TEST(EngineStream, CancelledItGivesNothingBackBeforeTheLeaseIsOver) {
  engine e(frozen());
  client c(e);
  stream_reader stream(e, c);
  e.create_many({}, 5);
  EXPECT_EQ(e.totals().pushed, 5U);
  stream.cancel();
  EXPECT_EQ(stream.finish().error_code(), StatusCode::CANCELLED);
  ASSERT_TRUE(e.wait_until([&] { return e.open_streams() == 0; }, patience));
  EXPECT_TRUE(c.poll().jobs.empty());
  e.advance(60s);
  EXPECT_EQ(c.poll().jobs.size(), 5U);
}

TEST(EngineStream, RefusesBlankTypeAndNoTimeout) {
  engine e(frozen());
  client c(e);
  gw::StreamActivatedJobsRequest r;
  r.set_type("t");
  gw::ActivatedJob job;
  {
    call_context context;
    auto reader = c.stub().StreamActivatedJobs(&context, r);
    EXPECT_FALSE(reader->Read(&job));
    EXPECT_EQ(reader->Finish().error_code(), StatusCode::INVALID_ARGUMENT);
  }
  r.set_type("");
  r.set_timeout(1000);
  call_context context;
  auto reader = c.stub().StreamActivatedJobs(&context, r);
  EXPECT_FALSE(reader->Read(&job));
  EXPECT_EQ(reader->Finish().error_code(), StatusCode::INVALID_ARGUMENT);
}

class EngineStreamEnd : public testing::TestWithParam<StatusCode> {};

TEST_P(EngineStreamEnd, HasTheStatusThatWasAskedForAndANewOneMayFollow) {
  engine e(frozen());
  client c(e);
  gw::ActivatedJob job;
  {
    stream_reader stream(e, c);
    e.close_streams(GetParam(), "");
    EXPECT_FALSE(stream.next(job));
    EXPECT_EQ(stream.finish().error_code(), GetParam());
    EXPECT_EQ(e.open_streams(), 0U);
  }
  stream_reader again(e, c);
  e.create({});
  EXPECT_TRUE(again.next(job));
}

INSTANTIATE_TEST_SUITE_P(Codes, EngineStreamEnd,
                         testing::Values(StatusCode::OK, StatusCode::CANCELLED,
                                         StatusCode::UNAVAILABLE));

}  // namespace
}  // namespace sandbox::engine
