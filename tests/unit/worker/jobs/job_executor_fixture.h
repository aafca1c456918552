// A job executor among the parts of worker/jobs, with a fake engine and a fake Lambda.
#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "tests/unit/worker/jobs/parts_fixture.h"
#include "worker/jobs/job_executor.h"

namespace worker::jobs {

inline const std::map<std::string, std::string> at_most_once{{"atMostOnce", "true"}};

class job_executor_fixture : public parts_fixture {
 protected:
  ended_t<job_end> run(engine::job one) {
    active_ = running(std::move(one));
    return start(executor_.run(active_));
  }
  // The names of the engine's calls, in their order.
  std::vector<std::string> names() const {
    std::vector<std::string> out;
    for (const auto& line : gateway_.calls()) out.push_back(line.substr(0, line.find(' ')));
    return out;
  }
  std::string only_failure() const {
    const auto lines = gateway_.calls("FailJob");
    EXPECT_EQ(lines.size(), 1U);
    return lines.empty() ? "" : lines.front();
  }

  active_job_ptr active_;
};

}  // namespace worker::jobs
