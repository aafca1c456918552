#include "worker/admin/status.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "connector/base/json_scan.h"
#include "worker/admin/status_page.h"

namespace worker::admin {
namespace {

using std::chrono::minutes;
using testing::HasSubstr;
using testing::Not;

const connector::boot_clock::time_point boot_now{std::chrono::hours(50)};
const connector::wall_clock::time_point wall_now{std::chrono::seconds(1'800'000'000)};

void add_to(jobs::end_history& history, jobs::end_report report,
            connector::boot_clock::time_point now) {
  history.count(report.job_type, report.end, now);
  if (jobs::end_history::keeps(report.end)) history.keep(std::move(report));
}

// A worker with two job types that served some jobs.
struct example {
  jobs::job_outcome_counters ends;
  jobs::job_times times;
  jobs::end_history history;
  call_meter calls;
  jobs::worker_snapshot jobs;
  engine::call_counts gateway;
  health_facts health;
  connection_figures connections;
  std::vector<status_setting> changed{{"log.level", "debug", "LOG_LEVEL"}};
  std::vector<connector::limit_figures> limits;
  std::vector<connector::throttled_function> throttled;

  example() {
    jobs.slots = 32;
    jobs.slots_used = 3;
    jobs.subscriptions.push_back({"lambdaConnector.INVOKE", {}, {}, "open"});
    jobs.subscriptions.push_back({"lambdaConnector.GET_FUNCTION", {}, {}, "off"});
    health.since_contact = std::chrono::milliseconds(1500);
    health.credentials = true;
    add(jobs::job_end::completed, minutes(0));
    add(jobs::job_end::completed, minutes(0));
    add(jobs::job_end::released, minutes(0));
    add(jobs::job_end::waiting, minutes(0));  // no bar of the charts
    add(jobs::job_end::failed, minutes(10));
    connector::outcome fine;
    fine.result = connector::answer{};
    calls.ended(connector::operation_id::invoke, fine);
  }

  void add(jobs::job_end how, minutes ago, std::string element = "charge") {
    jobs::end_report report;
    report.at = wall_now - ago;
    report.end = how;
    report.job_type = "lambdaConnector.INVOKE";
    report.job_key = 2251799813685249;
    report.bpmn_process_id = "order";
    report.element_id = std::move(element);
    report.facts.code = how == jobs::job_end::failed ? "NOT_FOUND" : "";
    report.facts.function = "charge-card";
    add_to(history, std::move(report), boot_now - ago);
  }

  [[nodiscard]] status_facts facts() const {
    figures now{"0.1.0", jobs, ends, times, calls, gateway, connections, health, {}, {}, {}, {}};
    now.limits = limits;
    now.throttled = throttled;
    now.process.started_at = 1'800'000'000 - 7300;
    return {now, history, boot_now, wall_now, "http://zeebe:26500", changed};
  }
  [[nodiscard]] std::string figure(std::string_view key) const {
    for (const auto& each : figures_of(facts())) {
      if (each.key == key) return each.value + (each.bad ? " BAD" : "");
    }
    return "no such figure";
  }
};

TEST(Status, FiguresSayWhatTheWorkerDoes) {
  const example one;
  EXPECT_EQ(one.figure("ready"), "yes");
  EXPECT_EQ(one.figure("slots"), "3 of 32");
  EXPECT_EQ(one.figure("uptime"), "2 h 1 min");
  EXPECT_EQ(one.figure("gatewayContact"), "1 s ago");
  EXPECT_EQ(one.figure("gateway"), "http://zeebe:26500");
  EXPECT_EQ(one.figure("streams"),
            "lambdaConnector.INVOKE: open, lambdaConnector.GET_FUNCTION: off");
  EXPECT_EQ(one.figure("credentials"), "there, do not expire");
}

TEST(Status, WhatAPersonShouldLookAtIsMarked) {
  example one;
  one.health.credentials = false;
  EXPECT_EQ(one.figure("ready"), "no: there are no AWS credentials, the log has the reason BAD");
  EXPECT_EQ(one.figure("credentials"), "none BAD");
  one.health.credentials = true;
  one.health.since_contact = std::nullopt;
  EXPECT_EQ(one.figure("ready"), "no: the gateway does not answer, the log has the reason BAD");
  EXPECT_EQ(one.figure("gatewayContact"), "never BAD");
  one.jobs.commands.holding = 2;
  EXPECT_EQ(one.figure("resultsHeld"), "2 BAD");
}

TEST(Status, LimitsAreShownAndAPauseIsMarked) {
  example one;
  one.limits = {{"orders-*", {5, std::nullopt, false}, 2, 3, 40, 7},
                {"legacy", {std::nullopt, std::nullopt, true}, 0, 0, 0, 1}};
  EXPECT_EQ(one.figure("limit:orders-*"),
            "5 calls at once; now 2 under way, 3 waiting; 7 jobs handed back");
  EXPECT_EQ(one.figure("limit:legacy"),
            "paused; now 0 under way, 0 waiting; 1 jobs handed back BAD");
  EXPECT_EQ(one.figure("limits"), "no such figure");
  one.limits.resize(25, one.limits.front());
  EXPECT_EQ(one.figure("limits"), "5, see /metrics");
}

TEST(Status, ThrottledFunctionsAreNamedTheSlowestFirst) {
  example one;
  EXPECT_EQ(one.figure("throttledFunctions"), "none");
  one.throttled = {{"orders", "eu-central-1", 4.4, 4, 2}, {"mail", "us-east-1", 0.5, 1, 3}};
  EXPECT_EQ(one.figure("throttledFunctions"),
            "mail in us-east-1: one after the other, with pauses, 3 wait; "
            "orders in eu-central-1: 4 at once, 2 wait BAD");
  one.throttled.resize(12, one.throttled.front());
  EXPECT_THAT(one.figure("throttledFunctions"), HasSubstr("; and 2 more BAD"));
}

TEST(Status, EveryJobTypeHasAChartOfSixtyMinutes) {
  const auto charts = charts_of(example().facts());
  ASSERT_EQ(charts.size(), 2U);
  EXPECT_EQ(charts[0].type, "lambdaConnector.INVOKE");
  EXPECT_EQ(charts[0].hour, (minute_counts{2, 0, 1, 1}));
  EXPECT_EQ(charts[0].minutes.at(59), (minute_counts{2, 0, 0, 1}));
  EXPECT_EQ(charts[0].minutes.at(49), (minute_counts{0, 0, 1, 0}));
  EXPECT_EQ(charts[1].hour, minute_counts{});
}

TEST(Status, TheJsonIsOneValueWithAllOfIt) {
  const auto text = status_json(example().facts());
  EXPECT_TRUE(connector::json::is_json(text)) << text;
  EXPECT_THAT(text,
              HasSubstr(R"("key":"slots","label":"Slots in use","value":"3 of 32","bad":false)"));
  EXPECT_THAT(text, HasSubstr(R"("type":"lambdaConnector.INVOKE","minutes":[[0,0,0,0],)"));
  EXPECT_THAT(text, HasSubstr(R"("hour":[2,0,1,1])"));
  EXPECT_THAT(text, HasSubstr(R"({"operation":"invoke","result":"OK","count":1})"));
  EXPECT_THAT(
      text,
      HasSubstr(
          R"({"time":"2027-01-15T07:50:00Z","end":"failed","code":"NOT_FOUND","type":"lambdaConnector.INVOKE",)"
          R"("function":"charge-card","process":"order","element":"charge","jobKey":"2251799813685249"})"));
  EXPECT_THAT(text, HasSubstr(R"({"key":"log.level","value":"debug","source":"LOG_LEVEL"})"));
}

TEST(StatusPage, HoldsTheFiguresWithoutAScript) {
  const auto page = status_page(example().facts(), "abc123").html;
  EXPECT_THAT(page, HasSubstr("<dt>Slots in use</dt><dd>3 of 32</dd>"));
  EXPECT_THAT(page, HasSubstr("2 completed, 0 threw an error, 1 failed, 1 ended otherwise"));
  EXPECT_THAT(page, HasSubstr("<td>NOT_FOUND</td>"));
  EXPECT_THAT(page, HasSubstr("<td>invoke</td><td>OK</td><td>1</td>"));
  EXPECT_THAT(page, HasSubstr("<td>log.level</td><td>debug</td><td>LOG_LEVEL</td>"));
  // The highest minute has three jobs, of which two completed.
  EXPECT_THAT(page,
              HasSubstr("<rect class=\"c0\" x=\"236\" y=\"26.67\" width=\"3\" height=\"53.33\"/>"));
  for (const auto* mark :
       {"@figures@", "@charts@", "@calls@", "@failures@", "@settings@", "@nonce@"}) {
    EXPECT_THAT(page, Not(HasSubstr(mark)));
  }
}

TEST(StatusPage, TextsOfAModelAreText) {
  example one;
  one.add(jobs::job_end::failed, minutes(0), "<script>alert(1)</script>\"'&@figures@");
  const auto page = status_page(one.facts(), "abc123").html;
  EXPECT_THAT(page, Not(HasSubstr("<script>alert")));
  EXPECT_THAT(page, HasSubstr("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;&amp;@figures@"));
}

TEST(StatusPage, RunsItsOwnStyleAndScriptAlone) {
  const auto page = status_page(example().facts(), "abc123");
  EXPECT_THAT(page.content_security_policy, HasSubstr("default-src 'none'"));
  EXPECT_THAT(page.content_security_policy, HasSubstr("script-src 'nonce-abc123'"));
  EXPECT_THAT(page.html, HasSubstr("<script nonce=\"abc123\">"));
  EXPECT_THAT(page.html, HasSubstr("<style nonce=\"abc123\">"));
  // No asset from anywhere, and nothing that the policy would refuse.
  for (const auto* outside :
       {"src=", "http://", "https://", " style=", "onclick", "@import", "url("}) {
    auto found = page.html;
    // Names of a namespace are no addresses that a browser opens.
    const std::string_view space = "http://www.w3.org/2000/svg";
    for (std::size_t at; (at = found.find(space)) != std::string::npos;)
      found.erase(at, space.size());
    const std::string_view gateway = "http://zeebe:26500";
    for (std::size_t at; (at = found.find(gateway)) != std::string::npos;)
      found.erase(at, gateway.size());
    EXPECT_THAT(found, Not(HasSubstr(outside)));
  }
}

TEST(StatusPage, AnEmptyTableSaysSo) {
  example one;
  one.history = jobs::end_history();
  one.changed.clear();
  EXPECT_THAT(
      status_page(one.facts(), "n").html,
      HasSubstr("<tbody id=\"failures\"><tr><td class=\"none\" colspan=\"8\">none</td></tr>"));
}

}  // namespace
}  // namespace worker::admin
