#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/unit/sandbox/lambda_fixture.h"

namespace sandbox::test {
namespace {

using LambdaInvoke = LambdaFixture;
using std::chrono::seconds;

headers with_context(const std::string& json) {
  return {{"X-Amz-Client-Context", base64_encode(json)}};
}

TEST_F(LambdaInvoke, EchoAnswersTheBodyByteForByte) {
  const std::string body = "{\"n\":12345678901234567890, \"d\":1.10}";
  const response got = invoke("echo", body);
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.body, body);
  EXPECT_EQ(got.header("X-Amz-Executed-Version"), "$LATEST");
  EXPECT_EQ(got.header("x-amzn-RequestId").size(), 36U);
  EXPECT_EQ(got.header("X-Amz-Function-Error"), "");
  EXPECT_EQ(got.header("X-Amz-Log-Result"), "");
  EXPECT_EQ(invoke("echo").body, "null");
}

TEST_F(LambdaInvoke, NamesArnsAndQualifiersResolve) {
  EXPECT_EQ(invoke("versioned").body, R"({"version":"$LATEST"})");
  EXPECT_EQ(invoke("versioned%3APROD").body, R"({"version":"2"})");
  EXPECT_EQ(invoke("versioned%3A1").header("X-Amz-Executed-Version"), "1");
  EXPECT_EQ(
      invoke("arn%3Aaws%3Alambda%3Aus-east-1%3A123456789012%3Afunction%3Aversioned%3APROD").body,
      R"({"version":"2"})");
  call qualified = invoke_of("123456789012%3Afunction%3Aversioned");
  qualified.target += "?Qualifier=%24LATEST";
  EXPECT_EQ(ask(qualified).body, R"({"version":"$LATEST"})");
}

TEST_F(LambdaInvoke, WhatIsNotThereIsRefusedByName) {
  const response missing = invoke("nowhere");
  EXPECT_EQ(missing.status, 404);
  EXPECT_EQ(missing.header("x-amzn-ErrorType"), "ResourceNotFoundException");
  EXPECT_EQ(missing.body, R"({"Type":"User","Message":"Function not found: )"
                          R"(arn:aws:lambda:us-east-1:123456789012:function:nowhere"})");
  EXPECT_EQ(invoke("echo%3ANOALIAS").status, 404);
  EXPECT_EQ(invoke("arn%3Aaws%3Alambda%3Aeu-west-1%3A123456789012%3Afunction%3Aecho").status, 404);
  EXPECT_EQ(invoke("arn%3Aaws%3Alambda%3Aus-east-1%3A999999999999%3Afunction%3Aecho").status, 403);
  EXPECT_EQ(invoke("a%20b").header("x-amzn-ErrorType"), "ValidationException");
  call twice = invoke_of("echo%3APROD");
  twice.target += "?Qualifier=DEV";
  EXPECT_EQ(ask(twice).header("x-amzn-ErrorType"), "InvalidParameterValueException");
  EXPECT_EQ(server_.account().counted().executions, 0U);
}

TEST_F(LambdaInvoke, EventAndDryRunAnswerWithoutABody) {
  const response event = invoke("echo", "{}", {{"X-Amz-Invocation-Type", "Event"}});
  EXPECT_EQ(event.status, 202);
  EXPECT_EQ(event.body, "");
  const response dry = invoke("fail", "{}", {{"X-Amz-Invocation-Type", "DryRun"}});
  EXPECT_EQ(dry.status, 204);
  EXPECT_EQ(server_.account().function("echo").executions, 1U);
  EXPECT_EQ(server_.account().function("fail").executions, 0U);
  EXPECT_EQ(invoke("echo", "{}", {{"X-Amz-Invocation-Type", "Maybe"}}).status, 400);
}

TEST_F(LambdaInvoke, FunctionErrorCarriesTheFieldsOfThePayload) {
  const response got = invoke("fail", R"({"type":"NoStock","message":"sold out"})");
  EXPECT_EQ(got.status, 200);
  EXPECT_EQ(got.header("X-Amz-Function-Error"), "Unhandled");
  const auto error = boost::json::parse(got.body);
  EXPECT_EQ(error.at("errorType"), "NoStock");
  EXPECT_EQ(error.at("errorMessage"), "sold out");
  EXPECT_EQ(error.at("stackTrace").as_array().size(), 2U);
}

