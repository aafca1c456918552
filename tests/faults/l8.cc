// L8: answers that lie about their length, break the chunk format, are not HTTP/1.1 or nearly
// not. The worker asks for each once, each job has a clear end, and the next job is not harmed.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/faults/fault_report.h"

namespace faults {
namespace {

using journey::job_state;
using journey::test_environment;
using testing::AnyOf;
using testing::StartsWith;

sandbox::function playing(sandbox::wire_script script) {
  return [script = std::move(script)](const sandbox::invocation&) {
    sandbox::answer out;
    out.wire = script;
    return out;
  };
}

void add_functions(sandbox::lambda& server) {
  using namespace sandbox::wire;
  const std::string chunked = head("HTTP/1.1 200 OK", {{"Transfer-Encoding", "chunked"}});
  const std::string extension(1000, 'e');
  server.register_function(
      "chunk-extensions",
      playing({send(chunked), repeat("1;" + extension + "\r\n \r\n", 1'000'000)}));
  server.register_function("trailers-without-end",
                           playing({send(chunked + "2\r\n{}\r\n0\r\n"),
                                    repeat("X-Late: " + extension + "\r\n", 1'000'000)}));
  // What an HTTP/2 server says first: a SETTINGS frame.
  server.register_function("http2", playing({send(std::string("\0\0\0\4\0\0\0\0\0", 9)), hang()}));
}

TEST(Faults, L8_AnswersLieAboutTheirLength) {
  // given
  const std::vector<std::string> broken = {
      "wire-long-length", "wire-two-lengths",     "wire-bad-length", "wire-bad-chunk",
      "wire-huge-chunk",  "wire-half-chunks",     "wire-1xx-storm",  "wire-garbage",
      "chunk-extensions", "trailers-without-end", "http2",           "wire-endless-body"};
  const std::vector<std::string> odd = {"wire-http10", "wire-1xx", "wire-trailers",
                                        "wire-204-body"};
  report_action(std::to_string(broken.size()) + " broken answers, " + std::to_string(odd.size()) +
                " odd ones");
  test_environment env;
  add_functions(env.lambda());
  // when
  const int rounds = is_long() ? 50 : 1;
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::int64_t> bad;
    std::vector<std::int64_t> good;
    for (const auto& function : broken) {
      auto spec = journey::call_of(function);
      spec.variables.insert(spec.variables.size() - 2, R"(,"timeout":"PT5S")");
      spec.retries = 1;
      bad.push_back(env.engine().create(spec));
    }
    for (const auto& function : odd)
      good.push_back(env.engine().create(journey::call_of(function)));
    good.push_back(env.engine().create(journey::call_of("echo")));
    ASSERT_TRUE(env.engine().wait_all_ended(journey::patience));
    // then
    for (std::size_t i = 0; i < bad.size(); ++i) {
      const auto job = env.account(bad[i]);
      EXPECT_EQ(job.state, job_state::incident) << broken[i];
      EXPECT_THAT(job.incident_message,
                  AnyOf(StartsWith("AMBIGUOUS: "), StartsWith("RESPONSE_TOO_LARGE: ")))
          << broken[i];
      EXPECT_EQ(env.lambda().account().job(std::to_string(bad[i])).requests, 1U) << broken[i];
    }
    for (const auto key : good) {
      const auto job = env.account(key);
      EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
      EXPECT_EQ(env.lambda().account().job(std::to_string(key)).requests, 1U);
    }
  }
  expect_all_ended(env);
}

}  // namespace
}  // namespace faults
