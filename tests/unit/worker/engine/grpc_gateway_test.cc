// Streams, leases and refusals of the gateway over gRPC.
#include <atomic>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <map>

#include "tests/unit/worker/engine/grpc_gateway_fixture.h"

namespace worker::engine {
namespace {

using testing::HasSubstr;

using GrpcGateway = grpc_gateway_fixture;

TEST_F(GrpcGateway, AStreamThatIsNotReadStopsTheGatewayAndNoOtherCall) {
  // given
  serve([](const auto& method, const auto&) {
    return method == "StreamActivatedJobs" ? played{pushed_jobs(5000), {}} : played{{""}, {}};
  });
  // when
  std::optional<status> ended;
  on_job and_pause = [this](job one) {
    taken_.push_back(std::move(one));
    if (taken_.size() == 1) reading_.pause();
  };
  asio::co_spawn(loop_, gateway_->stream(asked(), and_pause, reading_),
                 [&](const std::exception_ptr&, status how) { ended = std::move(how); });
  while (taken_.empty()) loop_.run_one_for(milliseconds(10));
  // then the gateway has sent what fits into the buffers of the connection, and other calls go on
  int before = -1;
  int calls = 0;
  while (server_->written() - calls != before) {
    before = server_->written() - calls;
    std::optional<status> other;
    asio::co_spawn(loop_, gateway_->complete({1, ""}, shared("{}"), time_limit),
                   [&](const std::exception_ptr&, status how) { other = std::move(how); });
    while (!other) loop_.run_one_for(milliseconds(10));
    ASSERT_TRUE(other->ok());
    ++calls;
    loop_.run_for(milliseconds(100));
  }
  EXPECT_LT(before, 300);
  EXPECT_EQ(taken_.size(), 1U);
  EXPECT_FALSE(ended);
  // when
  reading_.resume();
  while (!ended) loop_.run_one_for(milliseconds(10));
  // then
  EXPECT_TRUE(ended->ok());
  EXPECT_EQ(taken_.size(), 5000U);
}

TEST_F(GrpcGateway, AStreamThatIsNotReadCanBeCancelled) {
  // given
  serve([](const auto&, const auto&) { return played{pushed_jobs(10), {}, true}; });
  std::optional<status> ended;
  on_job and_pause = [this](job one) {
    taken_.push_back(std::move(one));
    reading_.pause();
  };
  asio::cancellation_signal cancel;
  asio::co_spawn(
      loop_, gateway_->stream(asked(), and_pause, reading_),
      asio::bind_cancellation_slot(
          cancel.slot(), [&](const std::exception_ptr&, status how) { ended = std::move(how); }));
  while (taken_.empty()) loop_.run_one_for(milliseconds(10));
  // when
  cancel.emit(asio::cancellation_type::terminal);
  while (!ended) loop_.run_one_for(milliseconds(10));
  // then
  EXPECT_EQ(ended->code, status_code::cancelled);
}

TEST_F(GrpcGateway, WholeMessagesAreTakenAndUnknownFieldsPassedOver) {
  serve([](const auto& method, const auto&) {
    if (method == "ActivateJobs") return played{{jobs(2), "\x98\x06\x01", jobs(1)}, {}};
    return played{{""}, {}};
  });
  EXPECT_TRUE(poll().ok());
  EXPECT_EQ(taken_.size(), 3U);
  EXPECT_TRUE(run(gateway_->complete({1, ""}, shared("{}"), time_limit)).ok());
  EXPECT_FALSE(gateway_->unreadable_at().has_value());
}

// Field numbers are the wire's: written here by hand.
TEST_F(GrpcGateway, AJobOf810BringsItsTokenAndMarksAndFieldsOfLaterVersionsArePassedOver) {
  // given
  const std::string job =
      "\x08\x07"           // key 7
      "\x92\x01\x04vip1"   // 18 tags
      "\x92\x01\x04vip2"   // a second one
      "\x98\x01\x32"       // 19 priority 50
      "\xa2\x01\x05order"  // 20 businessId
      "\xaa\x01\x05token"  // 21 jobLeaseToken
      "\xb2\x01\x04"
      "blue"               // 22 physicalTenantId
      "\xda\x3e\x03new"    // 1003, of a version to come
      "\x7a\x02\x08\x01";  // 15 userTask, which is not read
  serve([&job](const auto&, const auto&) { return played{{job}, {}}; });

  // when
  const auto ended = run(gateway_->stream(asked(), take(), reading_));

  // then
  EXPECT_TRUE(ended.ok()) << ended.message;
  ASSERT_EQ(taken_.size(), 1U);
  const auto& one = taken_.front();
  EXPECT_EQ(one.key, 7);
  EXPECT_THAT(one.tags, testing::ElementsAre("vip1", "vip2"));
  EXPECT_EQ(one.priority, 50);
  EXPECT_EQ(one.business_id, "order");
  EXPECT_EQ(one.lease_token, "token");
  EXPECT_EQ(one.physical_tenant, "blue");
}

TEST_F(GrpcGateway, TagsAndIdsAreBoundedAndTheTokenIsWhole) {
  serve([](const auto&, const auto&) {
    pb::ActivatedJob one;
    one.set_key(1);
    for (int i = 0; i < 100; ++i) one.add_tags(std::string(1000, 't'));
    one.set_businessid(std::string(255, 'b') + "\xc3\xa4");
    one.set_jobleasetoken(std::string(1000, 'l'));
    return played{{one.SerializeAsString()}, {}};
  });
  EXPECT_TRUE(run(gateway_->stream(asked(), take(), reading_)).ok());
  ASSERT_EQ(taken_.size(), 1U);
  EXPECT_EQ(taken_[0].tags.size(), 32U);
  EXPECT_EQ(taken_[0].tags[0].size(), 256U);
  EXPECT_EQ(taken_[0].business_id, std::string(255, 'b'));
  EXPECT_EQ(taken_[0].lease_token.size(), 1000U);
}

// What the gateway is asked and told, as bytes: {method, field, text}.
TEST_F(GrpcGateway, ALeaseIsAskedForAndItsTokenGoesWithEveryCommand) {
  // given
  std::map<std::string, std::string> sent;
  serve([&sent](const std::string& method, const std::string& request) {
    sent[method] = request;
    if (method == "ActivateJobs" || method == "StreamActivatedJobs") return played{};
    return played{{""}, {}};
  });
  auto with_lease = asked();
  with_lease.with_lease = true;
  const job_ref job{7, "token"};

  // when
  run(gateway_->activate(with_lease, 10, milliseconds(1000), take()));
  run(gateway_->stream(with_lease, take(), reading_));
  run(gateway_->complete(job, shared("{}"), time_limit));
  run(gateway_->fail(job, 1, "m", milliseconds(0), shared("{}"), time_limit));
  run(gateway_->throw_error(job, "E", "m", shared("{}"), time_limit));
  run(gateway_->update_timeout(job, milliseconds(1000), time_limit));

  // then
  EXPECT_THAT(sent["ActivateJobs"], HasSubstr(std::string("\x48\x01")));
  EXPECT_THAT(sent["StreamActivatedJobs"], HasSubstr(std::string("\x40\x01")));
  EXPECT_THAT(sent["CompleteJob"], HasSubstr("\x22\x05token"));
  EXPECT_THAT(sent["FailJob"], HasSubstr("\x32\x05token"));
  EXPECT_THAT(sent["ThrowError"], HasSubstr("\x2a\x05token"));
  EXPECT_THAT(sent["UpdateJobTimeout"], HasSubstr("\x22\x05token"));
  EXPECT_EQ(sent.size(), 6U);

  // An engine that gave none gets none, not an empty one.
  run(gateway_->complete({7, ""}, shared("{}"), time_limit));
  EXPECT_EQ(sent["CompleteJob"], "\x08\x07\x12\x02{}");
  run(gateway_->stream(asked(), take(), reading_));
  EXPECT_THAT(sent["StreamActivatedJobs"], testing::Not(HasSubstr(std::string("\x40\x01"))));
}

TEST_F(GrpcGateway, ALongRefusalIsReadWhole) {
  serve([](const auto&, const auto&) {
    return played{{}, {grpc::StatusCode::INVALID_ARGUMENT, "no: " + std::string(50'000, 'x')}};
  });
  const auto answer = run(gateway_->complete({1, ""}, shared("{}"), time_limit));
  EXPECT_EQ(answer.code, status_code::invalid_argument);
  EXPECT_EQ(answer.message.size(), 50'004U);
  EXPECT_EQ(classify(answer), status_class::refused);
}

// The answer that is too long ends the connection, and with it other calls in the same words.
TEST_F(GrpcGateway, ARefusalThatIsTooLongIsFinalAndThoseBesideItAreNotRefused) {
  std::atomic<int> held{0};
  serve([&held](const auto& method, const auto& request) {
    pb::CompleteJobRequest asked;
    asked.ParseFromString(request);
    if (method == "CompleteJob" && asked.jobkey() == 1) {
      return played{{}, {grpc::StatusCode::INVALID_ARGUMENT, std::string(100'000, 'x')}};
    }
    // The first one beside it is left waiting.
    return held++ == 0 ? played{{}, {}, true} : played{{""}, {}};
  });
  status beside;
  asio::co_spawn(loop_, gateway_->complete({2, ""}, shared("{}"), time_limit),
                 [&](const std::exception_ptr&, status how) { beside = std::move(how); });
  while (held == 0) loop_.run_one_for(milliseconds(10));

  const auto first = run(gateway_->complete({1, ""}, shared("{}"), time_limit));
  EXPECT_EQ(first.code, status_code::unavailable);
  EXPECT_EQ(classify(first), status_class::transient);
  EXPECT_EQ(classify(beside), status_class::transient);

  EXPECT_TRUE(run(gateway_->complete({2, ""}, shared("{}"), time_limit)).ok());
  const auto second = run(gateway_->complete({1, ""}, shared("{}"), time_limit));
  EXPECT_EQ(second.defect, response_defect::too_long);
  EXPECT_EQ(classify(second), status_class::refused);
  EXPECT_THAT(second.message, HasSubstr("64 KiB"));
  EXPECT_TRUE(run(gateway_->complete({3, ""}, shared("{}"), time_limit)).ok());
}

}  // namespace
}  // namespace worker::engine
