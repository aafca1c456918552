#include "tests/faults/row.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <map>

namespace faults {

namespace {

struct {
  bool in_full = false;
  std::string done;
  std::uint64_t executions = 0;
  std::map<std::string, std::uint64_t> ends;
} now;

}  // namespace

bool is_long() { return now.in_full; }

void did(const std::string& what) {
  if (!now.done.empty()) now.done += ", ";
  now.done += what;
}

void ran(std::uint64_t executions) { now.executions += executions; }

void ended(const std::string& how, std::uint64_t count) {
  if (count > 0) now.ends[how] += count;
}

void settle(journey::world& all) {
  EXPECT_TRUE(all.engine().wait_all_ended(journey::patience)) << "a job has no end";
  const auto jobs = all.engine().totals();
  EXPECT_TRUE(jobs.adds_up());
  EXPECT_EQ(jobs.open, 0U);
  ended("completed", jobs.completed);
  ended("incident", jobs.incident);
  ended("BPMN error", jobs.error_thrown);
  ended("cancelled", jobs.cancelled);
  ended("open", jobs.open);
  ran(all.lambda().account().counted().executions);
}

void begin_row(bool in_full) {
  now = {};
  now.in_full = in_full;
}

std::string line_of_row() {
  std::string ends;
  for (const auto& [how, count] : now.ends) {
    ends += fmt::format("{}{} {}", ends.empty() ? "" : ", ", count, how);
  }
  return fmt::format("{}; executions {}; ends {}", now.done, now.executions,
                     ends.empty() ? "none" : ends);
}

}  // namespace faults
