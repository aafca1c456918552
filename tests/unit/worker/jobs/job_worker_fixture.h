// The worker as a whole, against a scripted engine and connector.
#pragma once

#include <memory>

#include "tests/unit/worker/jobs/fake_service.h"
#include "tests/unit/worker/jobs/jobs_fixture.h"
#include "worker/jobs/job_worker.h"
#include "worker/secrets/redaction_registry.h"
#include "worker/secrets/resolver.h"

namespace worker::jobs {

class job_worker_fixture : public jobs_fixture {
 protected:
  void SetUp() override { begin(settings()); }
  void TearDown() override {
    service_.leave_open = false;
    while (service_.end_open()) clock_.run();
    if (!stopping_) stop();
    gateway_.end_all(says::ok);
    clock_.pass(minutes(2), seconds(1));
    EXPECT_TRUE(stopping_->has_value()) << "the stop has not ended";
    worker_.reset();
    jobs_fixture::TearDown();
  }

  job_worker_settings settings() const {
    job_worker_settings out;
    out.types = {type_};
    out.slots = 2;
    out.activation_timeout = lease_length;
    out.worker_name = "w";
    return out;
  }
  void begin(job_worker_settings settings) {
    worker_ = std::make_unique<job_worker>(
        loop_.get_executor(), job_worker::dependencies{gateway_, service_, resolver_, redaction_},
        std::move(settings), half_);
    worker_->start();
    clock_.run();
  }
  void stop() { stopping_ = start(worker_->stop()); }
  void push(engine::job_key of) {
    ASSERT_TRUE(gateway_.give(stream_call, callable(of)));
    clock_.run();
  }
  std::uint64_t ended(job_end how) const { return worker_->outcomes().total(how); }
  job_worker::leftovers left() const {
    EXPECT_TRUE(stopping_->has_value()) << "the stop has not ended";
    return stopping_->value_or(job_worker::leftovers());
  }

  fake_service service_{loop_.get_executor()};
  secrets::redaction_registry redaction_;
  secrets::resolver resolver_{{}};
  std::unique_ptr<job_worker> worker_;
  ended_t<job_worker::leftovers> stopping_;
};

}  // namespace worker::jobs
