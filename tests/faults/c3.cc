// C3: a secret that changes ten times a second, one that is missing, empty, long, full of quotes
// and line ends, or looks like a reference. A new value counts with the next job, a missing one is
// named and nothing else, and no value is looked at again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::HasSubstr;
using testing::Not;

// A folder as Kubernetes mounts secrets: what changes is put in place at once, under a new name.
class secret_folder {
 public:
  secret_folder()
      : path_(std::filesystem::temp_directory_path() / ("faults-c3-" + std::to_string(getpid()))) {
    std::filesystem::create_directories(path_);
  }
  ~secret_folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  secret_folder(const secret_folder&) = delete;
  secret_folder& operator=(const secret_folder&) = delete;

  [[nodiscard]] std::string path() const { return path_.string(); }
  void put(const std::string& name, const std::string& value) const {
    const auto next = path_ / ("..next-" + name);
    std::ofstream(next, std::ios::binary) << value;
    std::filesystem::rename(next, path_ / name);
  }

 private:
  std::filesystem::path path_;
};

std::string sent_by(test_environment& env, const std::string& name) {
  const auto job = env.run(journey::call_of("void", R"("{{secrets.)" + name + R"(}}")",
                                            R"({"secrets":")" + name + R"("})"));
  EXPECT_EQ(job.state, job_state::completed) << name << ": " << job.incident_message;
  const auto calls = env.lambda().account().invocations();
  return calls.empty() ? "" : calls.back().request.payload;
}

TEST(Faults, C3_ASecretChangesTenTimesASecond) {
  const secret_folder folder;
  folder.put("TOKEN", "value-0");
  journey::test_environment_options options;
  options.worker = {{"SECRETS_DIR", folder.path()}};
  test_environment env(options);

  const int rotations = is_long() ? 600 : 30;
  report_action(std::to_string(rotations) + " rotations");
  for (int i = 1; i <= rotations; ++i) {
    const auto value = "value-" + std::to_string(i);
    folder.put("TOKEN", value);
    EXPECT_EQ(sent_by(env, "TOKEN"), '"' + value + '"');
    if (is_long()) env.engine().wait_until([] { return false; }, milliseconds(100));
  }

  report_action("quotes, line ends, 64 KiB, a reference as value");
  folder.put("QUOTES", "a\"b\\c\nd\te");
  EXPECT_EQ(sent_by(env, "QUOTES"), R"("a\"b\\c\nd\te")");
  const std::string large(64 * 1024, 's');
  folder.put("LARGE", large);
  EXPECT_EQ(sent_by(env, "LARGE"), '"' + large + '"');
  folder.put("LOOP", "{{secrets.TOKEN}}");
  EXPECT_EQ(sent_by(env, "LOOP"), R"("{{secrets.TOKEN}}")");

  report_action("missing");
  const auto missing = env.run(journey::call_of(
      "void", R"(["{{secrets.TOKEN}}","{{secrets.GONE}}"])", R"({"secrets":"TOKEN,GONE"})"));
  EXPECT_EQ(missing.state, job_state::incident);
  EXPECT_EQ(missing.fails, 1U);
  EXPECT_THAT(missing.incident_message, HasSubstr("GONE"));
  EXPECT_THAT(missing.incident_message, Not(HasSubstr("value-")));
  EXPECT_EQ(env.lambda().account().job(std::to_string(missing.key)).requests, 0U);

  report_action("empty");
  folder.put("EMPTY", "");
  const auto empty =
      env.run(journey::call_of("void", R"("x{{secrets.EMPTY}}y")", R"({"secrets":"EMPTY"})"));
  EXPECT_TRUE(empty.state == job_state::completed || empty.state == job_state::incident);
  EXPECT_LE(empty.fails, 1U);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
