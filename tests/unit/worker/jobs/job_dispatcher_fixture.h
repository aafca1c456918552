// A job dispatcher among the parts of worker/jobs, with a fake engine and a fake Lambda.
#pragma once

#include "tests/unit/worker/jobs/parts_fixture.h"
#include "worker/jobs/job_dispatcher.h"

namespace worker::jobs {

class job_dispatcher_fixture : public parts_fixture {
 protected:
  void TearDown() override {
    dispatcher_.stop();
    dispatcher_.release_queued();
    parts_fixture::TearDown();
  }

  void push(engine::job_key of) {
    dispatcher_.arrive(pushed(callable(of)));
    clock_.run();
  }
  // Four run, and stay open.
  void use_all_slots() {
    service_.leave_open = true;
    for (engine::job_key of = 1; of <= 4; ++of) push(of);
    ASSERT_EQ(service_.open(), 4U);
  }
  // The oldest call ends, and what came free is used.
  void end_one() {
    ASSERT_TRUE(service_.end_open());
    clock_.run();
    dispatcher_.dispatch();
    clock_.run();
  }
};

}  // namespace worker::jobs
