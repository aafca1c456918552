// When leases are extended, and what the engine's answer makes of a job (worker/jobs/README.md).
#include "worker/jobs/lease_renewer.h"

#include "tests/unit/worker/jobs/jobs_fixture.h"

namespace worker::jobs {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class lease_renewer_fixture : public jobs_fixture {
 protected:
  void SetUp() override { loops_.spawn(renewer_.run()); }
  void TearDown() override {
    renewer_.stop();
    clock_.run();
    EXPECT_EQ(loops_.running() + tasks_.running(), 0U);
    jobs_fixture::TearDown();
  }

  active_job_ptr registered(engine::job_key of = key, milliseconds length = lease_length) {
    auto active = running(job(of), length);
    active->abandon_signal().slot().assign(
        [this](boost::asio::cancellation_type) { ++abandoned_; });
    jobs_.emplace(of, active);
    return active;
  }
  std::size_t extensions() const { return gateway_.count("UpdateJobTimeout"); }

  static void no_bug(const std::exception_ptr& escaped) { EXPECT_FALSE(escaped); }

  job_registry jobs_;
  task_group tasks_{loop_.get_executor(), no_bug};
  task_group loops_{loop_.get_executor(), no_bug};
  standstill still_{lease_length};
  int unsupported_ = 0;
  int abandoned_ = 0;
  lease_renewer renewer_{loop_.get_executor(),      gateway_, jobs_, tasks_, still_, lease_length,
                         [this] { ++unsupported_; }};
};

struct renewal {
  std::string name;
  engine::status when;  // the answer to each extension
  // Then, after two minutes with a lease of one:
  std::size_t calls;  // how many extensions were asked for; 0: many
  bool active;        // the activation still lives
  bool abandoned;     // the call was cut short
  lease_counters count;
};

class LeaseRenewerTable : public lease_renewer_fixture,
                          public testing::WithParamInterface<renewal> {};

TEST_P(LeaseRenewerTable, AnswerToAnExtension) {
  // given
  const auto& given = GetParam();
  gateway_.answer("UpdateJobTimeout", {given.when});
  const auto active = registered();
  // when
  clock_.pass(seconds(40), milliseconds(100));
  // then
  if (given.calls > 0) {
    EXPECT_EQ(extensions(), given.calls);
  } else {
    // In 16 s, with pauses of a fortieth of the lease.
    EXPECT_GE(extensions(), 8U);
    EXPECT_LE(extensions(), 11U);
  }
  EXPECT_EQ(active->may_be_failed(boot_clock::now()), given.active);
  EXPECT_EQ(abandoned_, given.abandoned ? 1 : 0);
  const auto& count = renewer_.count();
  EXPECT_EQ(count.extended, given.count.extended);
  EXPECT_EQ(count.refused > 0, given.count.refused > 0);
  EXPECT_EQ(count.lost, given.count.lost);
  EXPECT_EQ(count.gone, given.count.gone);
  EXPECT_EQ(count.fenced, given.count.fenced);
  EXPECT_EQ(unsupported_, given.name == "UnknownCall" ? 1 : 0);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, LeaseRenewerTable,
    testing::Values(
        renewal{"Taken", says::ok, 1, true, false, {1, 0, 0, 0}},
        renewal{"BackPressureIsTriedAgain", says::busy, 0, true, false, {0, 1, 0, 0}},
        renewal{"LostIsTriedAgain", says::lost, 0, true, false, {0, 1, 0, 0}},
        renewal{"ProxyIsTriedAgain", says::of_a_proxy, 0, true, false, {0, 1, 0, 0}},
        renewal{"NotActiveEndsTheActivation", says::not_active, 1, false, false, {0, 0, 1, 0}},
        renewal{"RefusedIsNotTriedAgain", says::refused, 1, true, false, {0, 0, 1, 0}},
        renewal{"GoneAbandonsTheCall", says::gone, 1, false, true, {0, 0, 0, 1}},
        renewal{"AnotherLeaseAbandonsTheCall", says::fenced, 1, false, true, {0, 0, 0, 0, 1}},
        renewal{"UnknownCall", says::no_such_call, 5, true, false, {0, 1, 0, 0}}),
    [](const testing::TestParamInfo<renewal>& info) { return info.param.name; });

using LeaseRenewer = lease_renewer_fixture;

TEST_F(LeaseRenewer, ExtendsBeforeHalfOfTheLeaseIsOver) {
  // given
  registered();
  // when
  clock_.pass(lease_length * 2 / 5 - seconds(1), milliseconds(100));
  EXPECT_THAT(gateway_.calls(), IsEmpty());
  clock_.pass(lease_length / 10 - milliseconds(100), milliseconds(100));
  // then
  EXPECT_THAT(gateway_.calls(), ElementsAre("UpdateJobTimeout 7 timeout=60000 limit=10000"));
}

TEST_F(LeaseRenewer, KnowsThatTheWorkerStoodStillAndNothingElse) {
  clock_.pass(minutes(2), milliseconds(100));
  EXPECT_EQ(still_.greatest_age(boot_clock::now()), milliseconds(0));
  clock_.skip(minutes(10));
  EXPECT_GE(still_.greatest_age(boot_clock::now()), minutes(10));
  clock_.run();
  EXPECT_GE(still_.greatest_age(boot_clock::now()), minutes(10));
}

TEST_F(LeaseRenewer, AnExtensionCountsFromWhenItWasAskedFor) {
  // given
  gateway_.leave_open("UpdateJobTimeout");
  const auto active = registered();
  clock_.pass(seconds(24), milliseconds(100));
  ASSERT_EQ(extensions(), 1U);
  const auto asked_at = boot_clock::now();
  // when: the answer takes two seconds
  clock_.pass(seconds(2), milliseconds(100));
  gateway_.end_open("UpdateJobTimeout", says::ok);
  clock_.run();
  // then
  EXPECT_EQ(active->current_lease().expires, asked_at + lease_length);
}

TEST_F(LeaseRenewer, AsksOnceAtATimeForAJob) {
  // given
  gateway_.leave_open("UpdateJobTimeout");
  registered();
  // when
  clock_.pass(seconds(50), milliseconds(100));
  // then
  EXPECT_EQ(extensions(), 1U);
  gateway_.end_open("UpdateJobTimeout", says::ok);
}

TEST_F(LeaseRenewer, AsksForThoseFirstWhoseLeaseEndsFirstAndForManyAtATime) {
  // given: 129 jobs; the last one's lease ends first
  gateway_.leave_open("UpdateJobTimeout");
  for (engine::job_key one = 1; one <= 129; ++one) {
    registered(one, lease_length - milliseconds(one));
  }
  // when
  clock_.pass(seconds(25), milliseconds(100));
  // then
  ASSERT_EQ(extensions(), 128U);
  EXPECT_EQ(gateway_.calls().front(), "UpdateJobTimeout 129 timeout=60000 limit=10000");
  EXPECT_EQ(gateway_.calls().back(), "UpdateJobTimeout 2 timeout=60000 limit=10000");
  gateway_.leave_open("UpdateJobTimeout", false);
  while (gateway_.end_open("UpdateJobTimeout", says::ok)) {
  }
  clock_.pass(seconds(2), milliseconds(100));
  EXPECT_EQ(extensions(), 129U);
}

TEST_F(LeaseRenewer, DoesNotExtendAnActivationThatIsOver) {
  // given
  registered();
  // when: the machine slept
  clock_.skip(lease_length);
  clock_.pass(seconds(5), milliseconds(100));
  // then
  EXPECT_THAT(gateway_.calls(), IsEmpty());
}

TEST_F(LeaseRenewer, AnAnswerAboutAnEarlierActivationSaysNothingOfThisOne) {
  // given
  gateway_.leave_open("UpdateJobTimeout");
  const auto active = registered();
  clock_.pass(seconds(24), milliseconds(100));
  ASSERT_EQ(extensions(), 1U);
  // when
  activate_again(*active);
  gateway_.end_open("UpdateJobTimeout", says::not_active);
  clock_.run();
  // then
  EXPECT_TRUE(active->may_be_failed(boot_clock::now()));
  EXPECT_EQ(renewer_.count().lost, 0U);
  clock_.pass(seconds(25), milliseconds(100));
  EXPECT_EQ(extensions(), 2U);
  gateway_.end_open("UpdateJobTimeout", says::ok);
}

TEST_F(LeaseRenewer, AnExtensionCarriesTheTokenAndItsRefusalIsAboutThatActivationAlone) {
  // given
  gateway_.leave_open("UpdateJobTimeout");
  auto leased = job();
  leased.lease_token = "first";
  const auto active = running(leased);
  jobs_.emplace(key, active);
  clock_.pass(seconds(24), milliseconds(100));
  EXPECT_THAT(gateway_.calls(), ElementsAre("UpdateJobTimeout 7/first timeout=60000 limit=10000"));
  // when
  leased.lease_token = "second";
  active->activated_again(leased, {boot_clock::now() + lease_length, lease_length});
  gateway_.end_open("UpdateJobTimeout", says::fenced);
  clock_.run();
  // then
  EXPECT_EQ(active->state(), job_state::running);
  EXPECT_EQ(renewer_.count().fenced, 0U);
  clock_.pass(seconds(25), milliseconds(100));
  EXPECT_EQ(gateway_.calls().back(), "UpdateJobTimeout 7/second timeout=60000 limit=10000");
  gateway_.end_open("UpdateJobTimeout", says::fenced);
  clock_.run();
  EXPECT_EQ(active->state(), job_state::gone);
  EXPECT_TRUE(active->is_fenced());
}

TEST_F(LeaseRenewer, AJobThatIsGoneWakesTheSenderOfItsResult) {
  // given
  gateway_.answer("UpdateJobTimeout", {says::gone});
  const auto active = registered();
  loops_.spawn(active->wait_for_change(hours(1)));
  // when
  clock_.pass(seconds(25), milliseconds(100));
  // then
  EXPECT_EQ(loops_.running(), 1U) << "the renewer alone";
}

TEST_F(LeaseRenewer, NoExtensionOutlastsTheStop) {
  // given
  gateway_.answer("UpdateJobTimeout", {says::lost});
  registered();
  // when
  renewer_.end_by(boot_clock::now() + seconds(25));
  clock_.pass(seconds(24), milliseconds(100));
  // then
  EXPECT_GT(extensions(), 0U);
  EXPECT_LT(gateway_.limit_of("UpdateJobTimeout"), seconds(2));
}

TEST_F(LeaseRenewer, AnAnswerOfAServerWithoutTheCallIsNotBelievedAtOnce) {
  // given
  gateway_.answer("UpdateJobTimeout", {says::no_such_call, says::no_such_call, says::ok});
  const auto active = registered();
  // when
  clock_.pass(seconds(40), milliseconds(100));
  // then
  EXPECT_EQ(extensions(), 3U);
  EXPECT_EQ(unsupported_, 0);
  EXPECT_EQ(renewer_.count().extended, 1U);
  EXPECT_TRUE(active->may_be_failed(boot_clock::now()));
}

TEST_F(LeaseRenewer, AGatewayWithoutTheCallIsNotAskedAnyMoreForAnyJob) {
  // given
  gateway_.answer("UpdateJobTimeout", {says::no_such_call});
  registered(1);
  clock_.pass(seconds(40), milliseconds(100));
  const auto asked = extensions();
  ASSERT_EQ(unsupported_, 1);
  // when
  registered(2);
  clock_.pass(seconds(50), milliseconds(100));
  // then
  EXPECT_EQ(extensions(), asked);
  EXPECT_EQ(unsupported_, 1);
}

}  // namespace
}  // namespace worker::jobs
