// Jobs whose durable executions are asked about, and the one execution that there is.
#pragma once

#include <gtest/gtest.h>

#include <string>

#include "tests/journey/test_environment.h"

namespace journey {

inline job_spec polled(const std::string& function, const std::string& payload = "{}",
                       const std::string& headers = "") {
  return call_of(function, payload,
                 R"({"durable":"true","wait":"poll","pollInterval":"PT1S")" + headers + "}");
}

inline sandbox::durable_execution only(test_environment& env) {
  const auto all = env.lambda().durables().all();
  EXPECT_EQ(all.size(), 1U);
  return all.empty() ? sandbox::durable_execution() : all[0];
}

// The job is at the engine and waits until the execution is asked about again.
inline bool waits(test_environment& env, std::int64_t key) {
  return env.wait([&] {
    return env.account(key).state == job_state::backoff &&
           env.account(key).fail_message.starts_with("WAITING: ");
  });
}

}  // namespace journey
