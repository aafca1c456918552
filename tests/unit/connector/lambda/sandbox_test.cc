// The service with the real client against the embedded Lambda, which verifies every signature with
// code of its own and keeps an account of what ran.
#include <gtest/gtest.h>
#include <unistd.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/http/pooled_client.h"
#include "connector/lambda/service.h"
#include "tests/sandbox/lambda/lambda.h"
#include "tests/unit/connector/given_credentials.h"

namespace connector::lambda {
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;

sandbox::lambda_options server_options(const std::filesystem::path& ca_file) {
  sandbox::lambda_options out;
  out.ca_file = ca_file;
  return out;
}

class InvokeOverTheWire : public testing::Test {
 public:
  InvokeOverTheWire() { connect("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"); }
  ~InvokeOverTheWire() override {
    std::error_code ignored;
    std::filesystem::remove(ca_file, ignored);
  }

  // Makes another client and service, with these keys.
  void connect(std::string id, std::string secret, std::string token = {}) {
    credentials = std::make_unique<aws::given_credentials>(std::move(id), std::move(secret),
                                                           std::move(token));
    http::client_settings settings_of_client;
    settings_of_client.ca_bundle = ca_file.string();
    client = http::make_client(loop.get_executor(), settings_of_client);
    settings how;
    how.region = "us-east-1";
    how.endpoint_of = [this](std::string_view) { return aws::parse_endpoint(server.endpoint()); };
    how.random = [] { return 0.0; };
    tested = make_service(how, *client, *credentials);
  }

  static call with(std::vector<input_value> inputs) {
    call out;
    out.inputs = std::move(inputs);
    out.job.job_key = "42";
    out.end = boot_clock::now() + 40s;
    return out;
  }

  static call of(const std::string& function, const std::string& payload = "{}") {
    return with({{"functionName", json::quote(function)}, {"payload", payload}});
  }

  outcome run(call asked) {
    std::optional<outcome> out;
    asio::co_spawn(loop, tested->run(std::move(asked)),
                   [&](std::exception_ptr failed, outcome value) {
                     EXPECT_FALSE(failed);
                     out = std::move(value);
                     loop.stop();
                   });
    loop.restart();
    loop.run_for(50s);
    if (!out) {
      ADD_FAILURE() << "the call did not end";
      return {};
    }
    return *std::move(out);
  }

  // A variable or detail of the answer; the failure's text when there is none.
  static std::string value(const outcome& out, std::string_view name) {
    if (out.failed()) return out.failed()->message;
    for (const auto& field : out.answered()->variables) {
      if (field.name == name) return field.value;
    }
    for (const auto& field : out.answered()->details) {
      if (field.name == name) return field.value;
    }
    return "(none)";
  }

  static std::string code(const outcome& out) {
    return out.failed() ? std::string(name_of(out.failed()->code)) : "(answered)";
  }

