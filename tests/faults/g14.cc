// G14: jobs with 4 MB of variables, a thousand headers, none, broken JSON, unknown fields. No
// crash. A malformed job fails with no retries left, and its message says what is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"

namespace faults {
namespace {

using journey::job_spec;
using journey::job_state;
using journey::test_environment;
using testing::HasSubstr;

void refused(test_environment& env, const job_spec& spec, const std::string& why) {
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident) << why;
  EXPECT_EQ(job.retries, 0) << why;
  EXPECT_EQ(job.fails, 1U) << why;
  EXPECT_THAT(job.incident_message, HasSubstr(why));
  EXPECT_EQ(env.lambda().account().job(std::to_string(job.key)).requests, 0U);
}

job_spec with_variables(const std::string& text) {
  job_spec spec;
  spec.variables = text;
  return spec;
}

job_spec with_headers(const std::string& text) { return journey::call_of("echo", "{}", text); }

TEST(Faults, G14_VariablesAreLargeOrBroken) {
  journey::test_environment_options options;
  options.engine.max_message_size = std::size_t{16} << 20;
  test_environment env(options);
  const std::size_t rounds = is_long() ? 100 : 1;
  report_action("4 MB of variables, 1000 headers and none");
  std::string headers = R"({"n":"x")";
  for (int i = 0; i < 999; ++i) headers += ",\"note" + std::to_string(i) + "\":\"x\"";
  headers += "}";
  for (std::size_t i = 0; i < rounds; ++i) {
    EXPECT_EQ(env.run(journey::call_of("echo", '"' + std::string(4'000'000, 'x') + '"')).state,
              job_state::completed);
    const auto many = env.run(with_headers(headers));
    EXPECT_EQ(many.state, job_state::completed) << many.incident_message;
    EXPECT_EQ(env.run(with_headers("")).state, job_state::completed);
    EXPECT_EQ(env.run(with_headers("{}")).state, job_state::completed);
  }
  report_action("broken variables and headers, unknown fields");
  const std::string deep = std::string(100'000, '[') + std::string(100'000, ']');
  for (std::size_t i = 0; i < rounds; ++i) {
    for (const auto* text : {"{\"lambda\":", "[]", "7", "null", "{} {}"}) {
      refused(env, with_variables(text), "");
    }
    refused(env, with_variables(R"({"lambda":{"functionName":"echo","payloud":1}})"), "payload");
    refused(env, with_variables(R"({"lambda":{"functionName":"echo","payload":)" + deep + "}}"),
            "nested too deep");
    for (const auto* text : {"{broken", "[]", "\"x\"", "{\"a\":", "{\"a\":1}}"}) {
      refused(env, with_headers(text), "INVALID_INPUT: ");
    }
  }
  EXPECT_EQ(env.run(journey::call_of("echo")).state, job_state::completed);
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
