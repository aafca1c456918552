#include "tests/faults/fault_report.h"

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
} report;

}  // namespace

bool is_long() { return report.in_full; }

void report_action(const std::string& action) {
  if (!report.done.empty()) report.done += ", ";
  report.done += action;
}

void report_executions(std::uint64_t executions) { report.executions += executions; }

void report_end(const std::string& how, std::uint64_t count) {
  if (count > 0) report.ends[how] += count;
}

void expect_all_ended(journey::test_environment& env) {
  EXPECT_TRUE(env.engine().wait_all_ended(journey::patience)) << "a job has no end";
  const auto jobs = env.engine().totals();
  EXPECT_TRUE(jobs.adds_up());
  EXPECT_EQ(jobs.open, 0U);
  report_end("completed", jobs.completed);
  report_end("incident", jobs.incident);
  report_end("BPMN error", jobs.error_thrown);
  report_end("cancelled", jobs.cancelled);
  report_end("open", jobs.open);
  report_executions(env.lambda().account().counted().executions);
}

void begin_row(bool in_full) {
  report = {};
  report.in_full = in_full;
}

std::string line_of_row() {
  std::string ends;
  for (const auto& [how, count] : report.ends) {
    ends += fmt::format("{}{} {}", ends.empty() ? "" : ", ", count, how);
  }
  return fmt::format("{}; executions {}; ends {}", report.done, report.executions,
                     ends.empty() ? "none" : ends);
}

}  // namespace faults
