// A stream with the parts of a worker around it, and a gateway that pushes jobs into it.
#pragma once

#include "tests/unit/worker/jobs/parts_fixture.h"
#include "worker/jobs/job_streamer.h"

namespace worker::jobs {

class job_streamer_fixture : public parts_fixture {
 protected:
  void SetUp() override {
    loops_.spawn(streamer_.run());
    clock_.run();
  }
  void TearDown() override {
    streamer_.stop();
    clock_.pass(seconds(6), milliseconds(100));
    EXPECT_EQ(loops_.running(), 0U);
    EXPECT_EQ(streamer_.state(), expected_end_);
    dispatcher_.stop();
    dispatcher_.release_queued();
    parts_fixture::TearDown();
  }

  std::size_t opened() const { return streamer_.count().opened; }
  bool is_open() const { return gateway_.open(stream_call) == 1; }
  void push(engine::job_key of) { ASSERT_TRUE(gateway_.give(stream_call, callable(of))); }
  // One slot runs for ever, and all places of the queue are taken.
  void fill() {
    service_.leave_open = true;
    for (engine::job_key of = 1; of <= 8; ++of) push(of);
    clock_.run();
    ASSERT_EQ(capacity_.free_queue_places(), 0U);
  }
  void work_off() {
    service_.leave_open = false;
    while (service_.end_open()) {
      clock_.run();
      dispatcher_.dispatch();
      clock_.run();
    }
    ASSERT_TRUE(dispatcher_.queue_empty());
  }

  engine::activation request_ = [] {
    engine::activation made;
    made.type = "call";
    made.timeout = lease_length;
    return made;
  }();
  stream_state expected_end_ = stream_state::stopped;
  task_group loops_{loop_.get_executor(), no_bug};
  job_streamer streamer_{
      loop_.get_executor(), {gateway_, dispatcher_, outage_, half_}, type_, request_, minutes(1)};
};

}  // namespace worker::jobs