TEST_F(LambdaInvoke, LogTailIsTheLastFourKilobytes) {
  const response got = invoke("logs", "{}", {{"X-Amz-Log-Type", "Tail"}});
  const auto log = base64_decode(got.header("X-Amz-Log-Result"));
  ASSERT_TRUE(log);
  EXPECT_EQ(log->size(), 4096U);
  EXPECT_NE(log->find("REPORT RequestId: " + got.header("x-amzn-RequestId")), std::string::npos);
  const auto little =
      base64_decode(invoke("echo", "{}", {{"X-Amz-Log-Type", "Tail"}}).header("X-Amz-Log-Result"));
  ASSERT_TRUE(little);
  EXPECT_EQ(little->substr(0, 17), "START RequestId: ");
}

TEST_F(LambdaInvoke, ThrottleOnceRefusesTheFirstCallOfEachJob) {
  const headers job = with_context(R"({"custom":{"job":{"jobKey":"77"}}})");
  const response first = invoke("throttle-once", "{}", job);
  EXPECT_EQ(first.status, 429);
  EXPECT_EQ(first.header("x-amzn-ErrorType"), "TooManyRequestsException");
  EXPECT_EQ(first.header("Retry-After"), "1");
  EXPECT_EQ(boost::json::parse(first.body).at("Reason"), "ConcurrentInvocationLimitExceeded");
  EXPECT_EQ(invoke("throttle-once", "{}", job).body, "{}");
  EXPECT_EQ(invoke("throttle-once", "{}").status, 429);
  EXPECT_EQ(server_.account().job("77").requests, 2U);
  EXPECT_EQ(server_.account().job("77").executions, 1U);
  EXPECT_EQ(invoke("throttle-always", "{}", job).status, 429);
}

TEST_F(LambdaInvoke, AnswersOfEveryShape) {
  EXPECT_EQ(invoke("big", R"({"bytes":100000})").body.size(), 100000U);
  EXPECT_EQ(invoke("nested", R"({"depth":3})").body, "[[[]]]");
  EXPECT_EQ(invoke("not-json").body, "this is no JSON");
  EXPECT_EQ(invoke("not-utf8").body, "\"\xff\xfe caf\xe9\"");
  EXPECT_EQ(invoke("empty").body, "");
  EXPECT_EQ(invoke("void").body, "null");
  EXPECT_EQ(invoke("huge-integer").body, R"({"n":123456789012345678901234567890,"d":1.10})");
  EXPECT_EQ(invoke("service-exception").status, 500);
  EXPECT_EQ(invoke("html-503").header("Content-Type"), "text/html");
  EXPECT_EQ(boost::json::parse(invoke("timed-out").body).at("errorType"), "Sandbox.Timedout");
  EXPECT_EQ(invoke("slow", R"({"ms":1})").body, R"({"ms":1})");
}

TEST_F(LambdaInvoke, ErrorStatusMakesAnyRefusal) {
  const response got =
      invoke("error-status", R"({"status":502,"type":"KMSDisabledException","message":"off",)"
                             R"("retryAfter":7,"headers":{"X-More":"yes"}})");
  EXPECT_EQ(got.status, 502);
  EXPECT_EQ(got.header("x-amzn-ErrorType"), "KMSDisabledException");
  EXPECT_EQ(got.header("Retry-After"), "7");
  EXPECT_EQ(got.header("X-More"), "yes");
  EXPECT_EQ(got.body, R"({"Type":"Service","Message":"off"})");
  EXPECT_EQ(invoke("error-status", R"({"status":504,"body":""})").body, "");
}

TEST_F(LambdaInvoke, ContextShowsWhatTheFunctionWasGiven) {
  headers sent = with_context(R"({"custom":{"job":{"jobKey":2251799813685250}}})");
  sent.emplace_back("X-Amz-Tenant-Id", "blue tenant");
  sent.emplace_back("X-Amz-Durable-Execution-Name", "order-1");
  const auto about = boost::json::parse(invoke("context", "[1]", sent).body);
  EXPECT_EQ(about.at("jobKey"), "2251799813685250");
  EXPECT_EQ(about.at("tenantId"), "blue tenant");
  EXPECT_EQ(about.at("durableName"), "order-1");
  EXPECT_EQ(about.at("clientContext").at("custom").at("job").at("jobKey"), 2251799813685250);
  EXPECT_EQ(about.at("payload"), boost::json::array{1});
  EXPECT_EQ(about.at("headers").at("Authorization"), "(sent)");
}

TEST_F(LambdaInvoke, EventHidesTheClientContextFromTheFunctionOnly) {
  std::string seen = "unset";
  server_.register_function("look", [&](const invocation& call) {
    seen = call.client_context;
    return answer{};
  });
  headers sent = with_context(R"({"custom":{"job":{"jobKey":"5"}}})");
  sent.emplace_back("X-Amz-Invocation-Type", "Event");
  EXPECT_EQ(invoke("look", "{}", sent).status, 202);
  EXPECT_EQ(seen, "");
  EXPECT_EQ(server_.account().job("5").executions, 1U);
}

