// Keys of tasks that come as an engine's own secrets do (camunda.secrets, since 8.10): plain values
// in the variables of a job. What REQUIRE_SECRET_REFERENCES=engine takes, and that they are masked.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/base/log.h"
#include "tests/journey/test_environment.h"

namespace journey {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class JourneyEngineSecrets : public testing::Test {
 protected:
  void SetUp() override {
    set("REQUIRE_SECRET_REFERENCES", "engine");
    // The worker has keys of its own, so the task's are masked for the task's sake.
    set("AWS_ACCESS_KEY_ID", "AKIAUNKNOWN");
    set("AWS_SECRET_ACCESS_KEY", "unknown-key-of-the-worker");
  }
  std::string with_key(const std::string& payload = "{}", const std::string& function = "echo") {
    return R"({"functionName":")" + function + R"(","payload":)" + payload +
           R"(,"authentication":{"type":"static","accessKeyId":")" + key_.id +
           R"(","secretAccessKey":")" + key_.secret + R"("}})";
  }
  void set(const std::string& variable, const std::string& value) {
    options_.worker[variable] = value;
  }
  test_environment& env() {
    if (!environment_) environment_ = std::make_unique<test_environment>(options_);
    return *environment_;
  }
  job_account run(const std::string& inputs) {
    job_spec spec;
    spec.variables = R"({"lambda":)" + inputs + "}";
    spec.headers = R"({"secrets":"authentication.secretAccessKey:KEY"})";
    spec.retries = 2;  // what is refused for good ends at the first
    return env().run(spec);
  }
  static void expect_completed(const job_account& job) {
    EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  }

  const sandbox::access_key key_;
  test_environment_options options_;
  std::unique_ptr<test_environment> environment_;
};

TEST_F(JourneyEngineSecrets, AKeyInAVariableIsTakenFromAnEngineThatPutsItThere) {
  options_.engine.gateway_version = "8.10.2";
  expect_completed(run(with_key()));
  expect_completed(run(with_key()));
  EXPECT_EQ(env().engine().calls(sandbox::engine::rpc::topology), 1U) << "asked once a minute";
}

TEST_F(JourneyEngineSecrets, AKeyInAVariableIsRefusedFromAnOlderEngine) {
  options_.engine.gateway_version = "8.9.3";
  const auto refused = run(with_key());
  EXPECT_EQ(refused.state, job_state::incident);
  EXPECT_EQ(refused.fails, 1U);
  EXPECT_THAT(refused.incident_message,
              AllOf(StartsWith("INVALID_INPUT: "), HasSubstr("authentication.secretAccessKey"),
                    HasSubstr("REQUIRE_SECRET_REFERENCES=engine"), HasSubstr("version 8.9.3"),
                    Not(HasSubstr(key_.secret))));
  EXPECT_EQ(env().lambda().account().counted().requests, 0U);
}

TEST_F(JourneyEngineSecrets, AKeyInAHeaderIsRefusedBecauseNoEngineResolvesHeaders) {
  options_.engine.gateway_version = "8.10.2";
  auto spec = call_of("echo");
  spec.headers = R"({"authentication.type":"static","authentication.accessKeyId":"AKIA",)"
                 R"("authentication.secretAccessKey":"typed-by-a-person"})";
  const auto refused = env().run(spec);
  EXPECT_EQ(refused.state, job_state::incident);
  EXPECT_THAT(refused.incident_message,
              AllOf(StartsWith("INVALID_INPUT: "), HasSubstr("puts no secret into a header"),
                    Not(HasSubstr("typed-by-a-person"))));
}

TEST_F(JourneyEngineSecrets, AReferenceNeedsNoEngine) {
  options_.engine.gateway_version = "8.9.3";
  set("SECRET_KEY", key_.secret);
  expect_completed(
      run(R"({"functionName":"echo","authentication":{"type":"static","accessKeyId":")" + key_.id +
          R"(","secretAccessKey":"{{secrets.KEY}}"}})"));
}

TEST_F(JourneyEngineSecrets, AnEngineOfUnknownVersionLetsTheJobBeTriedAgain) {
  options_.engine.gateway_version = "8.10.2";
  env().engine().refuse(sandbox::engine::rpc::topology, grpc::StatusCode::PERMISSION_DENIED, "no");
  job_spec spec;
  spec.variables = R"({"lambda":)" + with_key() + "}";
  spec.headers = R"({"retryBackoff":"PT1S"})";
  const auto key = env().engine().create(spec);
  ASSERT_TRUE(env().wait([&] { return env().account(key).fails == 1; }));
  EXPECT_THAT(env().account(key).fail_message,
              AllOf(StartsWith("SECRET_ERROR: "), HasSubstr("(Topology)")));
  EXPECT_EQ(env().account(key).retries, 2);
  env().engine().lift_all();
  env().engine().advance(milliseconds(1000));
  expect_completed(env().wait_ended(key));
}

// In the message, in the variable `error`, and in the log.
TEST_F(JourneyEngineSecrets, AKeyThatTheEnginePutInIsMaskedAsAReferenceIs) {
  // given
  options_.engine.gateway_version = "8.10.2";
  connector::log::set_up(connector::log::level::debug, connector::log::format::json);
  testing::internal::CaptureStdout();
  const auto told = R"({"type":"Told","message":"the key is )" + key_.secret + R"("})";

  // when
  job_spec failing;
  failing.variables = R"({"lambda":)" + with_key(told, "fail") + "}";
  failing.headers = R"({"onFunctionError":"fail"})";
  failing.retries = 1;
  const auto failed = env().run(failing);
  const auto completed = run(with_key(told, "fail"));
  job_spec thrown = failing;
  thrown.headers = R"({"onFunctionError":"bpmnError"})";
  thrown.caught_errors = {"*"};
  thrown.tags = {key_.secret};
  const auto caught = env().run(thrown);
  environment_.reset();
  connector::log::shut_down();

  // then
  const auto logged = testing::internal::GetCapturedStdout();
  EXPECT_EQ(failed.state, job_state::incident);
  EXPECT_THAT(failed.incident_message, HasSubstr("the key is ***"));
  EXPECT_EQ(completed.state, job_state::completed);
  EXPECT_THAT(completed.process_variable("error").value_or(""), HasSubstr("the key is ***"));
  EXPECT_EQ(caught.state, job_state::error_thrown);
  EXPECT_THAT(caught.error_message, HasSubstr("the key is ***"));
  EXPECT_THAT(logged, HasSubstr(R"("tags":"***")"));
  for (const auto& text : {failed.incident_message, caught.error_message, caught.error_variables,
                           completed.process_variable("error").value_or(""), logged}) {
    EXPECT_THAT(text, Not(HasSubstr(key_.secret)));
  }
}

}  // namespace
}  // namespace journey
