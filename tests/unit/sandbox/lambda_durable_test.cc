#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/unit/sandbox/lambda_fixture.h"

namespace sandbox::test {
namespace {

using std::chrono::milliseconds;

class LambdaDurable : public LambdaFixture {
 protected:
  response start(const std::string& function, const std::string& name, const std::string& body,
                 const std::string& type = "RequestResponse") {
    return invoke(function, body,
                  {{"X-Amz-Durable-Execution-Name", name}, {"X-Amz-Invocation-Type", type}});
  }

  response ask_api(const std::string& method, const std::string& target, std::string body = {}) {
    call wanted;
    wanted.method = method;
    wanted.target = "/2025-12-01" + target;
    wanted.body = std::move(body);
    return ask(wanted);
  }

  response get(const std::string& arn, const std::string& query = {}) {
    return ask_api("GET", "/durable-executions/" + percent_encode(arn) + query);
  }

  static std::string status_of(const response& got) {
    return std::string(boost::json::parse(got.body).at("Status").as_string());
  }
};

TEST_F(LambdaDurable, OneNameAndPayloadIsOneExecution) {
  const auto first = start("slow", "order-1", R"({"ms":50})");
  const auto again = start("slow", "order-1", R"({"ms":50})");
  EXPECT_EQ(first.status, 200);
  EXPECT_EQ(again.body, R"({"ms":50})");
  const auto arn = first.header("X-Amz-Durable-Execution-Arn");
  EXPECT_EQ(again.header("X-Amz-Durable-Execution-Arn"), arn);
  EXPECT_EQ(
      arn.substr(0, arn.rfind('/')),
      "arn:aws:lambda:us-east-1:123456789012:function:slow:$LATEST/durable-execution/order-1");
  EXPECT_EQ(server_.account().function("slow").executions, 1U);
  const auto other = start("slow", "order-1", R"({"ms":51})");
  EXPECT_EQ(other.status, 409);
  EXPECT_EQ(other.header("x-amzn-ErrorType"), "DurableExecutionAlreadyStartedException");
  // Another function has names of its own.
  EXPECT_EQ(start("echo", "order-1", "{}").status, 200);
}

TEST_F(LambdaDurable, EventGivesTheArnAndGetTheResult) {
  const auto begun = start("slow", "order-2", R"({"ms":100})", "Event");
  EXPECT_EQ(begun.status, 202);
  EXPECT_EQ(begun.body, "");
  const auto arn = begun.header("X-Amz-Durable-Execution-Arn");
  const auto running = get(arn, "?IncludeExecutionData=false");
  EXPECT_EQ(status_of(running), "RUNNING");
  EXPECT_EQ(running.body.find("InputPayload"), std::string::npos);
  EXPECT_EQ(start("slow", "order-2", R"({"ms":100})").body, R"({"ms":100})");
  const auto ended = boost::json::parse(get(arn).body);
  EXPECT_EQ(ended.at("Status"), "SUCCEEDED");
  EXPECT_EQ(ended.at("Result"), R"({"ms":100})");
  EXPECT_EQ(ended.at("Version"), "$LATEST");
  const auto listed = boost::json::parse(
      ask_api("GET", "/functions/slow/durable-executions?DurableExecutionName=order-2").body);
  EXPECT_EQ(listed.at("DurableExecutions").as_array().size(), 1U);
  EXPECT_EQ(server_.durables().all().at(0).asked, 2U);
}

TEST_F(LambdaDurable, FailuresTimeoutsAndStopsHaveAStatus) {
  server_.register_function(
      "long", [](const invocation&) { return answer{.delay = std::chrono::hours(1)}; },
      {.execution_timeout = milliseconds(0)});
  const auto arn_of = [](const response& got) { return got.header("X-Amz-Durable-Execution-Arn"); };
  const auto failed = start("fail", "a", R"({"type":"OutOfStock","message":"none"})");
  EXPECT_EQ(failed.header("X-Amz-Function-Error"), "Unhandled");
  const auto shown = boost::json::parse(get(arn_of(failed)).body);
  EXPECT_EQ(shown.at("Status"), "FAILED");
  EXPECT_EQ(shown.at("Error").at("ErrorType"), "OutOfStock");
  EXPECT_EQ(status_of(get(arn_of(start("long", "b", "{}", "Event")))), "TIMED_OUT");
  const auto arn = arn_of(start("slow", "c", R"({"ms":100000})", "Event"));
  const auto stopped = ask_api("POST", "/durable-executions/" + percent_encode(arn) + "/stop",
                               R"({"ErrorType":"Cancelled"})");
  EXPECT_EQ(stopped.status, 200);
  EXPECT_EQ(status_of(get(arn)), "STOPPED");
  EXPECT_EQ(get("arn:aws:lambda:x").status, 404);
}

TEST_F(LambdaDurable, CallbackEndsTheExecutionThatWaits) {
  const auto begun = start("wait-for-callback", "w", "{}", "Event");
  const auto id = server_.durables().all().at(0).callback_id;
  EXPECT_NE(id.find_first_of("+/"), std::string::npos);
  const std::string base = "/durable-execution-callbacks/" + percent_encode(id);
  EXPECT_EQ(ask_api("POST", base + "/heartbeat").status, 200);
  EXPECT_EQ(ask_api("POST", base + "/succeed", R"({"ok":true})").status, 200);
  EXPECT_EQ(start("wait-for-callback", "w", "{}").body, R"({"ok":true})");
  const auto late = ask_api("POST", base + "/fail", R"({"ErrorType":"X"})");
  EXPECT_EQ(late.header("x-amzn-ErrorType"), "CallbackTimeoutException");
  EXPECT_EQ(ask_api("POST", "/durable-execution-callbacks/none/succeed").status, 404);
  EXPECT_EQ(server_.durables().all().at(0).heartbeats, 1U);
}

TEST_F(LambdaDurable, NameIsFreeWhenTheRetentionIsOver) {
  server_.register_function("short", [](const invocation&) { return json_answer("1"); },
                            {.execution_retention = milliseconds(0)});
  const auto arn = start("short", "n", "{}").header("X-Amz-Durable-Execution-Arn");
  EXPECT_EQ(get(arn).status, 404);
  EXPECT_NE(start("short", "n", "[]").header("X-Amz-Durable-Execution-Arn"), arn);
}

TEST_F(LambdaDurable, PlainFunctionIgnoresTheName) {
  server_.register_function("plain", [](const invocation&) { return json_answer("1"); },
                            {.durable = false});
  EXPECT_EQ(start("plain", "n", "{}").header("X-Amz-Durable-Execution-Arn"), "");
  EXPECT_EQ(start("plain", "n", "{}").status, 200);
  EXPECT_EQ(server_.account().function("plain").executions, 2U);
}

}  // namespace
}  // namespace sandbox::test
