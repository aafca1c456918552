// L3: nobody listens, the name does not exist, one of two addresses is dead.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "tests/faults/caller.h"
#include "tests/faults/relay.h"
#include "tests/faults/row.h"

namespace faults {
namespace {

using journey::call_of;
using journey::job_state;
using journey::world;
using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;

void refused_then_back(int rounds) {
  did("refused " + std::to_string(rounds) + " times");
  world all;
  for (int i = 0; i < rounds; ++i) {
    all.lambda().stop_listening();
    all.lambda().close_connections();  // one is kept from the round before
    auto spec = call_of("echo", "{}", R"({"retryBackoff":"PT0.1S"})");
    spec.retries = 50;
    const auto key = all.engine().create(spec);
    ASSERT_TRUE(all.wait([&] { return all.account(key).fails > 0; }));
    EXPECT_THAT(all.account(key).fail_message, StartsWith("CONNECTION_ERROR: "));
    all.lambda().listen_again();
    EXPECT_EQ(all.wait_ended(key).state, job_state::completed);
    EXPECT_EQ(all.lambda().account().job(std::to_string(key)).executions, 1U);
  }
  settle(all);
}

void unknown_name() {
  did("unknown name");
  journey::world_options options;
  options.worker = {{"AWS_ENDPOINT_URL_LAMBDA", "https://nowhere.invalid"}};
  world all(options);
  auto spec = call_of("echo");
  spec.retries = 1;
  const auto job = all.run(spec);
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.incident_message, StartsWith("CONNECTION_ERROR: "));
  EXPECT_THAT(job.incident_message, HasSubstr("nowhere.invalid"));
  settle(all);
}

void one_of_two_is_dead() {
  did("one of two addresses silent");
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
  ran(server.account().counted().executions);
}

void a_name_that_comes_and_goes() {
  did("flapping name");
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
  ran(server.account().counted().executions);
}

TEST(Faults, L3) {
  refused_then_back(is_long() ? 20 : 1);
  unknown_name();
  one_of_two_is_dead();
  a_name_that_comes_and_goes();
}

}  // namespace
}  // namespace faults
