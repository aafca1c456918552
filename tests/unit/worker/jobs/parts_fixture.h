// The parts of a worker put together as job_worker does it, without pollers and streams: for tests
// of the dispatcher, the executor and the streamer. Test's thread.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "tests/unit/worker/jobs/fake_service.h"
#include "tests/unit/worker/jobs/jobs_fixture.h"
#include "worker/jobs/gateway_outage.h"
#include "worker/jobs/job_dispatcher.h"
#include "worker/jobs/job_executor.h"
#include "worker/secrets/redaction_registry.h"
#include "worker/secrets/resolver.h"

namespace worker::jobs {

class parts_fixture : public jobs_fixture {
 protected:
  void TearDown() override {
    while (service_.end_open()) clock_.run();
    gateway_.end_all(says::ok);
    clock_.run();
    EXPECT_EQ(tasks_.running(), 0U) << "the test must end what it starts";
    jobs_fixture::TearDown();
  }

  static void no_bug(const std::exception_ptr& escaped) { EXPECT_FALSE(escaped); }

  arrival pushed(engine::job one) const {
    return {std::move(one), &type_, lease_length, {}, false, false};
  }
  // A place was reserved for it before the poll.
  arrival polled(engine::job one) {
    EXPECT_EQ(capacity_.reserve_queue_places(0, 1), 1U);
    return {std::move(one), &type_, lease_length, boot_clock::now(), true};
  }

  std::uint64_t ended(job_end how) const { return outcomes_.total(how); }

  fake_service service_{loop_.get_executor()};
  secrets::redaction_registry redaction_;
  secrets::resolver resolver_{{}};
  policy::policy_rules policies_;
  bool drained_ = false;
  command_sender sender_{gateway_, {}, half_, [this] { return drained_; }};
  turn_waits waits_{capacity_};
  execution_watch watch_{loop_.get_executor(), {gateway_, service_, redaction_}};
  job_times times_{2};
  standstill still_{lease_length};
  gateway_outage outage_;
  job_executor executor_{{service_, gateway_, sender_, resolver_, redaction_, policies_, times_,
                          half_, waits_, watch_}};
  job_registry jobs_;
  job_outcome_counters outcomes_;
  end_history history_;
  task_group tasks_{loop_.get_executor(), no_bug};
  std::vector<std::string> full_;       // the job types whose queue was full
  std::vector<std::string> set_aside_;  // the job types of jobs without a place
  job_dispatcher dispatcher_{
      loop_.get_executor(),
      {capacity_, jobs_, tasks_, executor_, outcomes_, history_, half_, times_, still_},
      1,
      [this](const job_type& type, bool set_aside) {
        (set_aside ? set_aside_ : full_).push_back(type.name);
      }};
};

}  // namespace worker::jobs
