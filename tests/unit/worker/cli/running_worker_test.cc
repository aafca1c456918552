// Which process is the worker, by the command lines of /proc.
#include "worker/cli/running_worker.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>

#include "tests/unit/worker/temporary_folder.h"

namespace worker::cli {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

class RunningWorker : public testing::Test {
 protected:
  void process(long number, const std::vector<std::string>& words) const {
    std::string text;
    for (const auto& word : words) text += word + '\0';
    proc_.write(std::to_string(number) + "/cmdline", text);
  }
  [[nodiscard]] std::optional<running_worker> find() const {
    return find_running_worker(proc_.path(), 99);
  }

  tests::temporary_folder proc_;
};

TEST_F(RunningWorker, ItsFlagsAreThoseOfRun) {
  process(1, {"/usr/bin/lambda-connector", "--admin-address", "127.0.0.1:18085", "run",
              "--stream=false"});
  ASSERT_TRUE(find());
  EXPECT_EQ(find()->process, 1);
  EXPECT_THAT(find()->flags, ElementsAre("--admin-address", "127.0.0.1:18085", "--stream=false"));
  process(1, {"lambda-connector"});
  EXPECT_THAT(find()->flags, IsEmpty());
}

TEST_F(RunningWorker, AnInitProcessMayStandBeforeIt) {
  process(1, {"/sbin/tini", "--", "/usr/bin/lambda-connector"});
  process(7, {"/usr/bin/lambda-connector", "run", "--config", "/etc/worker.yaml"});
  process(99, {"/usr/bin/lambda-connector", "healthcheck"});
  proc_.write("version", "Linux");
  EXPECT_EQ(find()->process, 7);
}

TEST_F(RunningWorker, OtherCommandsAndProgramsDoNotCount) {
  EXPECT_FALSE(find());
  process(5, {"/usr/bin/lambda-connector", "check", "--region", "run"});
  process(6, {"/usr/bin/lambda-connector", "--region", "eu-west-1", "invoke"});
  process(8, {"/usr/bin/lambda-connector-2"});
  process(9, {});
  EXPECT_FALSE(find());
}

TEST_F(RunningWorker, OfSeveralOnlyTheFirstProcessIsKnownToBeMeant) {
  process(7, {"lambda-connector"});
  process(8, {"lambda-connector", "--admin-address", "1"});
  EXPECT_FALSE(find());
  process(1, {"lambda-connector", "--admin-address", "2"});
  EXPECT_THAT(find()->flags, ElementsAre("--admin-address", "2"));
}

TEST_F(RunningWorker, AFolderThatCannotBeReadHasNone) {
  EXPECT_FALSE(find_running_worker(proc_.at("absent"), 99));
}

}  // namespace
}  // namespace worker::cli
