#include "tests/faults/load.h"

#include <gtest/gtest.h>

#include <string>

namespace faults {

namespace {

// Between two looks, and so how uneven the rate is.
constexpr milliseconds step{10};

}  // namespace

void flow::make_due(clock::time_point since, std::size_t before) {
  const std::chrono::duration<double> past = clock::now() - since;
  const auto due = before + static_cast<std::size_t>(past.count() * per_second_);
  if (keys_.size() >= due) return;
  const auto made = env_.engine().create_many(spec_, due - keys_.size());
  keys_.insert(keys_.end(), made.begin(), made.end());
}

void flow::pass(milliseconds time) {
  const auto begin = clock::now();
  const auto before = keys_.size();
  while (clock::now() < begin + time) {
    make_due(begin, before);
    env_.engine().wait_until([] { return false; }, step);
  }
}

bool flow::pass_until(const std::function<bool()>& done) {
  const auto begin = clock::now();
  const auto before = keys_.size();
  while (clock::now() < begin + journey::patience) {
    make_due(begin, before);
    if (env_.engine().wait_until(done, step)) return true;
  }
  return false;
}

void each_ran_once(journey::test_environment& env, const std::vector<std::int64_t>& keys,
                   milliseconds limit) {
  EXPECT_TRUE(env.engine().wait_all_ended(limit)) << "a job has no end";
  std::size_t wrong = 0;
  for (const auto key : keys) {
    const auto job = env.account(key);
    const auto runs = env.lambda().account().job(std::to_string(key)).executions;
    if (job.state == journey::job_state::completed && job.completions_accepted == 1 && runs == 1)
      continue;
    // The first few say what is wrong.
    if (++wrong <= 3) {
      ADD_FAILURE() << "job " << key << ": " << to_string(job.state) << ", ran " << runs
                    << " times, activated " << job.activated() << ", expired " << job.expired
                    << ", failed " << job.fails << ", " << job.fail_message.substr(0, 300);
    }
  }
  EXPECT_EQ(wrong, 0U) << "of " << keys.size() << " jobs";
}

}  // namespace faults
