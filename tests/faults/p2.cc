// P2: a second SIGTERM or SIGINT stops at once and in order; SIGHUP does not stop, and a changed
// secret counts.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <fstream>

#include "tests/faults/load.h"
#include "tests/faults/row.h"
#include "tests/faults/shipped.h"

namespace faults {
namespace {

using journey::job_state;
using journey::world;
using testing::HasSubstr;
using testing::StartsWith;

void twice(int first, int second) {
  journey::world_options options;
  options.start_worker = false;
  world all(options);
  shipped worker(all, {{"LAMBDA_CONNECTOR_DRAIN_TIME", "10m"}});
  const auto key = all.engine().create(journey::call_of("slow", R"({"ms":600000})"));
  ASSERT_TRUE(all.lambda().account().wait_for([](const auto& t) { return t.running == 1; },
                                              journey::patience));
  worker.signal(first);
  ASSERT_TRUE(all.wait([&] { return worker.lines_with("stopping") > 0; }));
  EXPECT_EQ(all.account(key).fails, 0U);
  worker.signal(second);
  ASSERT_TRUE(all.wait([&] { return all.account(key).fails == 1; }));
  // The third signal finds nobody to tell, or a program that is going anyway.
  EXPECT_EQ(worker.process().end(journey::patience), 0) << worker.log();
  EXPECT_THAT(all.account(key).fail_message, StartsWith("AMBIGUOUS: "));
  EXPECT_EQ(all.account(key).retries, 2);
  all.engine().cancel(key);
  settle(all);
}

void reload() {
  const auto folder =
      std::filesystem::temp_directory_path() / ("faults-p2-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  std::ofstream(folder / "TOKEN") << "first";
  journey::world_options options;
  options.start_worker = false;
  world all(options);
  {
    shipped worker(all, {{"SECRETS_DIR", folder.string()}});
    const auto spec = journey::call_of("void", R"("{{secrets.TOKEN}}")", R"({"secrets":"TOKEN"})");
    EXPECT_EQ(all.run(spec).state, job_state::completed);
    std::ofstream(folder / "TOKEN", std::ios::trunc) << "second";
    worker.signal(SIGHUP);
    ASSERT_TRUE(all.wait([&] { return worker.lines_with("SIGHUP") > 0; }));
    EXPECT_EQ(all.run(spec).state, job_state::completed);
    EXPECT_THAT(all.lambda().account().invocations().back().request.payload, HasSubstr("second"));
    EXPECT_EQ(worker.process().end(journey::patience), 0) << worker.log();
  }
  std::filesystem::remove_all(folder);
  settle(all);
}

TEST(Faults, P2) {
  did("SIGTERM twice");
  twice(SIGTERM, SIGTERM);
  did("SIGTERM, then SIGINT");
  twice(SIGTERM, SIGINT);
  did("SIGHUP");
  reload();
}

}  // namespace
}  // namespace faults
