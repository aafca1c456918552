// Answers that no engine should give: no messages, compressed ones, jobs that were not asked for.
#include "tests/unit/worker/engine/grpc_gateway_fixture.h"

namespace worker::engine {
namespace {

using testing::HasSubstr;

using UnreadableAnswers = grpc_gateway_fixture;

TEST_F(UnreadableAnswers, APollAnsweredWithBytesThatAreNoMessageIsNoEmptyPoll) {
  serve([](const auto&, const auto&) { return played{{"\xff\xff\xff no message"}, {}}; });
  const auto answer = poll();
  EXPECT_EQ(answer.code, status_code::internal);
  EXPECT_EQ(answer.defect, response_defect::unreadable);
  EXPECT_THAT(answer.message, HasSubstr("no message of the gateway's protocol"));
  EXPECT_EQ(classify(answer), status_class::transient);
  EXPECT_TRUE(gateway_->unreadable_at().has_value());
  EXPECT_EQ((gateway_->calls().at({"ActivateJobs", status_code::internal})), 1U);
}

TEST_F(UnreadableAnswers, ACompressedAnswerIsSaidToBeOne) {
  for (const auto how : {GRPC_COMPRESS_GZIP, GRPC_COMPRESS_DEFLATE}) {
    serve([](const auto&, const auto&) { return played{{jobs(3)}, {}}; }, how);
    const auto answer = poll();
    EXPECT_EQ(answer.defect, response_defect::unreadable);
    EXPECT_THAT(answer.message, HasSubstr("compressed"));
    EXPECT_TRUE(taken_.empty());
  }
}

TEST_F(UnreadableAnswers, JobsBeforeAnAnswerThatCannotBeReadAreTaken) {
  serve([](const auto&, const auto&) { return played{{jobs(2), "\xff"}, {}}; });
  EXPECT_EQ(poll().defect, response_defect::unreadable);
  EXPECT_EQ(taken_.size(), 2U);
}

TEST_F(UnreadableAnswers, TextThatIsNotUtf8IsNoMessage) {
  // customHeaders of one job.
  serve([](const auto&, const auto&) {
    return played{{std::string("\x0a\x03\x4a\x01\xff", 5)}, {}};
  });
  EXPECT_EQ(poll().defect, response_defect::unreadable);
}

// Bytes of something else may parse as a job of unknown fields.
TEST_F(UnreadableAnswers, JobsThatWereNotAskedForAreNotTaken) {
  pb::ActivateJobsResponse strange;
  strange.add_jobs()->set_key(0);
  strange.add_jobs()->set_key(-1);
  auto* other = strange.add_jobs();
  other->set_key(5);
  other->set_type("another");
  const auto batch = strange.SerializeAsString();
  serve([&](const auto& method, const auto&) {
    if (method == "ActivateJobs") return played{{batch, jobs(2)}, {}};
    return played{{"", other->SerializeAsString(), pushed_jobs(1).front()}, {}};
  });
  const auto answer = poll();
  EXPECT_EQ(answer.defect, response_defect::unreadable);
  EXPECT_THAT(answer.message, HasSubstr("of another type than asked"));
  EXPECT_EQ(taken_.size(), 2U);
  EXPECT_TRUE(run(gateway_->stream(asked(), take(), reading_)).ok());
  EXPECT_EQ(taken_.size(), 3U);
}

TEST_F(UnreadableAnswers, AnUnreadablePushEndsTheStream) {
  serve([](const auto&, const auto&) { return played{{"\xff"}, {}, true}; });
  const auto answer = run(gateway_->stream(asked(), take(), reading_));
  EXPECT_EQ(answer.defect, response_defect::unreadable);
  EXPECT_EQ(answer.code, status_code::internal);
}

TEST_F(UnreadableAnswers, AnUnreadableAnswerToACommandIsNotTakenForAYes) {
  serve([](const auto&, const auto&) { return played{{"\xff"}, {}}; });
  topology ignored;
  EXPECT_EQ(run(gateway_->ask_topology(ignored, time_limit)).defect, response_defect::unreadable);
  EXPECT_EQ(run(gateway_->complete({1, ""}, shared("{}"), time_limit)).defect,
            response_defect::unreadable);
}

TEST_F(UnreadableAnswers, AYesWithoutAMessageIsNotTakenForOne) {
  serve([](const auto&, const auto&) { return played{}; });
  const auto answer = run(gateway_->set_variables(1, "{}", time_limit));
  EXPECT_EQ(answer.defect, response_defect::unreadable);
  EXPECT_THAT(answer.message, HasSubstr("no message"));
}

// The version stands in a line of the log, and on the terminal of `check`.
TEST_F(UnreadableAnswers, TheTopologyOfAHostileGatewayIsBoundedAndShowable) {
  // given
  pb::TopologyResponse hostile;
  hostile.set_gatewayversion("8.10\x1b[2J\xe2\x80\xae" + std::string(1'000'000, '9'));
  hostile.set_clustersize(-1);
  hostile.set_partitionscount(-2'000'000'000);
  for (int i = 0; i < 5'000; ++i) {
    auto* const broker = hostile.add_brokers();
    broker->set_nodeid(-i);
    broker->set_version(i % 2 == 0 ? "" : "99999999999999999999.-1");
    broker->add_partitions()->set_role(static_cast<pb::Partition::PartitionBrokerRole>(77));
  }
  serve([&](const auto&, const auto&) { return played{{hostile.SerializeAsString()}, {}}; });
  // when
  topology found;
  const auto answer = run(gateway_->ask_topology(found, time_limit));
  // then
  EXPECT_TRUE(answer.ok()) << answer.message;
  EXPECT_LE(found.gateway_version.size(), 300U);
  EXPECT_THAT(found.gateway_version, testing::StartsWith("8.10\\u001b[2J\\u202e99"));
  EXPECT_EQ(found.brokers, 5'000);
  EXPECT_EQ(found.partitions_led, 0);
  EXPECT_EQ(found.broker_versions.size(), 5'000U);
  // Cut short it is no message.
  const auto whole = hostile.SerializeAsString();
  serve([&](const auto&, const auto&) { return played{{whole.substr(0, whole.size() / 2)}, {}}; });
  EXPECT_EQ(run(gateway_->ask_topology(found, time_limit)).defect, response_defect::unreadable);
}

}  // namespace
}  // namespace worker::engine
