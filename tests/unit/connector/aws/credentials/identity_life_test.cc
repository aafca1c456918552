// When the keys of an identity end: by their own date, by the word of a service, or with the
// worker.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <string>

#include "connector/aws/credentials/sts/role_sources.h"
#include "tests/unit/connector/aws/credentials/identities_fixture.h"
#include "tests/unit/worker/temporary_folder.h"

namespace connector::aws {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

identity of_profile(const std::string& name) {
  identity who;
  who.from = identity::kind::profile;
  who.profile = name;
  return who;
}

// A process that names a session for each instance leaves many that no job asks for again.
TEST_F(Identities, AreDroppedWhenTheirKeysAreOver) {
  for (int i = 0; i < 5; ++i) get(as_role(worker_role + std::to_string(i)));
  EXPECT_EQ(tested_->size(), 5U);
  wall_ahead_ = 2h;
  ahead_ = 2h;
  server_.set_life(4h);
  EXPECT_EQ(get(as_role()), "ASIASTS6");
  EXPECT_EQ(tested_->size(), 1U);
}

class IdentityClocks : public Identities {
 protected:
  // From now on, and from the true time on.
  void answer_by(std::chrono::seconds ahead) {
    server_.set_clock(ahead);
    server_.set_life(1h);
    ahead_ = wall_ahead_ = 0s;
  }

  // The next keys outlive the time that the caches alone took for passed.
  void pass(std::chrono::seconds time) {
    ahead_ += time;
    wall_ahead_ += time;
    server_.set_life(5h);
  }
};

// The keys are good for an hour, whatever the machine takes for the time.
TEST_F(IdentityClocks, KeysOfStsAreGoodThoughTheMachinesClockIsWrong) {
  for (const auto ahead : {2h, -2h}) {
    answer_by(ahead);
    const auto who = as_role(worker_role + std::to_string(ahead.count()));
    const auto first = get(who);
    EXPECT_THAT(first, StartsWith("ASIASTS"));
    pass(40min);
    EXPECT_EQ(get(who), first);
    pass(21min);
    const auto second = get(who);
    EXPECT_THAT(second, StartsWith("ASIASTS"));
    EXPECT_NE(second, first);
  }
}

// That question is not signed, so the Date of the answer says what the clocks are.
TEST_F(IdentityClocks, KeysForATokenAreGoodThoughTheMachinesClockIsWrong) {
  const tests::temporary_folder folder;
  folder.write("token", "sandbox-web-identity-token");
  for (const auto ahead : {2h, -2h}) {
    answer_by(ahead);
    tested_->add_profile(
        "web", make_web_identity_source(*sts_, *as_role().role, folder.at("token"), "us-east-1"));
    const auto first = get(of_profile("web"));
    EXPECT_THAT(first, StartsWith("ASIASTS"));
    pass(61min);
    const auto second = get(of_profile("web"));
    EXPECT_THAT(second, StartsWith("ASIASTS"));
    EXPECT_NE(second, first);
  }
}

TEST_F(Identities, RenewTheKeysBelowWhenStsDoesNotKnowThem) {
  auto old = own_keys();
  old.access_key_id = "AKIDDELETED";
  make(std::make_unique<rotating_source>(std::deque<credentials>{old, own_keys()}));
  EXPECT_EQ(get(identity{}), "AKIDDELETED");
  ahead_ = 1min;
  EXPECT_EQ(get(as_role()), "ASIASTS1");
  EXPECT_EQ(server_.count(), 2U);
  EXPECT_EQ(get(identity{}), worker_key.id);
}

TEST_F(Identities, AskStsOnceWhenThereAreNoOtherKeys) {
  auto unknown = own_keys();
  unknown.access_key_id = "AKIDDELETED";
  make(make_static_source(unknown));
  EXPECT_THAT(get(as_role()), HasSubstr("InvalidClientTokenId"));
  EXPECT_EQ(server_.count(), 1U);
}

TEST_F(Identities, EndWhatIsUnderWayForAProfileThatIsForgotten) {
  server_.fail({200, "", "", 1, 0ms, true});
  tested_->add_profile("billing", make_role_source(*sts_, make_static_source(own_keys()),
                                                   *as_role().role, "us-east-1"));
  auto all = std::make_shared<std::vector<std::string>>();
  begin(of_profile("billing"), all);
  ASSERT_TRUE(run_until([&] { return server_.count() == 1; }));
  tested_->forget_profiles();
  tested_->stop();
  const auto began = std::chrono::steady_clock::now();
  ASSERT_TRUE(run_until([&] { return !all->empty(); }));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
  EXPECT_THAT(all->front(), HasSubstr("not started"));
}

}  // namespace
}  // namespace connector::aws
