#include "connector/lambda/invoke/invoke_request.h"

#include <gtest/gtest.h>

#include <string>

#include "connector/base/base64.h"
#include "connector/base/json.h"

namespace connector::lambda {
namespace {

const aws::endpoint plain{{true, "lambda.us-east-1.amazonaws.com", 443}, "", ""};

invoke_input input_for(const std::string& function) {
  auto read = read_invoke_input({{"functionName", json::quote(function)}});
  return read.value();
}

job_context test_job() {
  job_context out;
  out.job_key = "42";
  return out;
}

result<http::request> make(invoke_input input, const job_context& of = {},
                           const std::string& in_payload = {}, const aws::endpoint& to = plain) {
  auto made = make_invoke_request(input, of, in_payload, to, "agent/1");
  if (!made) return made.error();
  return std::move(made->request);
}

std::string header(const http::request& of, std::string_view name) {
  return std::string(http::find_header(of.fields, name).value_or("(none)"));
}

TEST(InvokeRequest, HasTheHeadersOfASynchronousCall) {
  auto input = input_for("orders");
  input.payload = R"({"a":1.10})";
  const auto made = make(input);
  ASSERT_TRUE(made);
  EXPECT_EQ(made->method, "POST");
  EXPECT_EQ(made->to, plain.to);
  EXPECT_EQ(made->target, "/2015-03-31/functions/orders/invocations");
  EXPECT_EQ(made->body, R"({"a":1.10})");
  EXPECT_EQ(made->fields, (http::headers{{"User-Agent", "agent/1"},
                                         {"Accept-Encoding", "identity"},
                                         {"X-Amz-Invocation-Type", "RequestResponse"},
                                         {"X-Amz-Log-Type", "Tail"},
                                         {"Content-Type", "application/json"}}));
}

TEST(InvokeRequest, EncodesTheNameOnce) {
  EXPECT_EQ(make(input_for("arn:aws:lambda:us-east-1:123456789012:function:f:$LATEST"))->target,
            "/2015-03-31/functions/"
            "arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Af%3A%24LATEST/invocations");
  EXPECT_EQ(make(input_for("a b\xC3\xBC"))->target,
            "/2015-03-31/functions/a%20b%C3%BC/invocations");
}

TEST(InvokeRequest, SendsTheQualifierAsAQuery) {
  auto input = input_for("f");
  input.function.qualifier = "$LATEST";
  EXPECT_EQ(make(input)->target, "/2015-03-31/functions/f/invocations?Qualifier=%24LATEST");
}

TEST(InvokeRequest, PutsTheBasePathInFront) {
  const aws::endpoint behind{{false, "localhost", 4566}, "/aws", ""};
  EXPECT_EQ(make(input_for("f"), {}, "", behind)->target,
            "/aws/2015-03-31/functions/f/invocations");
}

TEST(InvokeRequest, HasNoContentTypeWithoutABody) {
  const auto made = make(input_for("f"));
  EXPECT_EQ(made->body, "");
  EXPECT_EQ(header(*made, "Content-Type"), "(none)");
}

TEST(InvokeRequest, SendsWhatTheTaskAskedFor) {
  auto input = input_for("f");
  input.tenant_id = "t 1";
  input.durable_name = "run-1";
  input.traceparent = "00-1-2-01";
  input.trace_header = "Root=1";
  input.log_tail = false;
  const auto made = make(input);
  EXPECT_EQ(header(*made, "X-Amz-Tenant-Id"), "t 1");
  EXPECT_EQ(header(*made, "X-Amz-Durable-Execution-Name"), "run-1");
  EXPECT_EQ(header(*made, "traceparent"), "00-1-2-01");
  EXPECT_EQ(header(*made, "X-Amzn-Trace-Id"), "Root=1");
  EXPECT_EQ(header(*made, "X-Amz-Log-Type"), "(none)");
}

TEST(InvokeRequest, TellsTheFunctionAboutTheJob) {
  auto input = input_for("f");
  input.client_context = R"({"custom":{"a":1}})";
  EXPECT_EQ(base64_decode(header(*make(input, test_job()), "X-Amz-Client-Context")),
            R"({"custom":{"a":1,"job":{"jobKey":"42","retries":0}}})");
  // Only calls that wait have a client context.
  for (const auto type : {invocation_type::event, invocation_type::dry_run}) {
    auto other = input_for("f");
    other.type = type;
    EXPECT_EQ(header(*make(other, test_job()), "X-Amz-Client-Context"), "(none)");
  }
}

TEST(InvokeRequest, AddsTheJobToTheObjectOfAnEventWhenAsked) {
  auto input = input_for("f");
  input.type = invocation_type::event;
  input.payload = R"({"id":12345678901234567890})";
  EXPECT_EQ(make(input, test_job(), "job")->body,
            R"({"id":12345678901234567890,"job":{"jobKey":"42","retries":0}})");
  EXPECT_EQ(make(input, test_job())->body, R"({"id":12345678901234567890})");
  EXPECT_EQ(header(*make(input, test_job()), "X-Amz-Invocation-Type"), "Event");
  input.payload = "[1]";
  EXPECT_EQ(make(input, test_job(), "job")->body, "[1]");
  input.type = invocation_type::request_response;
  input.payload = "{}";
  EXPECT_EQ(make(input, test_job(), "job")->body, "{}");
}

// The payload of each attempt is the same, whatever engine and worker make it.
TEST(InvokeRequest, TellsADurableExecutionOnlyWhatNeverChanges) {
  auto input = input_for("f");
  input.type = invocation_type::event;
  input.payload = "{}";
  input.durable_name = "run-1";
  auto of = test_job();
  of.retries = 2;
  of.priority = 50;
  of.business_id = "order-7";
  of.physical_tenant = "blue";
  of.tags = {"vip"};
  EXPECT_EQ(make(input, of, "job")->body, R"({"job":{"jobKey":"42"}})");
  input.durable_name.clear();
  EXPECT_EQ(make(input, of, "job")->body,
            R"({"job":{"jobKey":"42","retries":2,"businessId":"order-7","priority":50,)"
            R"("physicalTenantId":"blue","tags":["vip"]}})");
}

TEST(InvokeRequest, ChecksTheLimitsBeforeSending) {
  const auto sized = [](invocation_type type, std::size_t bytes) {
    auto input = input_for("f");
    input.type = type;
    input.payload = "\"" + std::string(bytes - 2, 'x') + "\"";
    return make(std::move(input));
  };
  EXPECT_TRUE(sized(invocation_type::request_response, 6'291'556));
  EXPECT_TRUE(sized(invocation_type::event, 1'048'576));
  const auto over = sized(invocation_type::request_response, 6'291'557);
  ASSERT_FALSE(over);
  EXPECT_EQ(over.error().code, error_code::request_too_large);
  EXPECT_EQ(over.error().failure, failure_class::permanent);
  EXPECT_EQ(over.error().message,
            "payload: 6291557 bytes, of which Lambda takes 6291556 in a synchronous call; send "
            "less, or where it "
            "lies");
  const auto event_over = sized(invocation_type::event, 1'048'577);
  ASSERT_FALSE(event_over);
  EXPECT_EQ(event_over.error().message,
            "payload: 1048577 bytes, of which Lambda takes 1048576 in an Event call; send less, or "
            "where it lies");
}

}  // namespace
}  // namespace connector::lambda
