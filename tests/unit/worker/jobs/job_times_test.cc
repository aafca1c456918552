#include "worker/jobs/job_times.h"

#include <gtest/gtest.h>

namespace worker::jobs {
namespace {

using connector::boot_clock;
using std::chrono::milliseconds;
using std::chrono::minutes;

TEST(DurationCounts, EachTimeIsInTheFirstBucketThatHoldsIt) {
  duration_counts counts;
  counts.add(milliseconds(5));
  counts.add(milliseconds(6));
  counts.add(std::chrono::hours(1));  // in no bucket but that of all
  EXPECT_EQ(counts.up_to.at(0), 1U);
  EXPECT_EQ(counts.up_to.at(1), 1U);
  EXPECT_EQ(counts.count, 3U);
  EXPECT_DOUBLE_EQ(counts.seconds, 3600.011);
}

TEST(RecentLongest, ForgetsAfterThreeMinutes) {
  const boot_clock::time_point start{minutes(1000)};
  recent_longest longest;
  EXPECT_EQ(longest.value(start), milliseconds(0));
  longest.add(milliseconds(70), start);
  longest.add(milliseconds(30), start);
  longest.add(milliseconds(50), start + minutes(1));
  EXPECT_EQ(longest.value(start + minutes(2)), milliseconds(70));
  EXPECT_EQ(longest.value(start + minutes(3)), milliseconds(50));
  EXPECT_EQ(longest.value(start + minutes(4)), milliseconds(0));
  // The place of a minute that is long over is used again.
  longest.add(milliseconds(1), start + minutes(6));
  EXPECT_EQ(longest.value(start + minutes(6)), milliseconds(1));
}

TEST(JobTimes, RunsAreCountedByTheirElementTemplate) {
  job_times times;
  auto& first = times.activated("t", "invoke", "3");
  auto& second = times.activated("t", "invoke", "3");
  EXPECT_EQ(&first, &second);
  times.activated("t", "", "");
  times.ended("t", &first, job_end::completed, milliseconds(20));
  times.ended("t", &second, job_end::bpmn_error, milliseconds(40));
  times.ended("t", nullptr, job_end::failed, milliseconds(90));
  EXPECT_EQ(times.by_template().size(), 2U);
  EXPECT_EQ(first.activated, 2U);
  EXPECT_EQ(first.completed, 1U);
  EXPECT_EQ(first.threw, 1U);
  EXPECT_EQ(first.failed, 0U);
  EXPECT_EQ(first.ended, 2U);
  EXPECT_DOUBLE_EQ(first.seconds, 0.06);
  const auto& all = times.by_type().at("t");
  EXPECT_EQ(all.longest, milliseconds(90));
  EXPECT_GT(all.last_completed.time_since_epoch().count(), 0);
  EXPECT_GT(all.last_failed.time_since_epoch().count(), 0);
}

// A job that goes back neither completes nor fails.
TEST(JobTimes, JobThatGoesBackIsAnActivationAlone) {
  job_times times;
  for (const auto how : {job_end::released, job_end::waiting, job_end::superseded}) {
    times.ended("t", &times.activated("t", "a", "1"), how, milliseconds(1));
  }
  const auto& runs = times.by_template().begin()->second;
  EXPECT_EQ(runs.activated, 3U);
  EXPECT_EQ(runs.ended, 3U);
  EXPECT_EQ(runs.completed + runs.failed + runs.threw, 0U);
}

TEST(JobTimes, TemplatesBeyondTheBoundCountTogether) {
  job_times times;
  for (std::size_t i = 0; i < max_templates + 50; ++i) {
    times.activated("t", "template-" + std::to_string(i), "1");
  }
  EXPECT_EQ(times.by_template().size(), max_templates + 1);
  const template_name rest{"t", std::string(others), ""};
  EXPECT_EQ(times.by_template().at(rest).activated, 50U);
  const auto name = std::string(1'000'000, 'x');
  job_times long_names;
  long_names.activated("t", name, name);
  EXPECT_LE(std::get<1>(long_names.by_template().begin()->first).size(), 210U);
}

TEST(JobTimes, FunctionsHaveHistogramsOnDemandAndWithinTheBound) {
  job_times off;
  off.called("orders", milliseconds(7));
  EXPECT_TRUE(off.by_function().empty());
  job_times two(2);
  for (const auto* name : {"a", "b", "c", "d", "a", ""}) two.called(name, milliseconds(7));
  EXPECT_EQ(two.by_function().size(), 3U);
  EXPECT_EQ(two.by_function().find("a")->second.count, 2U);
  EXPECT_EQ(two.by_function().find(others)->second.count, 2U);
}

}  // namespace
}  // namespace worker::jobs
