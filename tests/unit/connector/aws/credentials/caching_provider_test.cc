// Who a task calls as: one question to STS for all tasks that ask in the same words.
#include "connector/aws/credentials/caching_provider.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/connector/aws/credentials/identities_fixture.h"

namespace connector::aws {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

TEST_F(Identities, GiveTheWorkersOwn) {
  EXPECT_EQ(get(identity{}), worker_key.id);
  EXPECT_EQ(tested_->describe(), "test");
  EXPECT_EQ(server_.count(), 0U);
}

TEST_F(Identities, GiveTheKeysOfATask) {
  identity who;
  who.from = identity::kind::keys;
  who.access_key_id = "TASK";
  who.secret_access_key = secret_string("secret");
  EXPECT_EQ(get(who), "TASK");
  tested_->expired(who, "TASK");
  EXPECT_EQ(get(who), "TASK");
  who.secret_access_key = secret_string("");
  EXPECT_THAT(get(who), HasSubstr("permanent: secretAccessKey is missing"));
}

TEST_F(Identities, AskStsOnceForAStormAndOnceMoreAtExpiry) {
  const auto all = get(as_role(), 10'000);
  for (const auto& each : all) ASSERT_EQ(each, "ASIASTS1");
  EXPECT_EQ(server_.count(), 1U);
  wall_ahead_ = 2h;
  ahead_ = 2h;
  server_.set_life(4h);
  for (const auto& each : get(as_role(), 10'000)) ASSERT_EQ(each, "ASIASTS2");
  EXPECT_EQ(server_.count(), 2U);
}

TEST_F(Identities, AskForEveryWordingOfItsOwn) {
  auto who = as_role();
  EXPECT_EQ(get(who), "ASIASTS1");
  who.role->external_id = "ext";
  EXPECT_EQ(get(who), "ASIASTS2");
  who.role->session_name = "name";
  EXPECT_EQ(get(who), "ASIASTS3");
  who.role->duration_seconds = 1800;
  EXPECT_EQ(get(who), "ASIASTS4");
  who.role->session_tags["team"] = "a";
  EXPECT_EQ(get(who), "ASIASTS5");
  EXPECT_EQ(server_.calls().back().fields.at("Tags.member.1.Value"), "a");
  EXPECT_EQ(get(who), "ASIASTS5");
  EXPECT_EQ(get(as_role()), "ASIASTS1");
  EXPECT_EQ(tested_->size(), 5U);
}

TEST_F(Identities, TakeARoleOverWithTheKeysOfATask) {
  auto who = as_role();
  who.from = identity::kind::keys;
  who.access_key_id = worker_key.id;
  who.secret_access_key = secret_string("not-the-secret");
  EXPECT_THAT(get(who), HasSubstr("SignatureDoesNotMatch"));
  EXPECT_THAT(get(who), Not(HasSubstr("not-the-secret")));
  // A wrong secret never finds what the right one made, and the other way round.
  who.secret_access_key = secret_string(worker_key.secret);
  EXPECT_EQ(get(who), "ASIASTS1");
  EXPECT_NE(identity_key(who), identity_key(as_role()));
}

TEST_F(Identities, AskInTheRegionOfTheCall) {
  auto who = as_role();
  EXPECT_EQ(get(who), "ASIASTS1");
  EXPECT_EQ(regions_.back(), "us-east-1");
  who.region = "";
  EXPECT_THAT(get(who), HasSubstr("permanent: AssumeRole of arn:aws:iam::123456789012:role/worker: "
                                  "no region"));
}

TEST_F(Identities, RememberARefusalForAWhile) {
  server_.require_external_id(worker_role, "secret-id");
  for (const auto& each : get(as_role(), 100)) EXPECT_THAT(each, HasSubstr("permanent: "));
  for (int i = 0; i < 10; ++i) EXPECT_THAT(get(as_role()), HasSubstr("AccessDenied"));
  EXPECT_EQ(server_.count(), 1U);
  ahead_ = 2s;
  get(as_role());
  EXPECT_EQ(server_.count(), 2U);
}

TEST_F(Identities, KeepOldKeysWhileStsIsAway) {
  EXPECT_EQ(get(as_role()), "ASIASTS1");
  wall_ahead_ = 50min;
  ahead_ = 50min;
  server_.fail({503, "", "x", 1000});
  EXPECT_EQ(get(as_role()), "ASIASTS1");
  EXPECT_TRUE(run_until([&] { return server_.count() == 4; }));
  EXPECT_EQ(get(as_role()), "ASIASTS1");
}

TEST_F(Identities, AreFetchedAgainOnceAfterAServiceCalledThemExpired) {
  EXPECT_EQ(get(as_role()), "ASIASTS1");
  ahead_ = 1min;
  for (int i = 0; i < 50; ++i) tested_->expired(as_role(), "ASIASTS1");
  EXPECT_EQ(get(as_role(), 50), std::vector<std::string>(50, "ASIASTS2"));
  EXPECT_EQ(server_.count(), 2U);
}

TEST_F(Identities, RenewTheKeysBelowWhenStsCallsThemExpired) {
  auto old = own_keys();
  old.access_key_id = "AKIDOLD";
  sandbox::access_key dead;
  dead.id = "AKIDOLD";
  dead.expires = std::chrono::system_clock::now() - 1h;
  server_.set_keys({worker_key, dead});
  make(std::make_unique<rotating_source>(std::deque<credentials>{old, own_keys()}));
  EXPECT_EQ(get(identity{}), "AKIDOLD");
  ahead_ = 1min;
  EXPECT_EQ(get(as_role()), "ASIASTS1");
  EXPECT_EQ(server_.count(), 2U);
  EXPECT_EQ(get(identity{}), worker_key.id);
}

TEST_F(Identities, AskOnceMoreWhenTheClockIsWrongAndRememberIt) {
  for (const auto ahead : {20min, -20min}) {
    server_.set_clock(ahead);
    const auto before = server_.count();
    EXPECT_THAT(get(as_role(fmt::format("arn:aws:iam::123456789012:role/at-{}", ahead.count()))),
                StartsWith("ASIASTS"));
    EXPECT_EQ(server_.count() - before, 2U);
    EXPECT_THAT(get(as_role(fmt::format("arn:aws:iam::123456789012:role/on-{}", ahead.count()))),
                StartsWith("ASIASTS"));
    EXPECT_EQ(server_.count() - before, 3U);
  }
}

// What is wrong is not the time: asked once, although STS says the same of a bad signature.
TEST_F(Identities, AskOnceWhenTheSignatureIsWrongForAnotherReason) {
  auto wrong = own_keys();
  wrong.secret_access_key = secret_string("another");
  make(make_static_source(wrong));
  EXPECT_THAT(get(as_role()), HasSubstr("SignatureDoesNotMatch"));
  EXPECT_EQ(server_.count(), 1U);
}

TEST_F(Identities, AreBounded) {
  make(make_static_source(own_keys()), 10);
  for (int i = 0; i < 30; ++i) get(as_role(worker_role + std::to_string(i)));
  EXPECT_EQ(tested_->size(), 10U);
  EXPECT_EQ(get(as_role(worker_role + std::to_string(29))), "ASIASTS30");
  EXPECT_EQ(get(as_role(worker_role + std::to_string(20))), "ASIASTS21");
  EXPECT_EQ(get(as_role(worker_role + std::to_string(0))), "ASIASTS31");
  // What was used last stayed.
  EXPECT_EQ(get(as_role(worker_role + std::to_string(20))), "ASIASTS21");
}

TEST_F(Identities, FindTheProfilesOfTheConfiguration) {
  identity who;
  who.from = identity::kind::profile;
  who.profile = "billing";
  EXPECT_THAT(get(who),
              HasSubstr("permanent: The worker's configuration has no credential profile"));
  auto keys = own_keys();
  tested_->add_profile("billing", make_static_source(keys));
  EXPECT_EQ(get(who), worker_key.id);
  who.role = as_role().role;
  who.region = "us-east-1";
  EXPECT_EQ(get(who), "ASIASTS1");
}

TEST_F(Identities, RefuseCallsWithoutASignature) {
  identity who;
  who.from = identity::kind::none;
  EXPECT_THAT(get(who), HasSubstr("permanent: "));
}

TEST_F(Identities, EndWhatIsUnderWayWhenTheyAreStopped) {
  server_.fail({200, "", "", 1, 0ms, true});
  auto all = std::make_shared<std::vector<std::string>>();
  begin(as_role(), all);
  ASSERT_TRUE(run_until([&] { return server_.count() == 1; }));
  tested_->stop();
  ASSERT_TRUE(run_until([&] { return !all->empty(); }));
  EXPECT_THAT(all->front(), HasSubstr("not started"));
}

}  // namespace
}  // namespace connector::aws
