// P5: many large jobs and little memory. The byte budget holds activation back, so what is held
// stays near it, and every job is done.
#include <gtest/gtest.h>

#include <algorithm>
#include <vector>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::test_environment;

constexpr std::size_t megabyte = 1'000'000;

enum class come { polled, polled_beside_a_stream, pushed };

void budget_holds_back(std::size_t count, come how) {
  // given
  constexpr std::size_t budget = 4 * megabyte;
  journey::test_environment_options options;
  options.start_worker = false;
  options.engine.keep_variables = false;
  test_environment env(options);
  const auto spec = journey::call_of("void", '"' + std::string(megabyte, 'x') + '"');
  // when
  std::vector<std::int64_t> keys;
  if (how != come::pushed) keys = env.engine().create_many(spec, count);
  const bool stream = how != come::polled;
  env.start_worker({{"LAMBDA_CONNECTOR_BYTE_BUDGET", "4MB"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT", "3000"},
                    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED", stream ? "true" : "false"}});
  if (how == come::pushed) {
    EXPECT_TRUE(env.wait([&] { return env.engine().open_streams() == 1; }));
    keys = env.engine().create_many(spec, count);
  }
  // then: the bytes that the worker holds stay within the budget
  std::size_t most = 0;
  EXPECT_TRUE(env.wait([&] {
    most = std::max(most, env.worker().snapshot().bytes_used);
    return env.engine().totals().open == 0;
  }));
  EXPECT_LE(most, budget);
  EXPECT_GT(most, 0U);
  each_ran_once(env, keys);
  EXPECT_TRUE(env.wait([&] { return env.worker().snapshot().bytes_used == 0; }));
  report_action("most held " + std::to_string(most / megabyte) + " MB of 4");
  expect_all_ended(env);
}

TEST(Faults, P5_ManyLargeJobsMeetASmallByteBudget) {
  const std::size_t count = is_long() ? 320 : 32;
  report_action(std::to_string(count) + " jobs of 1 MB polled");
  budget_holds_back(count, come::polled);
  report_action("with a stream beside");
  budget_holds_back(count, come::polled_beside_a_stream);
  report_action("pushed");
  budget_holds_back(count, come::pushed);
}

}  // namespace
}  // namespace faults
