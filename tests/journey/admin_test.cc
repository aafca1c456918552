// The admin port of a whole worker: what probes and scrapes see. A client that misuses the port
// costs no job.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "connector/base/log.h"
#include "tests/journey/test_environment.h"
#include "tests/unit/worker/admin/plain_client.h"

namespace journey {
namespace {

using admin_tests::get;
using admin_tests::plain_client;
using testing::HasSubstr;
using testing::Not;

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
                           "/actuator/health/readiness", "/startup", "/actuator/health/startup"}) {
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
  EXPECT_TRUE(env.wait([&] { return get(port, "/startup").status == 200; }));
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

TEST(JourneyAdmin, FunctionsTemplatesAndHandshakesAreCountedWhereTheyAreWanted) {
  for (const bool wanted : {false, true}) {
    // given
    auto options = with_admin_port();
    options.worker["LAMBDA_CONNECTOR_TIMED_FUNCTIONS"] = wanted ? "5" : "0";
    test_environment env(options);
    const auto port = env.worker().admin_port();

    // when
    const std::string headers = R"({"elementTemplateId":"invoke","elementTemplateVersion":"3"})";
    EXPECT_EQ(env.run(call_of("echo", "{}", headers)).state, job_state::completed);

    // then
    const std::string completed =
        "camunda_connector_outbound_invocations_total{type=\"lambdaConnector.INVOKE\","
        "elementTemplateId=\"invoke\",elementTemplateVersion=\"3\",action=\"completed\"} 1\n";
    ASSERT_TRUE(
        env.wait([&] { return get(port, "/metrics").body.find(completed) != std::string::npos; }));
    const auto page = get(port, "/metrics").body;
    const auto of_function =
        HasSubstr("function_call_duration_seconds_count{function=\"echo\"} 1\n");
    if (wanted) {
      EXPECT_THAT(page, of_function);
    } else {
      EXPECT_THAT(page, Not(of_function));
    }
    EXPECT_THAT(page, HasSubstr("camunda_client_worker_job_handled_total{"
                                "type=\"lambdaConnector.INVOKE\"} 1\n"));
    EXPECT_THAT(page, HasSubstr("lambda_connector_credentials_age_seconds "));
  }
}

TEST(JourneyAdmin, ThrottledFunctionIsSeenWhileItIsThrottled) {
  // given
  test_environment env(with_admin_port());
  const auto port = env.worker().admin_port();
  env.lambda().register_function("hot", [](const sandbox::invocation&) {
    auto refused = sandbox::service_error(429, "TooManyRequestsException", "Rate Exceeded.");
    refused.headers.emplace_back("Retry-After", "20");
    return refused;
  });
  EXPECT_THAT(get(port, "/metrics").body, HasSubstr("lambda_connector_throttled_functions 0\n"));

  // when
  env.engine().create(call_of("hot"));
  ASSERT_TRUE(env.wait([&] {
    return get(port, "/metrics").body.find("lambda_connector_throttled_functions 1\n") !=
           std::string::npos;
  }));

  // then
  const auto status = get(port, "/status.json").body;
  EXPECT_THAT(status, HasSubstr("\"key\":\"throttledFunctions\""));
  EXPECT_THAT(status, HasSubstr("hot in us-east-1: one after the other, with pauses, 0 wait"));
}

TEST(JourneyAdmin, StatusPageShowsTheLastHourAndWhatFailed) {
  // given
  test_environment env(with_admin_port());
  const auto port = env.worker().admin_port();
  const std::string address = "127.0.0.1:" + std::to_string(port);
  const auto read = [&](const std::string& path, const std::string& host) {
    plain_client client(port);
    client.send("GET " + path + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    return client.read_all();
  };

  // when
  EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
  EXPECT_EQ(env.run(call_of("no-such-function")).state, job_state::incident);

  // then
  // The engine knows of an end a moment before the worker has its answer.
  ASSERT_TRUE(env.wait([&] {
    return read("/status.json", address).find(R"("hour":[1,0,1,0])") != std::string::npos;
  }));
  EXPECT_THAT(
      read("/status.json", address),
      HasSubstr(
          R"("code":"NOT_FOUND","type":"lambdaConnector.INVOKE","function":"no-such-function")"));
  const auto page = read("/", address);
  EXPECT_THAT(page, HasSubstr("Content-Security-Policy: default-src 'none'"));
  EXPECT_THAT(page, HasSubstr("<td>NOT_FOUND</td>"));
  EXPECT_THAT(page, HasSubstr("<td>admin.address</td>"));
  // Keys are shown as ***.
  EXPECT_THAT(page, HasSubstr("<td>aws.secretKey</td><td>***</td>"));
  // Another site's name that leads here gets nothing.
  EXPECT_THAT(read("/status.json", "evil.example:8080"), HasSubstr("404"));
  EXPECT_THAT(read("/", "evil.example:8080"), Not(HasSubstr("NOT_FOUND")));
}

TEST(JourneyAdmin, StatusPageNeedsASettingOnOtherAddresses) {
  for (const bool wanted : {false, true}) {
    test_environment_options options;
    options.worker = {{"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "0"},
                      {"LAMBDA_CONNECTOR_STATUS_PAGE", wanted ? "true" : "false"}};
    test_environment env(options);
    EXPECT_EQ(get(env.worker().admin_port(), "/status.json").status, wanted ? 200 : 404);
  }
}

TEST(JourneyAdmin, EachEndOfAJobIsALineInTheLog) {
  // given
  connector::log::set_up(connector::log::level::info, connector::log::format::json);
  testing::internal::CaptureStdout();

  // when
  {
    test_environment env(with_admin_port());
    EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
    EXPECT_EQ(env.run(call_of("no-such-function")).state, job_state::incident);
    EXPECT_TRUE(env.worker().stop());
  }
  connector::log::shut_down();

  // then
  const auto logged = testing::internal::GetCapturedStdout();
  EXPECT_THAT(logged, HasSubstr(R"("level":"info","message":"job completed","jobKey":")"));
  EXPECT_THAT(
      logged,
      HasSubstr(R"("end":"completed","function":"echo","region":"us-east-1","requestId":")"));
  EXPECT_THAT(
      logged,
      HasSubstr(R"("level":"warning","message":"job failed, the engine raises an incident")"));
  EXPECT_THAT(logged,
              HasSubstr(R"("code":"NOT_FOUND","retries":"0","function":"no-such-function")"));
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

TEST(JourneyAdmin, FloodOfRequestsLeavesTheConnectionsOfJobsAlone) {
  // given: 1,000 connections, of which the server keeps the last few
  test_environment env(with_admin_port());
  const auto port = env.worker().admin_port();
  const auto keys = env.engine().create_many(call_of("echo"), 300);
  for (int i = 0; i < 1000; ++i) {
    plain_client one(port);
    one.send(i % 2 == 0 ? "GET /metrics HTTP/1.1\r\n\r\n" : "\x16\x03\x01 no HTTP at all");
  }

  // then
  for (const auto key : keys) ASSERT_EQ(env.wait_ended(key).state, job_state::completed);
  EXPECT_EQ(get(port, "/livez").status, 200);
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
