#include "worker/jobs/capacity.h"

#include <gtest/gtest.h>

#include "worker/jobs/job_poller.h"

namespace worker::jobs {
namespace {

TEST(Capacity, GivesNoMoreSlotsThanThereAre) {
  capacity shared(2, 2, 100, {100});
  auto a = shared.take_slot(0);
  auto b = shared.take_slot(0);
  EXPECT_TRUE(a && b);
  EXPECT_FALSE(shared.take_slot(0));
  a.reset();
  EXPECT_EQ(shared.free_slots(), 1U);
  EXPECT_TRUE(shared.take_slot(0));
}

TEST(Capacity, MovedPermitReturnsWhatItCountsOnce) {
  capacity shared(1, 1, 100, {100});
  auto first = shared.take_slot(0);
  ASSERT_TRUE(first);
  {
    const capacity::permit moved = std::move(*first);
    EXPECT_EQ(shared.free_slots(), 0U);
  }
  EXPECT_EQ(shared.free_slots(), 1U);
  first.reset();
  EXPECT_EQ(shared.free_slots(), 1U);
}

TEST(Capacity, TellsThatAPermitReturnedSomething) {
  capacity shared(1, 3, 100, {100});
  int told = 0;
  shared.on_change([&] { ++told; });
  { const auto slot = shared.take_slot(0); }
  EXPECT_EQ(told, 1);
  EXPECT_EQ(shared.reserve_queue_places(0, 5), 3U);
  EXPECT_EQ(shared.free_queue_places(), 0U);
  { const auto claimed = shared.claim_reserved_queue_place(0); }
  shared.return_queue_places(0, 2);
  EXPECT_EQ(told, 3);
  EXPECT_EQ(shared.free_queue_places(), 3U);
}

TEST(Capacity, BytesAreCountedAndNeverRefused) {
  capacity shared(1, 1, 100, {100});
  {
    auto held = shared.charge_bytes(60);
    EXPECT_FALSE(shared.over_budget());
    held.resize(150);
    EXPECT_TRUE(shared.over_budget());
    EXPECT_EQ(shared.bytes_used(), 150U);
    held.resize(10);
    EXPECT_EQ(shared.bytes_used(), 10U);
  }
  EXPECT_EQ(shared.bytes_used(), 0U);
}

TEST(Capacity, TypeHasNoMoreThanItsLimit) {
  capacity shared(8, 8, 100, {2, 8});
  const auto a = shared.take_slot(0);
  const auto b = shared.take_slot(0);
  EXPECT_TRUE(a && b);
  EXPECT_FALSE(shared.take_slot(0));
  EXPECT_EQ(shared.free_slots(1), 6U);
  EXPECT_EQ(shared.reserve_queue_places(0, 8), 2U);
}

TEST(Capacity, QueuePlacesAreGuaranteedToEachType) {
  capacity shared(8, 8, 100, {8, 8});
  EXPECT_EQ(shared.reserve_queue_places(0, 8), 6U);
  EXPECT_EQ(shared.free_queue_places(0), 0U);
  EXPECT_EQ(shared.free_queue_places(1), 2U);
  EXPECT_EQ(shared.reserve_queue_places(1, 8), 2U);
  EXPECT_EQ(shared.free_queue_places(), 0U);
  shared.return_queue_places(0, 4);
  EXPECT_EQ(shared.free_queue_places(0), 4U);
  EXPECT_EQ(shared.free_queue_places(1), 4U);
  shared.return_queue_places(0, 2);
  shared.return_queue_places(1, 2);
  EXPECT_EQ(shared.free_queue_places(), 8U);
}

TEST(Capacity, EachTypeHasAPlaceHoweverFewThereAre) {
  capacity shared(1, 3, 100, {1, 1, 1});
  for (const std::size_t type_index : {0U, 1U, 2U})
    EXPECT_EQ(shared.reserve_queue_places(type_index, 3), 1U) << type_index;
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
