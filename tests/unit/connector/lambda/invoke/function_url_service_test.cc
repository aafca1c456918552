// Function URLs through the service: what goes out, and what is sent again.
#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/unit/connector/lambda/service_fixture.h"

namespace connector::lambda {
namespace {

using http::failure_kind;
using http::request_progress;

class FunctionUrlService : public service_fixture {
 public:
  FunctionUrlService() {
    how.region = "eu-west-3";
    allowed->hosts.push_back(std::make_shared<allow_list>(std::get<allow_list>(
        allow_list::make(allow_list::about::hosts, "ALLOWED_HOSTS",
                         {"*.lambda-url.*.on.aws", "http://127.0.0.1:4566"}))));
  }

  call of(const std::string& to, std::vector<input_value> more = {}) const {
    more.push_back({"functionName", "\"" + to + "\""});
    auto out = with(std::move(more));
    out.job.process_instance_key = "41";
    out.allowed = allowed;
    return out;
  }

  std::shared_ptr<guard> allowed = std::make_shared<guard>();
  const std::string url = "https://abc1.lambda-url.eu-central-1.on.aws/charge?card=hunter2";
};

TEST_F(FunctionUrlService, PostsASignedRequest) {
  client.answers = {answer_with(201, "{\"ok\":1.10}")};
  const auto out = run(of(
      url,
      {{"payload", "{\"a\":1}"}, {"traceparent", "\"00-1-2-01\""}, {"traceHeader", "\"Root=1\""}}));
  ASSERT_TRUE(out.answered());
  EXPECT_EQ(out.answered()->variables[0].value, "201");
  EXPECT_EQ(out.answered()->variables[2].value, "{\"ok\":1.10}");
  EXPECT_EQ(out.function, "https://abc1.lambda-url.eu-central-1.on.aws/charge");
  EXPECT_EQ(out.region, "eu-central-1");
  const auto& request = client.sent.at(0).request;
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.to, (http::destination{true, "abc1.lambda-url.eu-central-1.on.aws", 443}));
  EXPECT_EQ(request.target, "/charge?card=hunter2");
  EXPECT_EQ(request.body, "{\"a\":1}");
  EXPECT_EQ(header(request, "Content-Type"), "application/json");
  EXPECT_EQ(header(request, "X-Job-Key"), "42");
  EXPECT_EQ(header(request, "X-Process-Instance-Key"), "41");
  EXPECT_EQ(header(request, "traceparent"), "00-1-2-01");
  EXPECT_EQ(header(request, "X-Amzn-Trace-Id"), "Root=1");
  EXPECT_EQ(header(request, "X-Amz-Invocation-Type"), "(none)");
  EXPECT_EQ(header(request, "X-Amz-Client-Context"), "(none)");
  EXPECT_NE(header(request, "Authorization").find("/eu-central-1/lambda/aws4_request"),
            std::string::npos);
}

TEST_F(FunctionUrlService, SendsNoSignatureWithTypeNone) {
  client.answers = {answer_with(200, "1")};
  EXPECT_TRUE(run(of(url, {{"authentication", R"({"type":"none"})"}})).answered());
  EXPECT_EQ(header(client.sent[0].request, "Authorization"), "(none)");
  EXPECT_EQ(header(client.sent[0].request, "X-Amz-Date"), "(none)");
  EXPECT_TRUE(credentials.asked.empty());
}

TEST_F(FunctionUrlService, NeedsTheOperatorsAllowance) {
  for (const std::string wanted :
       {"https://evil.com/", "https://abc1.lambda-url.eu-central-1.on.aws.evil.com/",
        "https://abc1.lambda-url.eu-central-1.on.aws:8443/", "http://127.0.0.1:4567/",
        "https://127.0.0.1:4566/", "http://169.254.169.254/latest/meta-data/"}) {
    const auto out = run(of(wanted));
    ASSERT_TRUE(out.failed()) << wanted;
    EXPECT_EQ(out.failed()->code, error_code::forbidden) << wanted;
    EXPECT_EQ(out.failed()->failure, failure_class::permanent) << wanted;
  }
  auto without = of(url);
  without.allowed = nullptr;
  EXPECT_EQ(run(without).failed()->code, error_code::forbidden);
  EXPECT_TRUE(client.sent.empty());
  EXPECT_TRUE(credentials.asked.empty());
}

TEST_F(FunctionUrlService, ReachesAStandInThatIsAllowed) {
  client.answers = {answer_with(200, "1")};
  const auto out = run(of("http://127.0.0.1:4566/x"));
  EXPECT_TRUE(out.answered());
  EXPECT_EQ(client.sent[0].request.to, (http::destination{false, "127.0.0.1", 4566}));
  // Its host tells no region: the worker's own.
  EXPECT_NE(header(client.sent[0].request, "Authorization").find("/eu-west-3/lambda/"),
            std::string::npos);
}

TEST_F(FunctionUrlService, CompletesOnARedirectAndDoesNotFollowIt) {
  client.answers = {answer_with(302, "", {{"Location", "https://evil.com/"}}),
                    answer_with(200, "1")};
  const auto out = run(of(url));
  ASSERT_TRUE(out.answered());
  EXPECT_EQ(out.answered()->variables[0].value, "302");
  EXPECT_EQ(client.sent.size(), 1U);
}

TEST_F(FunctionUrlService, NeverSendsAgainWhatMayHaveRun) {
  const std::vector<http::result<http::response>> ambiguous = {
      answer_with(500, "{}", {{"x-amzn-ErrorType", "TooManyRequestsException"}}),
      answer_with(502, R"({"code":"ThrottlingException"})"), answer_with(503, ""),
      answer_with(504, ""), answer_with(501, ""),
      break_with(failure_kind::read, request_progress::sent),
      // The function ran and has a quota of its own.
      answer_with(429, R"({"message":"this customer is over the quota"})"),
      answer_with(429, R"({"__type":"TooManyRequestsException"})"),
      answer_with(429, R"({"__type":"TooManyRequestsException"})", {{"x-amzn-ErrorType", ""}}),
      answer_with(429, "", {{"x-amzn-ErrorType", "OurOwnQuotaException"}})};
  for (const auto& first : ambiguous) {
    client.sent.clear();
    client.answers = {first, answer_with(200, "1")};
    const auto out = run(of(url));
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->code, error_code::ambiguous);
    EXPECT_TRUE(out.may_have_run);
    EXPECT_EQ(client.sent.size(), 1U);
  }
}

