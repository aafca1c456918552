// P4: stdout is blocked, closed, without a reader, a full disk, or a file at the limit of its size.
// No job waits for the log; lines that are lost are counted.
#include <gtest/gtest.h>
#include <sys/resource.h>

#include <filesystem>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::test_environment;

// Jobs that write a line each, more than a pipe and the queue of lines hold when in full.
void jobs_run(shipped_output output, const std::string& name, std::size_t count) {
  // given
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  const bool served = output == shipped_output::unread_pipe;
  shipped worker(
      env,
      {{"LAMBDA_CONNECTOR_ADMIN_ADDRESS", served ? "127.0.0.1:0" : "off"}, {"LOG_LEVEL", "debug"}},
      output);
  if (output == shipped_output::file) {
    const rlimit small{4096, 4096};
    ASSERT_EQ(::prlimit(worker.process().pid(), RLIMIT_FSIZE, &small, nullptr), 0);
  }
  // when
  const auto keys = env.engine().create_many(journey::call_of("echo"), count);
  // then
  each_ran_once(env, keys, std::chrono::minutes(2));
  if (output == shipped_output::closed) {
    // Else the log would be written into the next socket.
    const auto one = "/proc/" + std::to_string(worker.process().pid()) + "/fd/1";
    EXPECT_EQ(std::filesystem::read_symlink(one), "/dev/null");
  }
  if (served) {
    const std::string dropped = "\nlambda_connector_log_lines_dropped_total ";
    EXPECT_TRUE(env.wait([&] {
      const auto page = worker.body_of("/metrics");
      const auto at = page.find(dropped);
      return at != std::string::npos && page.at(at + dropped.size()) != '0';
    })) << "no line was lost: the row did nothing";
  }
  // It stops as ever.
  EXPECT_EQ(worker.process().end(journey::patience), 0) << name << ": " << worker.log();
  report_action(std::to_string(count) + " jobs with stdout " + name);
  expect_all_ended(env);
}

TEST(Faults, P4_StdoutTakesNoLines) {
  const std::size_t count = is_long() ? 20'000 : 600;
  jobs_run(shipped_output::unread_pipe, "blocked", count);
  jobs_run(shipped_output::closed, "closed", count / 6);
  jobs_run(shipped_output::broken_pipe, "without a reader", count / 6);
  jobs_run(shipped_output::full_disk, "a full disk", count / 6);
  jobs_run(shipped_output::file, "a file at the limit of its size", count / 6);
}

}  // namespace
}  // namespace faults
