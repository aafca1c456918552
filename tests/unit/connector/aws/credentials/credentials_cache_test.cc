// One fetch for all: storms, early renewal, failures, rotation. Time passed in, one loop.
#include "connector/aws/credentials/credentials_cache.h"

#include <gtest/gtest.h>

#include <memory>

#include "tests/unit/connector/aws/credentials/credentials_cache_fixture.h"

namespace connector::aws {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using kind = source_failure::kind;

TEST_F(Refresher, AsksOnceAndKeepsTheKeys) {
  source.answers = {keys("A")};
  EXPECT_EQ(tested->describe(), "scripted");
  EXPECT_EQ(got(), "A");
  EXPECT_EQ(got(), "A");
  EXPECT_EQ(source.fetches, 1);
  EXPECT_EQ(tested->describe(), "scripted keys");
}

TEST_F(Refresher, AStormAtExpiryMakesOneFetch) {
  source.answers = {keys("A")};
  EXPECT_EQ(got(), "A");
  pass(2h);
  source.answers = {keys("B")};
  source.waits = true;
  std::vector<answer> all;
  for (int i = 0; i < 10'000; ++i) all.push_back(start());
  // A busy machine may need more than one look.
  for (int i = 0; i < 1000 && source.gate == nullptr; ++i) settle();
  ASSERT_NE(source.gate, nullptr);
  source.gate->cancel();
  run();
  for (const auto& each : all) ASSERT_EQ(text(each), "B");
  EXPECT_EQ(source.fetches, 2);
}

TEST_F(Refresher, RenewsEarlyWhileTheOldKeysAreUsed) {
  source.answers = {keys("A")};
  EXPECT_EQ(got(), "A");
  pass(46min);
  source.waits = true;
  source.answers = {keys("B")};
  const auto first = start();
  const auto second = start();
  settle();
  EXPECT_EQ(text(first), "A");
  EXPECT_EQ(text(second), "A");
  EXPECT_EQ(source.fetches, 2);
  source.gate->cancel();
  run();
  EXPECT_EQ(got(), "B");
  EXPECT_EQ(source.fetches, 2);
}

TEST_F(Refresher, UsesOldKeysWhileTheyLiveWhenARenewalFails) {
  source.answers = {keys("A")};
  EXPECT_EQ(got(), "A");
  pass(46min);
  EXPECT_EQ(got(), "A");
  run();
  EXPECT_EQ(source.fetches, 2);
  // Not asked again at once.
  EXPECT_EQ(got(), "A");
  EXPECT_EQ(source.fetches, 2);
  pass(10s);
  EXPECT_EQ(got(), "A");
  EXPECT_EQ(source.fetches, 3);
  pass(14min);
  EXPECT_EQ(got(), "failed: scripted: away");
  EXPECT_EQ(source.fetches, 4);
}

TEST_F(Refresher, GivesEachCallerTheFailureAndThenRests) {
  std::vector<answer> all;
  for (int i = 0; i < 100; ++i) all.push_back(start());
  run();
  for (const auto& each : all) EXPECT_EQ(text(each), "failed: scripted: away");
  EXPECT_EQ((*all.front())->error().failure, failure_class::not_started);
  for (int i = 0; i < 100; ++i) EXPECT_EQ(got(), "failed: scripted: away");
  EXPECT_EQ(source.fetches, 1);
  source.answers = {keys("A")};
  pass(1s);
  EXPECT_EQ(got(), "A");
}

TEST_F(Refresher, TellsARefusalFromAbsence) {
  source.answers = {source_failure{kind::rejected, "scripted: no"}};
  const auto place = start();
  run();
  EXPECT_EQ((*place)->error().code, error_code::credentials_error);
  EXPECT_EQ((*place)->error().failure, failure_class::permanent);
}

TEST_F(Refresher, ACancelledWaiterDoesNotEndTheFetchOfTheOthers) {
  source.waits = true;
  source.answers = {keys("A")};
  asio::cancellation_signal stop;
  const auto cancelled = start(&stop);
  const auto other = start();
  settle();
  stop.emit(asio::cancellation_type::terminal);
  settle();
  EXPECT_EQ(text(cancelled), "failed: The wait for credentials was given up.");
  EXPECT_EQ(text(other), "(nothing)");
  ASSERT_NE(source.gate, nullptr);
  source.gate->cancel();
  run();
  EXPECT_EQ(text(other), "A");
  EXPECT_EQ(source.fetches, 1);
}

TEST_F(Refresher, AWaiterWhoseTimeIsOverGoesAlone) {
  source.waits = true;
  source.answers = {keys("A")};
  const auto hurried = start(nullptr, 0s);
  now += 1s;
  const auto patient = start();
  settle();
  EXPECT_EQ(text(hurried), "failed: No credentials in time from scripted.");
  source.gate->cancel();
  run();
  EXPECT_EQ(text(patient), "A");
}

TEST_F(Refresher, FetchesOnceForAllWhoSayThatTheKeysExpired) {
  source.answers = {keys("A")};
  EXPECT_EQ(got(), "A");
  pass(1min);
  source.answers = {keys("B"), keys("C")};
  for (int i = 0; i < 100; ++i) tested->expired("A");
  EXPECT_EQ(got(), "B");
  for (int i = 0; i < 100; ++i) tested->expired("A");
  EXPECT_EQ(got(), "B");
  EXPECT_EQ(source.fetches, 2);
}

TEST_F(Refresher, DoesNotAskInALoopWhenTheSourceGivesTheExpiredKeysAgain) {
  source.answers = {keys("A"), keys("A"), keys("A")};
  EXPECT_EQ(got(), "A");
  pass(1min);
  tested->expired("A");
  EXPECT_EQ(got(), "A");
  EXPECT_EQ(source.fetches, 2);
  tested->expired("A");
  EXPECT_EQ(got(), "A");
  EXPECT_EQ(source.fetches, 2);
  pass(10s);
  tested->expired("A");
  EXPECT_EQ(got(), "A");
  EXPECT_EQ(source.fetches, 3);
}

TEST_F(Refresher, DoesNotUseExpiredKeysWhenTheRenewalFails) {
  source.answers = {keys("A")};
  EXPECT_EQ(got(), "A");
  pass(1min);
  tested->expired("A");
  EXPECT_EQ(got(), "failed: scripted: away");
}

TEST_F(Refresher, FetchesAgainWhenTheSourceChanged) {
  source.answers = {keys("A", std::nullopt)};
  EXPECT_EQ(got(), "A");
  pass(24h);
  EXPECT_EQ(got(), "A");
  EXPECT_EQ(source.fetches, 1);
  source.is_changed = true;
  source.answers = {keys("B", std::nullopt)};
  pass(2s);
  EXPECT_EQ(got(), "B");
}

TEST_F(Refresher, KeepsWhatItHasWhenTheChangedSourceCannotBeRead) {
  source.answers = {keys("A", std::nullopt)};
  EXPECT_EQ(got(), "A");
  source.is_changed = true;
  pass(2s);
  EXPECT_EQ(got(), "A");
  EXPECT_EQ(source.fetches, 2);
  source.answers = {keys("B", std::nullopt)};
  pass(2s);
  EXPECT_EQ(got(), "B");
}

// An operator took the keys away. A file that is being replaced is gone for a moment only.
TEST_F(Refresher, KeysWithoutAnEndAreDroppedAMinuteAfterTheirSourceIsGone) {
  const source_failure gone{kind::rejected, "scripted: gone"};
  source.answers = {keys("A", std::nullopt)};
  EXPECT_EQ(got(), "A");
  source.is_changed = true;
  source.answers = {gone, gone, gone, keys("B", std::nullopt)};
  for (int i = 0; i < 2; ++i) {
    pass(31s);
    EXPECT_EQ(got(), "A");
  }
  pass(31s);
  EXPECT_EQ(got(), "failed: scripted: gone");
  pass(31s);
  EXPECT_EQ(got(), "B");
  EXPECT_EQ(source.fetches, 5);
}

// Of AWS's clock or ours; the life of the keys goes on as it was.
TEST_F(Refresher, AJumpOfTheClockMakesNoKeysOldOrYoung) {
  source.answers = {keys("A")};
  EXPECT_EQ(got(), "A");
  wall += 5h;
  now += 1s;
  EXPECT_EQ(got(), "A");
  wall -= 10h;
  now += 1h;
  EXPECT_EQ(got(), "failed: scripted: away");
}

// The date that a source gave may be of the clock that was wrong.
TEST_F(Refresher, RenewsWhenTheClockWasPutRight) {
  source.answers = {keys("A")};
  EXPECT_EQ(got(), "A");
  source.answers = {keys("B")};
  wall += 20min;
  EXPECT_EQ(got(), "A");
  EXPECT_EQ(got(), "B");
  EXPECT_EQ(got(), "B");
  EXPECT_EQ(source.fetches, 2);
}

TEST_F(Refresher, DoesNotUseKeysThatComeExpired) {
  source.answers = {keys("A", -1min)};
  EXPECT_EQ(got().substr(0, 50), "failed: scripted keys gave credentials that expire");
}

TEST_F(Refresher, CanBeStoppedAndDroppedDuringAFetch) {
  source.waits = true;
  const auto waiting = start();
  settle();
  tested->stop();
  run();
  EXPECT_EQ(source.ended, 1);
  EXPECT_EQ(text(waiting), "failed: scripted: away");
  EXPECT_EQ(got(), "failed: The worker stops.");

  refresh_settings how;
  how.random = [] { return 0.0; };
  tested = std::make_shared<credentials_cache>(loop.get_executor(),
                                               std::make_unique<scripted_source>(source), how);
  now = boot_clock::now();
  const auto other = start();
  settle();
  tested.reset();
  ASSERT_NE(source.gate, nullptr);
  source.gate->cancel();
  run();
  EXPECT_EQ(text(other), "failed: scripted: away");
}

}  // namespace
}  // namespace connector::aws
