// C2: the service's clock and ours are 20 minutes apart. The first call learns it and is sent once
// more; those that follow are right at once. Functions run once each.
#include <gtest/gtest.h>

#include "tests/faults/row.h"

namespace faults {
namespace {

using journey::job_state;
using journey::world;
using std::chrono::minutes;

TEST(Faults, C2) {
  for (const auto offset : {minutes(20), minutes(-20)}) {
    did("clock " + std::to_string(offset.count()) + " min off");
    journey::world_options options;
    options.lambda.clock_offset = offset;
    world all(options);
    const int jobs = is_long() ? 500 : 10;
    for (int i = 0; i < jobs; ++i) {
      const auto job = all.run(journey::call_of("echo"));
      EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
      EXPECT_EQ(job.fails, 0U);
      EXPECT_EQ(all.lambda().account().job(std::to_string(job.key)).executions, 1U);
    }
    EXPECT_EQ(all.lambda().account().counted().refused, 1U);
    // The clock is put right under the running worker.
    all.lambda().set_clock_offset(std::chrono::seconds(0));
    EXPECT_EQ(all.run(journey::call_of("echo")).state, job_state::completed);
    EXPECT_EQ(all.lambda().account().counted().refused, 2U);
    settle(all);
  }
}

}  // namespace
}  // namespace faults
