// Which process is the worker, by the command lines of /proc.
#include "worker/cli/running_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/unit/worker/temporary_folder.h"

namespace worker::cli {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class RunningWorker : public testing::Test {
 protected:
  void process(long number, const std::vector<std::string>& words) const {
    std::string text;
    for (const auto& word : words) text += word + '\0';
    proc_.write(std::to_string(number) + "/cmdline", text);
  }
  [[nodiscard]] std::vector<running_worker> find() const {
    return find_running_workers(proc_.path(), 99);
  }
  [[nodiscard]] running_worker only() const {
    auto found = find();
    EXPECT_EQ(found.size(), 1U);
    return found.empty() ? running_worker{} : found.front();
  }

  tests::temporary_folder proc_;
};

TEST_F(RunningWorker, ItsFlagsAreThoseOfRun) {
  process(1, {"/usr/bin/lambda-connector", "--admin-address", "127.0.0.1:18085", "run",
              "--stream=false"});
  EXPECT_EQ(only().process, 1);
  EXPECT_THAT(only().flags, ElementsAre("--admin-address", "127.0.0.1:18085", "--stream=false"));
  process(1, {"lambda-connector"});
  EXPECT_THAT(only().flags, IsEmpty());
}

TEST_F(RunningWorker, AnInitProcessMayStandBeforeIt) {
  process(1, {"/sbin/tini", "--", "/usr/bin/lambda-connector"});
  process(7, {"/usr/bin/lambda-connector", "run", "--config", "/etc/worker.yaml"});
  process(99, {"/usr/bin/lambda-connector", "healthcheck"});
  proc_.write("version", "Linux");
  EXPECT_EQ(only().process, 7);
}

TEST_F(RunningWorker, OtherCommandsAndProgramsDoNotCount) {
  EXPECT_THAT(find(), IsEmpty());
  process(5, {"/usr/bin/lambda-connector", "check", "--region", "run"});
  process(6, {"/usr/bin/lambda-connector", "--region", "eu-west-1", "invoke"});
  process(8, {"/usr/bin/lambda-connector-2"});
  process(9, {});
  EXPECT_THAT(find(), IsEmpty());
}

TEST_F(RunningWorker, OfSeveralTheFirstProcessIsTheOne) {
  process(7, {"lambda-connector"});
  process(8, {"lambda-connector", "--admin-address", "1"});
  EXPECT_EQ(find().size(), 2U);
  process(1, {"lambda-connector", "--admin-address", "2"});
  EXPECT_THAT(only().flags, ElementsAre("--admin-address", "2"));
}

TEST_F(RunningWorker, OfSeveralWithDifferentFlagsNoneIsTaken) {
  process(10, {"lambda-connector", "--admin-address", "2"});
  process(9, {"lambda-connector"});
  const auto meant = health_target_of(find());
  EXPECT_THAT(meant.flags, IsEmpty());
  EXPECT_THAT(meant.doubt, AllOf(HasSubstr("9, 10"), HasSubstr("--admin-address")));
}

TEST_F(RunningWorker, OfSeveralWithTheSameFlagsEnvironmentAndFileDecide) {
  EXPECT_THAT(health_target_of(find()).doubt, IsEmpty());
  process(9, {"lambda-connector", "--config", "/etc/worker.yaml"});
  EXPECT_THAT(health_target_of(find()).flags, ElementsAre("--config", "/etc/worker.yaml"));
  process(10, {"lambda-connector", "run", "--config", "/etc/worker.yaml"});
  const auto meant = health_target_of(find());
  EXPECT_THAT(meant.flags, ElementsAre("--config", "/etc/worker.yaml"));
  EXPECT_THAT(meant.doubt, IsEmpty());
}

TEST_F(RunningWorker, AFolderThatCannotBeReadHasNone) {
  EXPECT_THAT(find_running_workers(proc_.at("absent"), 99), IsEmpty());
}

}  // namespace
}  // namespace worker::cli
