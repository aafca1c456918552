#include "worker/jobs/capacity.h"

#include <gtest/gtest.h>

#include "worker/jobs/poller.h"

namespace worker::jobs {
namespace {

TEST(Capacity, GivesNoMoreSlotsThanThereAre) {
  capacity room(2, 2, 100);
  auto a = room.take_slot();
  auto b = room.take_slot();
  EXPECT_TRUE(a && b);
  EXPECT_FALSE(room.take_slot());
  a.reset();
  EXPECT_EQ(room.free_slots(), 1U);
  EXPECT_TRUE(room.take_slot());
}

TEST(Capacity, MovedPermitIsGivenBackOnce) {
  capacity room(1, 1, 100);
  auto first = room.take_slot();
  ASSERT_TRUE(first);
  {
    const capacity::permit moved = std::move(*first);
    EXPECT_EQ(room.free_slots(), 0U);
  }
  EXPECT_EQ(room.free_slots(), 1U);
  first.reset();
  EXPECT_EQ(room.free_slots(), 1U);
}

TEST(Capacity, TellsWhenSomethingComesFree) {
  capacity room(1, 3, 100);
  int told = 0;
  room.on_change([&] { ++told; });
  { const auto slot = room.take_slot(); }
  EXPECT_EQ(told, 1);
  EXPECT_EQ(room.reserve_places(5), 3U);
  EXPECT_EQ(room.free_places(), 0U);
  { const auto claimed = room.claim_reserved_place(); }
  room.return_places(2);
  EXPECT_EQ(told, 3);
  EXPECT_EQ(room.free_places(), 3U);
}

TEST(Capacity, BytesAreCountedWhatEverTheirNumber) {
  capacity room(1, 1, 100);
  {
    auto held = room.hold_bytes(60);
    EXPECT_FALSE(room.over_budget());
    held.resize(150);
    EXPECT_TRUE(room.over_budget());
    EXPECT_EQ(room.bytes_held(), 150U);
    held.resize(10);
    EXPECT_EQ(room.bytes_held(), 10U);
  }
  EXPECT_EQ(room.bytes_held(), 0U);
}

TEST(JobsToAskFor, AsksForFreeSlots) { EXPECT_EQ(jobs_to_ask_for(5, 32, 16, 0, 0), 5U); }

TEST(JobsToAskFor, AsksAheadOfJobsThatAreAboutToEnd) {
  EXPECT_EQ(jobs_to_ask_for(0, 32, 16, 0, 1000), 10U);
  EXPECT_EQ(jobs_to_ask_for(0, 32, 16, 0, 3), 0U);
}

TEST(JobsToAskFor, CountsTheJobsThatWaitAlready) {
  EXPECT_EQ(jobs_to_ask_for(3, 32, 16, 2, 0), 1U);
  EXPECT_EQ(jobs_to_ask_for(0, 32, 16, 5, 0), 0U);
}

TEST(JobsToAskFor, StaysWithinPlacesAndShare) {
  EXPECT_EQ(jobs_to_ask_for(32, 4, 16, 0, 0), 4U);
  EXPECT_EQ(jobs_to_ask_for(32, 32, 16, 0, 0), 16U);
}

}  // namespace
}  // namespace worker::jobs
