#include "worker/jobs/capacity.h"

#include <gtest/gtest.h>

#include "worker/jobs/job_poller.h"

namespace worker::jobs {
namespace {

TEST(Capacity, GivesNoMoreSlotsThanThereAre) {
  capacity room(2, 2, 100, {100});
  auto a = room.take_slot(0);
  auto b = room.take_slot(0);
  EXPECT_TRUE(a && b);
  EXPECT_FALSE(room.take_slot(0));
  a.reset();
  EXPECT_EQ(room.free_slots(), 1U);
  EXPECT_TRUE(room.take_slot(0));
}

TEST(Capacity, MovedPermitIsGivenBackOnce) {
  capacity room(1, 1, 100, {100});
  auto first = room.take_slot(0);
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
  capacity room(1, 3, 100, {100});
  int told = 0;
  room.on_change([&] { ++told; });
  { const auto slot = room.take_slot(0); }
  EXPECT_EQ(told, 1);
  EXPECT_EQ(room.reserve_queue_places(0, 5), 3U);
  EXPECT_EQ(room.free_queue_places(), 0U);
  { const auto claimed = room.claim_reserved_queue_place(0); }
  room.return_queue_places(0, 2);
  EXPECT_EQ(told, 3);
  EXPECT_EQ(room.free_queue_places(), 3U);
}

TEST(Capacity, BytesAreCountedWhatEverTheirNumber) {
  capacity room(1, 1, 100, {100});
  {
    auto held = room.charge_bytes(60);
    EXPECT_FALSE(room.over_budget());
    held.resize(150);
    EXPECT_TRUE(room.over_budget());
    EXPECT_EQ(room.bytes_used(), 150U);
    held.resize(10);
    EXPECT_EQ(room.bytes_used(), 10U);
  }
  EXPECT_EQ(room.bytes_used(), 0U);
}

TEST(Capacity, LaneHasNoMoreThanItsLimit) {
  capacity room(8, 8, 100, {2, 8});
  const auto a = room.take_slot(0);
  const auto b = room.take_slot(0);
  EXPECT_TRUE(a && b);
  EXPECT_FALSE(room.take_slot(0));
  EXPECT_EQ(room.free_slots(1), 6U);
  EXPECT_EQ(room.reserve_queue_places(0, 8), 2U);
}

TEST(Capacity, PartOfTheRoomIsKeptForEachLane) {
  capacity room(8, 8, 100, {8, 8});
  EXPECT_EQ(room.reserve_queue_places(0, 8), 6U);
  EXPECT_EQ(room.free_queue_places(0), 0U);
  EXPECT_EQ(room.free_queue_places(1), 2U);
  EXPECT_EQ(room.reserve_queue_places(1, 8), 2U);
  EXPECT_EQ(room.free_queue_places(), 0U);
  room.return_queue_places(0, 4);
  EXPECT_EQ(room.free_queue_places(0), 4U);
  EXPECT_EQ(room.free_queue_places(1), 4U);
  room.return_queue_places(0, 2);
  room.return_queue_places(1, 2);
  EXPECT_EQ(room.free_queue_places(), 8U);
}

TEST(Capacity, EachLaneHasAPlaceHoweverFewThereAre) {
  capacity room(1, 3, 100, {1, 1, 1});
  for (const std::size_t type_index : {0U, 1U, 2U})
    EXPECT_EQ(room.reserve_queue_places(type_index, 3), 1U) << type_index;
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
