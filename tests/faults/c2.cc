// C2: the service's clock and ours are 20 minutes apart. The first call learns it and is sent once
// more; those that follow are right at once. Functions run once each.
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using std::chrono::minutes;

TEST(Faults, C2_ClocksAreTwentyMinutesApart) {
  for (const auto offset : {minutes(20), minutes(-20)}) {
    report_action("clock " + std::to_string(offset.count()) + " min off");
    // given
    journey::test_environment_options options;
    options.lambda.clock_offset = offset;
    test_environment env(options);
    // when
    const int jobs = is_long() ? 500 : 10;
    for (int i = 0; i < jobs; ++i) {
      const auto job = env.run(journey::call_of("echo"));
      EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
      EXPECT_EQ(job.fails, 0U);
      EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).executions, 1U);
    }
    // then: the first call alone was refused
    EXPECT_EQ(env.lambda().account().counted().refused, 1U);
    // when: the clock is put right under the running worker
    env.lambda().set_clock_offset(std::chrono::seconds(0));
    EXPECT_EQ(env.run(journey::call_of("echo")).state, job_state::completed);
    EXPECT_EQ(env.lambda().account().counted().refused, 2U);
    expect_all_ended(env);
  }
}

}  // namespace
}  // namespace faults
