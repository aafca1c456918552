// The figures that a page of metrics shows.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <ctime>

#include "tests/unit/worker/admin/metrics_example.h"

namespace worker::admin {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::Not;

TEST(Metrics, JobsAreCountedByTypeAndEndWithNoneMissing) {
  const auto page = example().page();
  EXPECT_THAT(page, HasSubstr("lambda_connector_jobs_ended_total{type=\"lambdaConnector.INVOKE\","
                              "end=\"completed\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("end=\"failed\"} 1\n"));
  for (const auto* never :
       {"bpmn_error", "handed_back", "waiting", "lapsed", "superseded", "undelivered"}) {
    EXPECT_THAT(page, HasSubstr(std::string("end=\"") + never + "\"} 0\n"));
  }
}

TEST(Metrics, LeaseTokensAreSeenWhereTheyWereRefusedOrMissing) {
  example given;
  given.jobs.leases.fenced = 2;
  given.jobs.commands.fenced = 3;
  given.jobs.without_lease_token = 4;
  const auto page = given.page();
  for (const auto* line : {"lease_extensions_total{result=\"fenced\"} 2\n",
                           "commands_fenced_total 3\n", "jobs_without_lease_token_total 4\n"}) {
    EXPECT_THAT(page, HasSubstr(std::string("lambda_connector_") + line));
  }
}

TEST(Metrics, ThePhysicalTenantIsOneLabelOfTheSettings) {
  example given;
  EXPECT_THAT(given.page(),
              HasSubstr("lambda_connector_engine_info{physical_tenant=\"default\"} 1\n"));
  given.jobs.physical_tenant = "blue";
  EXPECT_THAT(given.page(),
              HasSubstr("lambda_connector_engine_info{physical_tenant=\"blue\"} 1\n"));
}

TEST(Metrics, TokenIsSeenWithItsAgeAndItsEnd) {
  const auto page = example().page();
  for (const auto* line :
       {"gateway_token_age_seconds 1.5\n", "gateway_token_left_seconds -0.5\n",
        "gateway_token_requests_total{result=\"token\"} 3\n",
        "gateway_token_requests_total{result=\"failure\"} 1\n",
        "gateway_tokens_taken_over_total 2\n", "gateway_tokens_refused_total 4\n"}) {
    EXPECT_THAT(page, HasSubstr(std::string("lambda_connector_") + line));
  }
}

TEST(Metrics, LimitsAreCountedByTheirPattern) {
  const auto page = example().page();
  for (const auto* line :
       {"limit_calls_under_way{limit=\"orders-*\"} 2\n",
        "limit_calls_waiting{limit=\"orders-*\"} 3\n", "limit_paused{limit=\"orders-*\"} 1\n",
        "limit_calls_total{limit=\"orders-*\"} 40\n",
        "limit_jobs_handed_back_total{limit=\"orders-*\"} 7\n"}) {
    EXPECT_THAT(page, HasSubstr(std::string("lambda_connector_") + line));
  }
}

TEST(Metrics, AJobThatALimitHandedBackIsNoCall) {
  call_meter calls;
  auto out = failed(connector::error_code::too_many_requests);
  out.limited = true;
  calls.ended(connector::operation_id::invoke, out);
  EXPECT_TRUE(calls.results().empty());
  EXPECT_TRUE(calls.durations().empty());
}

TEST(Metrics, CallTimeIsAHistogramWithCumulativeBuckets) {
  const auto page = example().page();
  const std::string name = "lambda_connector_call_duration_seconds";
  EXPECT_THAT(page, HasSubstr(name + "_count{operation=\"invoke\"} 3\n"));
  EXPECT_THAT(page, HasSubstr(name + "_bucket{operation=\"invoke\",le=\"0.005\"} 0\n"));
  EXPECT_THAT(page, HasSubstr(name + "_bucket{operation=\"invoke\",le=\"0.01\"} 1\n"));
  EXPECT_THAT(page, HasSubstr(name + "_bucket{operation=\"invoke\",le=\"0.05\"} 2\n"));
  EXPECT_THAT(page, HasSubstr(name + "_bucket{operation=\"invoke\",le=\"900\"} 2\n"));
  EXPECT_THAT(page, HasSubstr(name + "_bucket{operation=\"invoke\",le=\"+Inf\"} 3\n"));
}

TEST(Metrics, CallsRetriesAndStateOfTheStreamAreThere) {
  const auto page = example().page();
  EXPECT_THAT(page, HasSubstr("calls_total{operation=\"invoke\",result=\"OK\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("calls_total{operation=\"invoke\",result=\"NOT_FOUND\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("call_retries_total{reason=\"TOO_MANY_REQUESTS\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("gateway_answers_total{call=\"CompleteJob\",status=\"OK\"} 2\n"));
  EXPECT_THAT(page, HasSubstr("call=\"CompleteJob\",status=\"UNAVAILABLE\"} 3\n"));
  EXPECT_THAT(page, HasSubstr("state=\"open\"} 1\n"));
  EXPECT_THAT(page, HasSubstr("state=\"closed_full\"} 0\n"));
  EXPECT_THAT(page, HasSubstr("polls_empty_total{type=\"lambdaConnector.INVOKE\"} 4\n"));
  EXPECT_THAT(page, HasSubstr("credentials_expiry_timestamp_seconds 1800000000\n"));
  EXPECT_THAT(page, HasSubstr("build_info{version=\"0.1.0\"} 1\n"));
}

TEST(Metrics, FunctionErrorIsAResultOfItsOwn) {
  call_meter calls;
  auto out = answered(milliseconds(1));
  std::get<connector::answer>(out.result).function_error.emplace();
  calls.ended(connector::operation_id::invoke, out);
  EXPECT_EQ(calls.results().begin()->first.second, "FUNCTION_ERROR");
}

// The names are those of the functions that have a histogram: the operator bounds their number.
TEST(Metrics, ThrottledFunctionsAreCountedAndNamedWhereOthersAre) {
  example given;
  given.throttled.clear();
  EXPECT_THAT(given.page(), HasSubstr("\nlambda_connector_throttled_functions 0\n"));
  given.throttled = {{"orders", "eu-central-1", 4, 4, 2},
                     {"orders", "us-east-1", 0.5, 1, 3},
                     {"unnamed-1", "us-east-1", 7, 1, 1},
                     {"unnamed-2", "us-east-1", 6, 1, 0}};
  const auto page = given.page();
  for (const auto* line :
       {"throttled_functions 4\n", "function_throttle_limit{function=\"orders\"} 0.5\n",
        "function_throttle_limit{function=\"(others)\"} 6\n",
        "function_throttled_calls_waiting{function=\"orders\"} 5\n",
        "function_throttled_calls_waiting{function=\"(others)\"} 1\n"}) {
    EXPECT_THAT(page, HasSubstr(std::string("\nlambda_connector_") + line));
  }
  EXPECT_THAT(page, Not(HasSubstr("unnamed")));
  given.times = jobs::job_times(0);
  const auto without = given.page();
  EXPECT_THAT(without, HasSubstr("\nlambda_connector_throttled_functions 4\n"));
  EXPECT_THAT(without, Not(HasSubstr("\nlambda_connector_function_throttle")));
}

TEST(Metrics, ProcessFiguresAreThoseOfThisProcess) {
  const auto now = look_at_process();
  EXPECT_GT(now.resident_bytes, 1'000'000U);
  EXPECT_GE(now.threads, 1U);
  EXPECT_GE(now.open_files, 3U);
  EXPECT_NEAR(now.started_at, static_cast<double>(std::time(nullptr)), 120.0);
}

TEST(Metrics, WaitsFunctionsSecretsAndLostLinesAreThere) {
  const auto page = example().page();
  for (const auto* line : {
           "job_wait_seconds_bucket{type=\"lambdaConnector.INVOKE\",le=\"0.025\"} 0\n",
           "job_wait_seconds_bucket{type=\"lambdaConnector.INVOKE\",le=\"0.05\"} 1\n",
           "function_call_duration_seconds_count{function=\"orders\"} 1\n",
           "poll_state{type=\"lambdaConnector.INVOKE\",state=\"no_room\"} 1\n",
           "poll_state{type=\"lambdaConnector.INVOKE\",state=\"asking\"} 0\n",
           "secret_lookups_total{result=\"found\"} 5\n",
           "secret_lookups_total{result=\"unavailable\"} 2\n",
           "secret_store_reads_total{result=\"copy\"} 7\n",
           "secret_store_reads_total{result=\"failure\"} 2\n",
           "secret_store_age_seconds 2.5\n",
           "credentials_age_seconds 60\n",
           "log_lines_dropped_total 12\n",
       }) {
    EXPECT_THAT(page, HasSubstr(std::string("\nlambda_connector_") + line));
  }
}

TEST(Metrics, NamesThatChartsAlreadyUseHaveTheirLabelsAndUnits) {
  const auto page = example().page();
  const std::string of_template =
      "{type=\"lambdaConnector.INVOKE\",elementTemplateId=\"lambda-invoke\","
      "elementTemplateVersion=\"7\"";
  const std::string of_type = "{type=\"lambdaConnector.INVOKE\"} ";
  const std::string connector = "\ncamunda_connector_outbound_";
  const std::string client = "\ncamunda_client_worker_";
  for (const auto& line : {
           connector + "invocations_total" + of_template + ",action=\"activated\"} 2\n",
           connector + "invocations_total" + of_template + ",action=\"completed\"} 1\n",
           connector + "invocations_total" + of_template + ",action=\"failed\"} 0\n",
           connector + "invocations_total" + of_template + ",action=\"bpmn-error\"} 1\n",
           connector + "execution_time_seconds_count" + of_template + "} 2\n",
           connector + "execution_time_seconds_sum" + of_template + "} 2\n",
           connector + "execution_time_seconds_max" + of_template + "} 1.5\n",
           connector + "last_failed" + of_type + "0\n",
           connector + "max_execution_time" + of_type + "1500\n",
           client + "job_activated_total" + of_type + "49\n",
           client + "job_handled_total" + of_type + "3\n",
           client + "stream_inactivity_recreated_total" + of_type + "1\n",
       }) {
    EXPECT_THAT(page, HasSubstr(line));
  }
  // 2026 in milliseconds.
  EXPECT_THAT(page, testing::ContainsRegex("outbound_last_completed[^\n]* 1[0-9]{12}\n"));
}

TEST(Metrics, TenantsAreBoundedAndNamedWhereThereAreSeveral) {
  jobs::job_outcome_counters ends;
  for (int i = 0; i < 150; ++i) {
    ends.count("t", "tenant-" + std::to_string(i), jobs::job_end::completed);
  }
  EXPECT_EQ(ends.by_tenant().size(), jobs::max_tenants + 1);
  EXPECT_EQ(ends.by_tenant().at(jobs::other_tenants).at(0), 50U);
  EXPECT_EQ(ends.total(jobs::job_end::completed), 150U);
  EXPECT_THAT(example().page(),
              HasSubstr("jobs_ended_of_tenant_total{tenant=\"blue\",end=\"failed\"} 1\n"));
  auto alone = example();
  alone.ends = {};
  alone.ends.count("lambdaConnector.INVOKE", "<default>", jobs::job_end::completed);
  EXPECT_THAT(alone.page(), testing::Not(HasSubstr("{tenant=")));
}

}  // namespace
}  // namespace worker::admin
