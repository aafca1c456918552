// A job that arrived at a given time with a lease of a minute, in each of its states.
#pragma once

#include <gtest/gtest.h>

#include <boost/asio/io_context.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <utility>

#include "worker/jobs/active_job.h"
#include "worker/jobs/capacity.h"
#include "worker/jobs/job_type.h"

namespace worker::jobs {

inline const boot_clock::time_point arrived_at{std::chrono::hours(1)};
inline const lease one_minute{arrived_at + std::chrono::seconds(60), std::chrono::seconds(60)};
inline const auto long_ago = arrived_at - std::chrono::seconds(100);
inline const auto nearly_over =
    arrived_at + std::chrono::seconds(59);  // within the margin of two seconds
inline const auto lease_over = arrived_at + std::chrono::seconds(60);
inline const auto extension_due = arrived_at + std::chrono::seconds(30);

inline engine::job job_with(engine::job_key key, std::string variables = "{}", int retries = 3) {
  engine::job job;
  job.key = key;
  job.variables = std::move(variables);
  job.retries = retries;
  return job;
}

struct active_job_fixture : testing::Test {
  active_job_fixture() : type(), shared(4, 4, 1000, {4}) {}

  std::unique_ptr<active_job> arrived() {
    return std::make_unique<active_job>(loop.get_executor(), job_with(7), type, one_minute);
  }
  // A job that was brought into `state` by the methods that its callers use.
  std::unique_ptr<active_job> in(job_state state) {
    auto job = arrived();
    switch (state) {
      case job_state::arrived:
        break;
      case job_state::queued:
        job->wait_in_queue(shared.take_queue_place(0));
        break;
      case job_state::set_aside:
        job->set_aside();
        break;
      case job_state::releasing:
        job->release();
        break;
      case job_state::running:
        job->start(shared.take_slot(0));
        break;
      case job_state::failing:
        job->start(shared.take_slot(0));
        job->begin_failing();
        break;
      case job_state::gone:
        job->start(shared.take_slot(0));
        job->found_gone();
        break;
    }
    return job;
  }

  boost::asio::io_context loop;
  job_type type;
  capacity shared;
};

}  // namespace worker::jobs
