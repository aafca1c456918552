// L3: no server listens, the name does not exist, one of two addresses is dead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/faults/caller.h"
#include "tests/faults/fault_report.h"
#include "tests/faults/relay.h"

namespace faults {
namespace {

using journey::call_of;
using journey::job_state;
using journey::test_environment;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

void refused_then_back(int rounds) {
  report_action("refused " + std::to_string(rounds) + " times");
  test_environment env;
  for (int i = 0; i < rounds; ++i) {
    env.lambda().stop_listening();
    env.lambda().close_connections();  // one is kept from the round before
    auto spec = call_of("echo", "{}", R"({"retryBackoff":"PT0.1S"})");
    spec.retries = 50;
    const auto key = env.engine().create(spec);
    ASSERT_TRUE(env.wait([&] { return env.account(key).fails > 0; }));
    EXPECT_THAT(env.account(key).fail_message, StartsWith("CONNECTION_ERROR: "));
    env.lambda().listen_again();
    EXPECT_EQ(env.wait_ended(key).state, job_state::completed);
    EXPECT_EQ(env.lambda().account().job(std::to_string(key)).executions, 1U);
  }
  expect_all_ended(env);
}

void unknown_name() {
  report_action("unknown name");
  journey::test_environment_options options;
  options.worker = {{"AWS_ENDPOINT_URL_LAMBDA", "https://nowhere.invalid"}};
  test_environment env(options);
  auto spec = call_of("echo");
  spec.retries = 1;
  const auto job = env.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("CONNECTION_ERROR: "));
  EXPECT_THAT(job.incident_message, HasSubstr("nowhere.invalid"));
  expect_all_ended(env);
}

void one_of_two_is_dead() {
  report_action("one of two addresses silent");
  sandbox::lambda server;
  const silent_listener dead("127.0.0.2", server.port());
  connector::http::client_settings client;
  client.names = name_server({{"lambda.sandbox.test", {"127.0.0.2", "127.0.0.1"}}});
  caller calls(server, "lambda.sandbox.test", client);
  const auto begin = connector::boot_clock::now();
  EXPECT_TRUE(calls.invoke("echo").answered());
  const auto took = connector::boot_clock::now() - begin;
  EXPECT_GE(took, milliseconds(2000));
  const int more = is_long() ? 100 : 5;
  for (int i = 0; i < more; ++i) EXPECT_TRUE(calls.invoke("echo").answered());
  EXPECT_EQ(server.account().counted().executions, 1U + static_cast<unsigned>(more));
  report_executions(server.account().counted().executions);
}

void a_name_that_comes_and_goes() {
  report_action("flapping name");
  sandbox::lambda server;
  int asked = 0;
  connector::http::client_settings client;
  client.idle_close = milliseconds(0);
  const auto good = name_server({{"lambda.sandbox.test", {"127.0.0.1"}}});
  const auto bad = name_server({});
  client.names = [&asked, good, bad](std::string host) {
    return ++asked % 2 == 1 ? bad(std::move(host)) : good(std::move(host));
  };
  caller calls(server, "lambda.sandbox.test", client);
  EXPECT_TRUE(calls.invoke("echo").answered());
  EXPECT_EQ(server.account().counted().executions, 1U);
  EXPECT_EQ(asked, 2);
  report_executions(server.account().counted().executions);
}

TEST(Faults, L3_LambdaCannotBeReached) {
  refused_then_back(is_long() ? 20 : 1);
  unknown_name();
  one_of_two_is_dead();
  a_name_that_comes_and_goes();
}

}  // namespace
}  // namespace faults