TEST_F(FunctionUrlService, TriesAgainWhatLambdaSaysItThrottledButNeverWithAtMostOnce) {
  const auto throttled = answer_with(429, "", {{"x-amzn-ErrorType", "TooManyRequestsException"}});
  client.answers = {throttled, answer_with(200, "1")};
  EXPECT_TRUE(run(of(url)).answered());
  client.sent.clear();
  client.answers = {throttled, answer_with(200, "1")};
  auto once = of(url);
  once.at_most_once = true;
  const auto out = run(once);
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::ambiguous);
  EXPECT_TRUE(out.may_have_run);
  EXPECT_EQ(client.sent.size(), 1U);
}

// Whatever reason it gives: it may have run before it gave it.
TEST_F(FunctionUrlService, NeverSendsARefusalAgain) {
  credentials.renews = true;
  const auto named = [](int status, const char* name, const char* message = "{}") {
    return answer_with(status, message,
                       {{"x-amzn-ErrorType", name}, {"Date", "Fri, 02 Jan 2026 05:04:05 GMT"}});
  };
  const std::vector<http::result<http::response>> refusals = {
      answer_with(400, ""),
      answer_with(408, ""),
      answer_with(409, ""),
      answer_with(425, ""),
      named(403, "ExpiredTokenException"),
      named(403, "RequestTimeTooSkewed"),
      named(409, "ResourceConflictException"),
      named(400, "ThrottlingException"),
      named(408, "RequestTimeoutException"),
      named(403, "InvalidSignatureException", R"({"message":"Signature expired: it is late"})")};
  for (const auto& first : refusals) {
    client.sent.clear();
    client.answers = {first, answer_with(200, "1")};
    const auto out = run(of(url));
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->failure, failure_class::permanent) << out.failed()->message;
    EXPECT_TRUE(out.may_have_run);
    EXPECT_EQ(client.sent.size(), 1U) << out.failed()->message;
  }
}

