// L2: of all answers 30 % are 500, 502, 503 and 504 of many kinds. The error's name decides, not
// its status: what may have run is never sent again by the worker, what did not start is, and a 502
// that cannot pass is an incident at once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::HasSubstr;

struct kind {
  int status;
  const char* name;
  bool may_have_run;
};

constexpr std::array kinds = {
    kind{500, "ServiceException", true},
    kind{502, "", true},
    kind{503, "ServiceUnavailable", true},
    kind{504, "", true},
    kind{502, "EC2ThrottledException", false},
    kind{502, "ENILimitReachedException", false},
    kind{502, "SubnetIPAddressLimitReachedException", false},
};

// Three of ten attempts fail, each time in another way; which is settled by the key alone.
const kind* failing(const std::string& job_key, std::uint64_t attempt) {
  const auto number = std::stoull(job_key) * 7 + attempt * 3;
  return number % 10 < 3 ? &kinds[(number / 10 + attempt) % kinds.size()] : nullptr;
}

sandbox::answer flaky(const sandbox::invocation& call) {
  const auto* how = failing(call.job_key, call.attempt);
  return how != nullptr ? sandbox::service_error(how->status, how->name, "made by the row")
                        : sandbox::json_answer("{}");
}

TEST(Faults, L2_AThirdOfTheAnswersAreServerErrors) {
  // given
  test_environment env;
  env.lambda().register_function("flaky", flaky);
  auto spec = journey::call_of("flaky", "{}", R"({"retryBackoff":"PT0.05S"})");
  spec.retries = 20;
  flow jobs(env, spec, 100);
  // when
  jobs.pass(milliseconds(is_long() ? 300'000 : 800));
  report_action("30 % of " + std::to_string(jobs.keys().size()) +
                " jobs' calls 500, 502, 503, 504");
  ASSERT_TRUE(env.engine().wait_all_ended(std::chrono::minutes(2)));
  // then
  std::size_t met = 0;
  for (const auto key : jobs.keys()) {
    const auto text = std::to_string(key);
    const auto job = env.account(key);
    EXPECT_EQ(job.state, job_state::completed) << job.fail_message;
    const auto asked = env.lambda().account().job(text).requests;
    // Every attempt but the last failed; those that may have run cost a retry each, and the worker
    // did not repeat them by itself.
    std::uint32_t unclear = 0;
    for (std::uint64_t attempt = 1; attempt < asked; ++attempt) {
      const auto* how = failing(text, attempt);
      ASSERT_NE(how, nullptr) << "sent again after a good answer";
      unclear += how->may_have_run ? 1 : 0;
    }
    met += asked - 1;
    EXPECT_GE(job.fails, unclear);
    EXPECT_EQ(failing(text, asked), nullptr);
  }
  EXPECT_GT(met, 0U);

  report_action("502 InvalidZipFileException");
  const auto broken = env.run(
      journey::call_of("error-status", R"({"status":502,"type":"InvalidZipFileException"})"));
  EXPECT_EQ(broken.state, job_state::incident);
  EXPECT_THAT(broken.incident_message, HasSubstr("InvalidZipFileException"));
  EXPECT_EQ(env.lambda().account().job(std::to_string(broken.key)).requests, 1U);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
