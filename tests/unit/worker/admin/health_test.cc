#include "worker/admin/health.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace worker::admin {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;

health_facts all_well() {
  health_facts facts;
  facts.since_beat = milliseconds(10);
  facts.since_contact = seconds(9);
  facts.credentials = true;
  return facts;
}

TEST(Health, AllWellIsUpEverywhere) {
  EXPECT_TRUE(live(all_well()).up);
  EXPECT_TRUE(ready(all_well()).up);
  EXPECT_TRUE(healthy(all_well()).up);
  EXPECT_EQ(live(all_well()).json,
            "{\"status\":\"UP\",\"checks\":{\"loop\":{\"status\":\"UP\"}}}\n");
}

TEST(Health, StartedDependsOnNothingOutside) {
  health_facts facts;
  EXPECT_FALSE(started(facts).up);
  facts.started = true;
  EXPECT_TRUE(started(facts).up);
  EXPECT_FALSE(ready(facts).up);
  EXPECT_EQ(started(facts).json,
            "{\"status\":\"UP\",\"checks\":{\"worker\":{\"status\":\"UP\"}}}\n");
}

TEST(Health, AbsentGatewayIsNotReadyButAlive) {
  auto facts = all_well();
  facts.since_contact = seconds(31);
  EXPECT_TRUE(live(facts).up);
  EXPECT_FALSE(ready(facts).up);
  EXPECT_FALSE(healthy(facts).up);
  EXPECT_THAT(ready(facts).json, HasSubstr(R"("gateway":{"status":"DOWN"})"));
  EXPECT_THAT(ready(facts).json, HasSubstr(R"("credentials":{"status":"UP"})"));
}

TEST(Health, GatewayNeverHeardFromIsNotReadyButAlive) {
  auto facts = all_well();
  facts.since_contact.reset();
  EXPECT_TRUE(live(facts).up);
  EXPECT_FALSE(ready(facts).up);
}

TEST(Health, AGatewayWhoseAnswersCannotBeReadIsNotReadyHoweverOftenItAnswers) {
  auto facts = all_well();
  facts.since_unreadable = seconds(5);
  EXPECT_TRUE(live(facts).up);
  EXPECT_FALSE(ready(facts).up);
  EXPECT_THAT(ready(facts).json, HasSubstr(R"("gateway":{"status":"DOWN"})"));
  facts.since_unreadable = seconds(31);
  EXPECT_TRUE(ready(facts).up);
}

TEST(Health, WithoutCredentialsNoCallCanBeMade) {
  auto facts = all_well();
  facts.credentials = false;
  EXPECT_TRUE(live(facts).up);
  EXPECT_FALSE(ready(facts).up);
}

TEST(Health, StoppingWorkerIsAliveUntilItsEnd) {
  auto facts = all_well();
  facts.stopping = true;
  EXPECT_TRUE(live(facts).up);
  EXPECT_FALSE(ready(facts).up);
}

TEST(Health, LoopWithoutABeatIsDead) {
  auto facts = all_well();
  facts.since_beat = seconds(31);
  EXPECT_FALSE(live(facts).up);
  EXPECT_FALSE(healthy(facts).up);
}

TEST(Health, WithoutTokenTheWorkerIsNotReady) {
  auto facts = all_well();
  EXPECT_THAT(ready(facts).json, testing::Not(HasSubstr("token")));
  facts.token = true;
  EXPECT_TRUE(ready(facts).up);
  facts.token = false;
  EXPECT_FALSE(ready(facts).up);
  EXPECT_TRUE(live(facts).up);
  EXPECT_THAT(ready(facts).json, HasSubstr(R"("token":{"status":"DOWN"})"));
}

}  // namespace
}  // namespace worker::admin
