// A command sender with a fake engine, and a command of each kind.
#pragma once

#include <string>

#include "tests/unit/worker/jobs/jobs_fixture.h"
#include "worker/jobs/command_sender.h"

namespace worker::jobs {

inline job_command result(bool of_a_call = true) {
  return complete_command{R"({"n":1})", "function \"orders\"", of_a_call};
}
inline job_command thrown(bool of_a_call = true) {
  return throw_command{"NO_STOCK", "NO_STOCK: sold out", "{}", "function \"orders\"", of_a_call};
}
inline fail_command failure() {
  fail_command out;
  out.retries = 2;
  out.message = "SERVICE_ERROR: no";
  out.variables = R"({"lambdaAttempt":1})";
  return out;
}
// Takes the marker of atMostOnce back.
inline fail_command failure_sent_once() {
  auto out = failure();
  out.send_once = true;
  return out;
}

class command_sender_fixture : public jobs_fixture {
 protected:
  ended_t<job_end> send(job_command command) {
    return start(sender_.send(active_, std::move(command)));
  }

  sender_settings settings_;
  bool stopped_ = false;
  command_sender sender_{gateway_, settings_, half_, [this] { return stopped_; }};
  active_job_ptr active_ = running(job());
};

}  // namespace worker::jobs
