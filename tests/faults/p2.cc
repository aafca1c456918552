// P2: a second SIGTERM or SIGINT stops at once and in order; SIGHUP does not stop and ends no drain
// time, and a changed secret counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::HasSubstr;
using testing::StartsWith;

// The shipped worker, with a drain time that no test reaches and a call under way.
class draining {
 public:
  explicit draining(const std::string& milliseconds_of_the_call)
      : env(options()),
        worker(env, {{"LAMBDA_CONNECTOR_DRAIN_TIME", "10m"}}),
        key(env.engine().create(
            journey::call_of("slow", R"({"ms":)" + milliseconds_of_the_call + "}"))) {}

  // Sends the signal when the call runs. False: it did not run, or the worker did not stop.
  bool stop_by(int signal) {
    const auto one_runs = [](const auto& totals) { return totals.running == 1; };
    if (!env.lambda().account().wait_for(one_runs, journey::patience)) return false;
    worker.signal(signal);
    return env.wait([&] { return worker.lines_with("stopping: no more jobs") > 0; });
  }

  test_environment env;
  shipped worker;
  std::int64_t key;

 private:
  static journey::test_environment_options options() {
    journey::test_environment_options how;
    how.start_worker = false;
    return how;
  }
};

void twice(int first, int second) {
  // given: a call that runs
  draining it("600000");
  // when
  ASSERT_TRUE(it.stop_by(first));
  EXPECT_EQ(it.env.account(it.key).fails, 0U);
  it.worker.signal(second);
  // then: the second signal cuts the call
  ASSERT_TRUE(it.env.wait([&] { return it.env.account(it.key).fails == 1; }));
  // The third signal finds no process, or one that is ending anyway.
  EXPECT_EQ(it.worker.process().end(journey::patience), 0) << it.worker.log();
  EXPECT_THAT(it.env.account(it.key).fail_message, StartsWith("AMBIGUOUS: "));
  EXPECT_EQ(it.env.account(it.key).retries, 2);
  it.env.engine().cancel(it.key);
  expect_all_ended(it.env);
}

// As a service manager that ends a session, or a terminal that closes.
void hang_up_while_draining() {
  // given: a call that ends within the drain time
  draining it("3000");
  // when
  ASSERT_TRUE(it.stop_by(SIGTERM));
  it.worker.signal(SIGHUP);
  // then
  ASSERT_TRUE(it.env.wait([&] { return it.worker.has_ended(); }));
  EXPECT_EQ(it.worker.process().end(journey::patience), 0) << it.worker.log();
  EXPECT_EQ(it.env.account(it.key).state, job_state::completed);
  EXPECT_EQ(it.env.account(it.key).fails, 0U);
  expect_all_ended(it.env);
}

void hang_up_before_the_second_signal() {
  // given
  draining it("600000");
  ASSERT_TRUE(it.stop_by(SIGTERM));
  it.worker.signal(SIGHUP);
  ASSERT_TRUE(it.env.wait([&] { return it.worker.lines_with("SIGHUP: the worker stops") > 0; }));
  EXPECT_EQ(it.env.account(it.key).fails, 0U);
  // when
  it.worker.signal(SIGTERM);
  // then: this one cuts the call
  ASSERT_TRUE(it.env.wait([&] { return it.env.account(it.key).fails == 1; }));
  EXPECT_EQ(it.worker.process().end(journey::patience), 0) << it.worker.log();
  it.env.engine().cancel(it.key);
  expect_all_ended(it.env);
}

void reload() {
  const auto folder =
      std::filesystem::temp_directory_path() / ("faults-p2-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "TOKEN") << "first";
  journey::test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  const auto file = folder / "worker.yaml";
  std::ofstream(file) << "log:\n  level: info\n";
  {
    shipped worker(env,
                   {{"SECRETS_DIR", folder.string()}, {"LAMBDA_CONNECTOR_CONFIG", file.string()}});
    const auto spec = journey::call_of("void", R"("{{secrets.TOKEN}}")", R"({"secrets":"TOKEN"})");
    EXPECT_EQ(env.run(spec).state, job_state::completed);
    std::ofstream(folder / "TOKEN", std::ios::trunc) << "second";
    worker.signal(SIGHUP);
    ASSERT_TRUE(env.wait([&] { return worker.lines_with("SIGHUP") > 0; }));
    EXPECT_EQ(env.run(spec).state, job_state::completed);
    EXPECT_THAT(env.lambda().account().invocations().back().request.payload, HasSubstr("second"));
    // A guard counts at once, a gateway and the log's form need a restart, a mistake changes
    // nothing.
    std::ofstream(file, std::ios::trunc) << "guards:\n  allowedFunctions: [echo]\ngateway:\n  "
                                            "keepAlive: 50s\nlog:\n  format: text\n";
    worker.signal(SIGHUP);
    ASSERT_TRUE(env.wait([&] { return worker.lines_with("guards.allowedFunctions") > 0; }));
    ASSERT_TRUE(env.wait([&] { return worker.lines_with("gateway.keepAlive") > 0; }));
    EXPECT_EQ(worker.lines_with("gateway.keepAlive"), 1U);
    EXPECT_EQ(worker.lines_with("log.format"), 1U);
    EXPECT_THAT(env.run(spec).incident_message, StartsWith("FORBIDDEN: Function"));
    std::ofstream(file, std::ios::trunc) << "guards:\n  allowedFunctions: []\nnonsense: 1\n";
    worker.signal(SIGHUP);
    ASSERT_TRUE(env.wait([&] { return worker.lines_with("those in force stay") > 0; }));
    EXPECT_EQ(env.run(journey::call_of("echo", "1")).state, job_state::completed);
    EXPECT_EQ(worker.process().end(journey::patience), 0) << worker.log();
    EXPECT_EQ(worker.lines_with(R"({"time":")"), worker.lines_with("")) << worker.log();
  }
  std::filesystem::remove_all(folder);
  expect_all_ended(env);
}

TEST(Faults, P2_ASecondSignalArrives) {
  report_action("SIGTERM twice");
  twice(SIGTERM, SIGTERM);
  report_action("SIGTERM, then SIGINT");
  twice(SIGTERM, SIGINT);
  report_action("SIGTERM, then SIGHUP");
  hang_up_while_draining();
  report_action("SIGTERM, SIGHUP, SIGTERM");
  hang_up_before_the_second_signal();
  report_action("SIGHUP");
  reload();
}

}  // namespace
}  // namespace faults