TEST_F(LambdaInvoke, BadRequestsAreRefusedBeforeTheFunction) {
  EXPECT_EQ(invoke("echo", "{").header("x-amzn-ErrorType"), "InvalidRequestContentException");
  EXPECT_EQ(invoke("echo", "{}", {{"Content-Type", "text/plain"}}).status, 415);
  EXPECT_EQ(invoke("echo", "{}", {{"X-Amz-Client-Context", "*"}}).status, 400);
  EXPECT_EQ(invoke("echo", "{}", with_context("[]")).status, 400);
  EXPECT_EQ(invoke("echo", "{}", with_context("{\"a\":\"" + std::string(3000, 'x') + "\"}")).status,
            400);
  const std::string over = '"' + std::string(1024 * 1024, 'x') + '"';
  EXPECT_EQ(invoke("echo", over, {{"X-Amz-Invocation-Type", "Event"}}).status, 413);
  EXPECT_EQ(invoke("echo", over).body.size(), over.size());
  EXPECT_EQ(invoke("echo", '"' + std::string(6 * 1024 * 1024, 'x') + '"').status, 413);
}

TEST_F(LambdaInvoke, AnswerOverTheLimitIsAFunctionError) {
  const response got = invoke("big", R"({"bytes":6291557})");
  EXPECT_EQ(got.header("X-Amz-Function-Error"), "Unhandled");
  EXPECT_EQ(boost::json::parse(got.body).at("errorType"), "Function.ResponseSizeTooLarge");
  EXPECT_EQ(invoke("big", R"({"bytes":6291556})").body.size(), 6291556U);
}

TEST_F(LambdaInvoke, SignatureFailuresAreCountedAndTold) {
  call wrong = invoke_of("echo", "{}");
  wrong.secret = "another";
  const response got = ask(wrong);
  EXPECT_EQ(got.status, 403);
  EXPECT_EQ(got.header("x-amzn-ErrorType"), "InvalidSignatureException");
  EXPECT_EQ(server_.account().counted().refused, 1U);
  ASSERT_EQ(server_.account().refusals().size(), 1U);
  EXPECT_EQ(server_.account().function("echo").requests, 0U);
}

TEST_F(LambdaInvoke, KeysAndClockChangeUnderARunningClient) {
  access_key other;
  other.id = "AKIDOTHER";
  other.session_token = "TOKEN";
  server_.set_keys({other});
  EXPECT_EQ(invoke("echo").header("x-amzn-ErrorType"), "UnrecognizedClientException");
  call with_token = invoke_of("echo", "1", {{"X-Amz-Security-Token", "TOKEN"}});
  with_token.key_id = "AKIDOTHER";
  EXPECT_EQ(ask(with_token).status, 200);
  server_.set_clock_offset(seconds(3600));
  const response skewed = ask(with_token);
  EXPECT_NE(skewed.body.find("Signature expired"), std::string::npos);
  with_token.at = std::chrono::system_clock::now() + seconds(3600);
  EXPECT_EQ(ask(with_token).status, 200);
}

TEST_F(LambdaInvoke, AttemptsAreCountedPerJobKey) {
  std::vector<std::uint64_t> attempts;
  server_.register_function("flaky", [&](const invocation& call) {
    attempts.push_back(call.attempt);
    return call.attempt < 3 ? service_error(500, "ServiceException", "again") : json_answer("{}");
  });
  const headers job = with_context(R"({"custom":{"job":{"jobKey":"9"}}})");
  EXPECT_EQ(invoke("flaky", "{}", job).status, 500);
  EXPECT_EQ(invoke("flaky", "{}", job).status, 500);
  EXPECT_EQ(invoke("flaky", "{}", job).status, 200);
  EXPECT_EQ(attempts, (std::vector<std::uint64_t>{1, 2, 3}));
}

TEST_F(LambdaInvoke, EveryCallIsRecordedInFull) {
  invoke("echo", "{\"a\":1}", {{"X-Amz-Log-Type", "Tail"}});
  const auto calls = server_.account().invocations();
  ASSERT_EQ(calls.size(), 1U);
  EXPECT_EQ(calls[0].status, 200);
  EXPECT_TRUE(calls[0].executed);
  EXPECT_EQ(calls[0].request.payload, "{\"a\":1}");
  EXPECT_EQ(calls[0].request.header("x-amz-log-type"), "Tail");
  EXPECT_EQ(calls[0].request.access_key_id, "AKIDEXAMPLE");
  EXPECT_EQ(server_.account().function("echo").bytes_in, 7U);
  EXPECT_EQ(server_.account().function("echo").bytes_out, 7U);
}

}  // namespace
}  // namespace sandbox::test
