// How many queue places the polls of a job type may reserve (worker/jobs/README.md).
#include <gtest/gtest.h>

#include <vector>

#include "worker/jobs/job_subscription.h"

namespace worker::jobs {
namespace {

TEST(MaxPlacesOfPoll, DependsOnTheStreamAndOnTheLastPoll) {
  struct row {
    const char* about;
    bool has_stream, stream_closed_full, last_poll_was_full;
    std::size_t places;
  };
  // 32 queue places, of which 4 are guaranteed to the type
  const std::vector<row> table = {
      {"no stream", false, false, false, 32},
      {"no stream, backlog", false, false, true, 32},
      {"open stream, no backlog", true, false, false, 4},
      {"open stream, backlog", true, false, true, 16},
      {"closed stream, no backlog", true, true, false, 4},
      {"closed stream, backlog", true, true, true, 32},
  };
  for (const auto& row : table) {
    const poll_share share{
        32, 4, 100, row.has_stream, row.stream_closed_full, row.last_poll_was_full};
    EXPECT_EQ(max_places_of_poll(share), row.places) << row.about;
  }
}

TEST(MaxPlacesOfPoll, IsAtLeastOneBesideAStream) {
  EXPECT_EQ(max_places_of_poll({1, 0, 100, true, false, false}), 1U);
  EXPECT_EQ(max_places_of_poll({1, 0, 100, true, false, true}), 1U);
}

TEST(MaxPlacesOfPoll, IsBoundedByTheFreeBytes) {
  EXPECT_EQ(max_places_of_poll({32, 4, 3, true, false, false}), 3U);
  EXPECT_EQ(max_places_of_poll({32, 4, 3, false, false, false}), 3U);
}

}  // namespace
}  // namespace worker::jobs