  std::filesystem::path ca_file =
      std::filesystem::temp_directory_path() / ("invoke-" + std::to_string(::getpid()) + ".pem");
  sandbox::lambda server{server_options(ca_file)};
  asio::io_context loop;
  std::unique_ptr<aws::credentials_provider> credentials;
  std::unique_ptr<http::client> client;
  std::unique_ptr<service> tested;
};

TEST_F(InvokeOverTheWire, CarriesPayloadsByteForByteBothWays) {
  for (const std::string exact :
       {"12345678901234567890", "1.10", "1e400", "\"\\u0000\"", "{\"b\":1,\"a\":2,\"b\":3}",
        "[ 1 , 2 ]", "\"\\ud800\"", "{\"e\":\"\xE2\x82\xAC\"}"}) {
    const auto out = run(of("echo", exact));
    EXPECT_EQ(value(out, "payload"), exact);
    EXPECT_EQ(server.account().invocations().back().request.payload, exact);
  }
  const std::string large = "{\"x\":\"" + std::string(6'000'000, 'x') + "\"}";
  EXPECT_TRUE(value(run(of("echo", large)), "payload") == large);
}

TEST_F(InvokeOverTheWire, SignsEveryFormOfAName) {
  const std::string arn = "arn:aws:lambda:us-east-1:123456789012:function:versioned";
  EXPECT_EQ(value(run(of("versioned")), "executedVersion"), "\"$LATEST\"");
  EXPECT_EQ(value(run(of("versioned:PROD")), "executedVersion"), "\"2\"");
  EXPECT_EQ(value(run(of(arn)), "executedVersion"), "\"$LATEST\"");
  EXPECT_EQ(value(run(of(arn + ":$LATEST")), "executedVersion"), "\"$LATEST\"");
  EXPECT_EQ(value(run(of(arn + ":1")), "executedVersion"), "\"1\"");
  EXPECT_EQ(value(run(of("123456789012:function:versioned")), "executedVersion"), "\"$LATEST\"");
  EXPECT_EQ(value(run(with({{"functionName", "\"versioned\""}, {"qualifier", "\"$LATEST\""}})),
                  "executedVersion"),
            "\"$LATEST\"");
  EXPECT_EQ(value(run(with({{"functionName", "\"versioned\""}, {"qualifier", "\"PROD\""}})),
                  "executedVersion"),
            "\"2\"");
  EXPECT_EQ(server.account().counted().refused, 0U);
}

TEST_F(InvokeOverTheWire, MakesTheThreeKindsOfCalls) {
  const auto event =
      run(with({{"functionName", "\"echo\""}, {"payload", "{}"}, {"invocationType", "\"Event\""}}));
  EXPECT_EQ(value(event, "statusCode"), "202");
  EXPECT_EQ(value(event, "payload"), "null");
  const auto dry = run(with({{"functionName", "\"echo\""}, {"invocationType", "\"DryRun\""}}));
  EXPECT_EQ(value(dry, "statusCode"), "204");
  const auto waits = run(of("logs"));
  EXPECT_EQ(value(waits, "statusCode"), "200");
  EXPECT_GT(value(waits, "log").size(), 1000U);
  EXPECT_NE(value(waits, "requestId"), "(none)");
}

TEST_F(InvokeOverTheWire, SendsTheSessionToken) {
  sandbox::access_key temporary;
  temporary.id = "ASIAEXAMPLE";
  temporary.secret = "temporary";
  temporary.session_token = "tok/en+==";
  server.set_keys({temporary});
  connect("ASIAEXAMPLE", "temporary", "tok/en+==");
  EXPECT_EQ(value(run(of("echo", "1")), "payload"), "1");
  connect("ASIAEXAMPLE", "temporary", "another");
  EXPECT_EQ(run(of("echo", "1")).attempts, 1);
  EXPECT_NE(code(run(of("echo", "1"))), "(answered)");
}

TEST_F(InvokeOverTheWire, TellsTheFunctionAboutTheJob) {
  run(of("echo"));
  EXPECT_EQ(server.account().invocations().back().request.job_key, "42");
}

TEST_F(InvokeOverTheWire, TellsAFunctionThatFailedFromACallThatFailed) {
  const auto out = run(of("fail", R"({"type":"OrderError","message":"no stock"})"));
  ASSERT_TRUE(out.answered() && out.answered()->function_error);
  EXPECT_EQ(out.answered()->function_error->type, "OrderError");
  EXPECT_EQ(out.answered()->function_error->message, "no stock");
  EXPECT_EQ(value(out, "statusCode"), "200");

  EXPECT_EQ(code(run(of("no-such-function"))), "NOT_FOUND");
  EXPECT_EQ(code(run(of("echo:NOPE"))), "NOT_FOUND");
}

TEST_F(InvokeOverTheWire, MapsOddAnswers) {
  EXPECT_EQ(json::kind_of(value(run(of("not-json")), "payload")), json::kind::string);
  const auto bytes = run(of("not-utf8"));
  EXPECT_EQ(value(bytes, "payloadEncoding"), "\"base64\"");
  EXPECT_EQ(value(run(of("empty")), "payload"), "null");
  EXPECT_EQ(value(run(of("void")), "payload"), "null");
  EXPECT_EQ(code(run(of("nested", R"({"depth":2000})"))), "RESPONSE_REFUSED");
  EXPECT_EQ(server.account().function("nested").requests, 1U);
}

TEST_F(InvokeOverTheWire, TriesAThrottledCallAgain) {
  const auto out = run(of("throttle-once", R"({"n":1})"));
  EXPECT_EQ(value(out, "payload"), R"({"n":1})");
  EXPECT_EQ(out.attempts, 2);
  EXPECT_EQ(server.account().function("throttle-once").executions, 1U);
}

TEST_F(InvokeOverTheWire, SaysThatTheKeysAreWrong) {
  connect("AKIDEXAMPLE", "not-the-secret");
  const auto out = run(of("echo"));
  EXPECT_EQ(code(out), "UNAUTHORIZED");
  EXPECT_EQ(out.attempts, 1);
  EXPECT_EQ(out.failed()->message.find("not-the-secret"), std::string::npos);
  // The service quotes the canonical request; the incident must not.
  EXPECT_EQ(out.failed()->message.find('\n'), std::string::npos);
}

TEST_F(InvokeOverTheWire, SaysThatNoServerIsThere) {
  server.stop_listening();
  const auto out = run(of("echo"));
  EXPECT_EQ(code(out), "CONNECTION_ERROR");
  EXPECT_EQ(out.failed()->failure, failure_class::not_started);
  EXPECT_FALSE(out.sent);
  EXPECT_EQ(out.attempts, 4);
  server.listen_again();
  EXPECT_EQ(value(run(of("echo", "1")), "payload"), "1");
}

// Whatever the wire does after the request went out: one execution, never a second.
TEST_F(InvokeOverTheWire, NeverCallsAFunctionTwice) {
  for (const std::string function :
       {"service-exception", "html-503",           "wire-short-length",    "wire-bad-length",
        "wire-bad-chunk",    "wire-half-chunks",   "wire-endless-headers", "wire-huge-header",
        "wire-close",        "wire-cut",           "wire-reset",           "wire-half-head",
        "wire-half-body",    "wire-half-body-cut", "wire-half-body-reset", "wire-garbage",
        "wire-1xx-storm",    "wire-endless-body",  "wire-huge-body",       "wire-long-length",
        "wire-two-lengths",  "wire-redirect"}) {
    const auto out = run(with(
        {{"functionName", json::quote(function)}, {"payload", "{}"}, {"timeout", "\"PT20S\""}}));
    EXPECT_EQ(server.account().function(function).requests, 1U) << function;
    EXPECT_EQ(out.attempts, 1) << function;
    EXPECT_TRUE(out.sent) << function;
    if (out.failed()) {
      const auto failure = out.failed()->failure;
      EXPECT_TRUE(failure == failure_class::ambiguous || failure == failure_class::permanent)
          << function << ": " << out.failed()->message;
      EXPECT_LT(out.failed()->message.size(), 2000U) << function;
    }
  }
}

TEST_F(InvokeOverTheWire, EndsACallThatHangsInItsTime) {
  const auto out =
      run(with({{"functionName", "\"wire-hang\""}, {"payload", "{}"}, {"timeout", "\"PT0.3S\""}}));
  EXPECT_EQ(code(out), "AMBIGUOUS");
  EXPECT_EQ(server.account().function("wire-hang").requests, 1U);
}

TEST_F(InvokeOverTheWire, BoundsTheAnswer) {
  const auto out = run(of("wire-huge-body", R"({"bytes":100000000})"));
  EXPECT_EQ(code(out), "RESPONSE_TOO_LARGE");
  EXPECT_EQ(out.failed()->failure, failure_class::permanent);
}

}  // namespace
}  // namespace connector::lambda