// Else a function could take the good keys of all jobs away.
TEST_F(FunctionUrlService, SaysNothingAboutTheWorkersKeys) {
  const auto refused = [](const char* name) {
    return answer_with(403, "{}", {{"x-amzn-ErrorType", name}});
  };
  for (const auto* name :
       {"ExpiredTokenException", "ExpiredToken", "UnrecognizedClientException"}) {
    client.answers = {refused(name)};
    EXPECT_TRUE(run(of(url)).failed());
    // Nor does the server of an endpoint that the task names.
    client.answers = {refused(name), refused(name), refused(name), refused(name)};
    auto elsewhere = orders();
    elsewhere.inputs.push_back({"endpoint", "\"http://127.0.0.1:4566\""});
    elsewhere.allowed = allowed;
    EXPECT_TRUE(run(elsewhere).failed());
    EXPECT_TRUE(credentials.expired_keys.empty()) << name;
  }
}

// Then it cannot have run.
TEST_F(FunctionUrlService, TriesAgainWhenTheAnswerCameBeforeTheWholeRequestWasOut) {
  for (const int status : {429, 503}) {
    auto early = answer_with(status, "");
    early->request_complete = false;
    client.sent.clear();
    client.answers = {early, answer_with(200, "1")};
    auto once = of(url);
    once.at_most_once = true;
    EXPECT_TRUE(run(once).answered());
    EXPECT_EQ(client.sent.size(), 2U);
  }
}

// Whatever reason its header gives.
TEST_F(FunctionUrlService, TakesAnEarly429ForAThrottleAlways) {
  for (const auto* name : {"ServiceException", "ResourceNotFoundException", "ThrottlingException",
                           "ResourceConflictException", "OurOwnException"}) {
    auto early = answer_with(429, "", {{"x-amzn-ErrorType", name}});
    early->request_complete = false;
    client.sent.clear();
    client.answers = {early, early, early, early};
    auto once = of(url);
    once.at_most_once = true;
    const auto out = run(once);
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->failure, failure_class::throttled) << name;
    EXPECT_EQ(out.failed()->code, error_code::too_many_requests) << name;
    EXPECT_FALSE(out.may_have_run);
    EXPECT_EQ(client.sent.size(), 4U) << name;
  }
}

TEST_F(FunctionUrlService, SaysWhatIsMissingWithoutTheQuery) {
  client.answers = {answer_with(403, R"({"Message":"Forbidden"})",
                                {{"x-amzn-ErrorType", "AccessDeniedException"}})};
  const auto out = run(of(url));
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->message,
            "Calling function \"https://abc1.lambda-url.eu-central-1.on.aws/charge\" in "
            "eu-central-1 was refused: AccessDeniedException (HTTP 403): Forbidden. Allow "
            "lambda:InvokeFunctionUrl and lambda:InvokeFunction to the caller. Attempts: 1.");
}

TEST_F(FunctionUrlService, RefusesALargePayloadBeforeSending) {
  const auto out = run(of(url, {{"payload", "\"" + std::string(6'291'556, 'x') + "\""}}));
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::request_too_large);
  EXPECT_EQ(out.failed()->message,
            "payload: 6291558 bytes, of which Lambda takes 6291556 in a synchronous call; send "
            "less, or where it "
            "lies");
  EXPECT_TRUE(client.sent.empty());
}

TEST_F(FunctionUrlService, ReportsItsExchangesWithoutTheQuery) {
  std::vector<attempt_report> seen;
  how.observe = [&seen](const attempt_report& one) { seen.push_back(one); };
  client.answers = {answer_with(429, "", {{"x-amzn-ErrorType", "TooManyRequestsException"}}),
                    answer_with(200, "1", {{"x-amzn-RequestId", "id-1"}})};
  run(of(url));
  ASSERT_EQ(seen.size(), 2U);
  EXPECT_EQ(seen[0].status, 429);
  EXPECT_EQ(seen[1].method, "POST");
  EXPECT_EQ(seen[1].target, "/charge");
  EXPECT_EQ(seen[1].request_id, "id-1");
  EXPECT_EQ(seen[1].number, 2);
}

}  // namespace
}  // namespace connector::lambda
