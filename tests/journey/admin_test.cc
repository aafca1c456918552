// The admin port of a whole worker: what probes and scrapes see. A client that misuses the port
// costs no job.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "tests/journey/test_environment.h"
#include "tests/unit/worker/admin/plain_client.h"

namespace journey {
namespace {

using admin_tests::get;
using admin_tests::plain_client;
using testing::HasSubstr;

test_environment_options with_admin_port() {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "127.0.0.1:0"}};
  return options;
}

TEST(JourneyAdmin, WorkerBecomesReadyAndEveryNameOfAProbeAnswers) {
  test_environment env(with_admin_port());
  const auto port = env.worker().admin_port();
  ASSERT_TRUE(env.wait([&] { return get(port, "/readyz").status == 200; }));
  for (const auto* path : {"/livez", "/healthz", "/actuator/health", "/actuator/health/liveness",
                           "/actuator/health/readiness"}) {
    const auto page = get(port, path);
    EXPECT_EQ(page.status, 200) << path;
    EXPECT_THAT(page.body, HasSubstr(R"("status":"UP")")) << path;
  }
  EXPECT_THAT(get(port, "/actuator/prometheus").body, HasSubstr("lambda_connector_ready 1\n"));
}

TEST(JourneyAdmin, WithoutAGatewayItIsAliveAndNotReady) {
  auto options = with_admin_port();
  options.worker["CAMUNDA_GRPC_ADDRESS"] = "http://127.0.0.1:1";
  test_environment env(options);
  const auto port = env.worker().admin_port();
  EXPECT_EQ(get(port, "/livez").status, 200);
  const auto page = get(port, "/readyz");
  EXPECT_EQ(page.status, 503);
  EXPECT_THAT(page.body, HasSubstr(R"("gateway":{"status":"DOWN"})"));
}

TEST(JourneyAdmin, WithoutCredentialsItIsAliveAndNotReady) {
  // given
  auto options = with_admin_port();
  options.worker["AWS_ACCESS_KEY_ID"] = "";
  options.worker["AWS_SECRET_ACCESS_KEY"] = "";
  options.worker["AWS_EC2_METADATA_DISABLED"] = "true";
  test_environment env(options);
  const auto port = env.worker().admin_port();

  // when
  ASSERT_TRUE(env.wait([&] {
    return get(port, "/readyz").body.find(R"("gateway":{"status":"UP"})") != std::string::npos;
  }));

  // then
  const auto page = get(port, "/readyz");
  EXPECT_EQ(page.status, 503);
  EXPECT_THAT(page.body, HasSubstr(R"("credentials":{"status":"DOWN"})"));
  EXPECT_EQ(get(port, "/livez").status, 200);
}

TEST(JourneyAdmin, JobsCallsAndRetriesAreCounted) {
  // given
  test_environment env(with_admin_port());
  const auto port = env.worker().admin_port();

  // when
  EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
  EXPECT_EQ(env.run(call_of("throttle-once")).state, job_state::completed);
  EXPECT_EQ(env.run(call_of("no-such-function")).state, job_state::incident);
  const std::string type = "{type=\"lambdaConnector.INVOKE\",end=";
  const auto has = [&](const std::string& line) {
    return env.wait([&] { return get(port, "/metrics").body.find(line) != std::string::npos; });
  };

  // then
  // The engine knows of an end a moment before the worker has its answer.
  EXPECT_TRUE(has("lambda_connector_jobs_ended_total" + type + "\"completed\"} 2\n"));
  EXPECT_TRUE(has("lambda_connector_jobs_ended_total" + type + "\"failed\"} 1\n"));
  const auto page = get(port, "/metrics").body;
  EXPECT_THAT(page, HasSubstr("call_retries_total{reason=\"TOO_MANY_REQUESTS\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("calls_total{operation=\"invoke\",result=\"NOT_FOUND\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("call_duration_seconds_count{operation=\"invoke\"} 3\n"));
  EXPECT_THAT(page, HasSubstr("lambda_connector_slots 32\n"));
}

TEST(JourneyAdmin, SlowReadersAndGarbageLeaveJobsAlone) {
  // given
  test_environment env(with_admin_port());
  const auto port = env.worker().admin_port();
  std::vector<std::unique_ptr<plain_client>> rude;
  for (int i = 0; i < 60; ++i) {
    auto one = std::make_unique<plain_client>(port);
    switch (i % 5) {
      case 0:
        break;  // says nothing
      case 1:
        one->send("GET /metrics HTTP/1.1\r\nHost: a\r\n\r\n");  // and never reads
        break;
      case 2:
        one->send(std::string(4000, '\0'));
        break;
      case 3:
        one->send("GET /metrics HTTP/1.1\r\nX-Endless: " + std::string(100'000, 'x'));
        break;
      default:
        one->send("POST /livez HTTP/1.1\r\nContent-Length: 999999999999\r\n\r\n{");
        break;
    }
    rude.push_back(std::move(one));
  }

  // when
  const auto keys = env.engine().create_many(call_of("echo"), 200);
  for (const auto key : keys) ASSERT_EQ(env.wait_ended(key).state, job_state::completed);

  // then
  EXPECT_EQ(get(port, "/livez").status, 200);
  EXPECT_TRUE(env.worker().stop());
}

TEST(JourneyAdmin, StoppingWorkerEndsWithConnectionsOpen) {
  test_environment env(with_admin_port());
  plain_client idle(env.worker().admin_port());
  EXPECT_TRUE(env.worker().stop());
  EXPECT_EQ(idle.read_all(), "");
  EXPECT_TRUE(idle.closed());
}

}  // namespace
}  // namespace journey
