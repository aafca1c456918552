#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "tests/unit/connector/lambda/invoke/invoke_inputs.h"

namespace connector::lambda {
namespace {

using namespace std::chrono_literals;
TEST(InvokeInput, NeedsOnlyAFunctionName) {
  const auto found = read({{"functionName", "\"orders\""}});
  ASSERT_TRUE(found) << complaint(found);
  EXPECT_EQ(found->function.text, "orders");
  EXPECT_EQ(found->function.qualifier, "");
  EXPECT_EQ(found->type, invocation_type::request_response);
  EXPECT_TRUE(found->log_tail);
  EXPECT_EQ(found->payload, std::nullopt);
  EXPECT_EQ(found->client_context, "");
  EXPECT_EQ(found->frame.region, "");
  EXPECT_EQ(found->frame.timeout, 30min + 30s);
  EXPECT_EQ(found->frame.who, aws::identity{});
}

TEST(InvokeInput, ReadsEveryField) {
  const auto found = read({{"functionName", "\"orders\""},
                           {"payload", R"({"a":1})"},
                           {"qualifier", "\"PROD\""},
                           {"invocationType", "\"RequestResponse\""},
                           {"logType", "\"None\""},
                           {"clientContext", R"({"custom":{"x":1}})"},
                           {"functionTenantId", "\"tenant 1/a\""},
                           {"durableExecutionName", "\"run_1-x\""},
                           {"traceparent", "\"00-0af7-b7ad-01\""},
                           {"traceHeader", "\"Root=1-5759;Sampled=1\""},
                           {"region", "\"eu-central-1\""},
                           {"timeout", "\"PT30S\""}});
  ASSERT_TRUE(found) << complaint(found);
  EXPECT_EQ(found->payload, R"({"a":1})");
  EXPECT_EQ(found->function.qualifier, "PROD");
  EXPECT_FALSE(found->log_tail);
  EXPECT_EQ(found->client_context, R"({"custom":{"x":1}})");
  EXPECT_EQ(found->tenant_id, "tenant 1/a");
  EXPECT_EQ(found->durable_name, "run_1-x");
  EXPECT_EQ(found->traceparent, "00-0af7-b7ad-01");
  EXPECT_EQ(found->trace_header, "Root=1-5759;Sampled=1");
  EXPECT_EQ(found->frame.region, "eu-central-1");
  EXPECT_EQ(found->frame.timeout, 30s);
}

TEST(InvokeInput, TakesNullAndEmptyStringsAsAbsent) {
  for (const std::string absent : {"null", "\"\"", " null "}) {
    named values = {{"functionName", "\"f\""}};
    for (const auto& spec : spec_of(operation_id::invoke).inputs) {
      if (spec.name != "functionName" && spec.name != "payload") {
        values.emplace_back(spec.name, absent);
      }
    }
    const auto found = read(values);
    ASSERT_TRUE(found) << complaint(found);
    EXPECT_EQ(found->frame.timeout, default_timeout);
    const auto missing = read({{"functionName", absent}});
    ASSERT_FALSE(missing);
    EXPECT_EQ(missing.error().code, error_code::missing_input);
    EXPECT_EQ(complaint(missing),
              "functionName: this input is required and is missing, null or empty: map it in the "
              "task, or correct the expression that gives it");
  }
  EXPECT_EQ(read_with("payload", "null")->payload, "null");
  EXPECT_EQ(read_with("payload", "\"\"")->payload, std::nullopt);
}

TEST(InvokeInput, CountsTheLaterOfTwo) {
  const auto found =
      read({{"functionName", "\"a\""}, {"region", "\"x\""}, {"functionName", "\"b\""}});
  ASSERT_TRUE(found);
  EXPECT_EQ(found->function.text, "b");
}

TEST(InvokeInput, NamesTheNearestOfUnknownNames) {
  EXPECT_EQ(complaint(read_with("functioName", "1")),
            "functioName: there is no such input; is functionName meant?");
  EXPECT_EQ(complaint(read_with("Payload", "1")),
            "Payload: there is no such input; is payload meant?");
  EXPECT_EQ(complaint(read_with("customer", "1")), "customer: there is no such input");
  EXPECT_EQ(complaint(read_with("a\nb\xFF", "1")), "a b\xEF\xBF\xBD: there is no such input");
}

struct bad_value {
  const char* name;
  const char* value;
  const char* complaint;
};

TEST(InvokeInput, NamesTheFieldThatIsWrong) {
  const std::vector<bad_value> wrong = {
      {"functionName", "7", "functionName: must be a string, not a number"},
      {"functionName", "{}", "functionName: must be a string, not an object"},
      {"functionName", "\"a\\u0000b\"", "functionName: holds a control character"},
      {"functionName", "\"a\\r\\nX: y\"", "functionName: holds a control character"},
      {"functionName", "\"\\ud800\"",
       "functionName: the string is broken (a lone surrogate or bytes that are no text)"},
      {"functionName", "\"../x\"",
       "functionName: must not hold /; give a name, name:alias, an ARN, or a function URL with "
       "https://"},
      {"qualifier", "true", "qualifier: must be a string, not a boolean"},
      {"invocationType", "\"event\"",
       "invocationType: must be one of RequestResponse, Event, DryRun"},
      {"invocationType", "\"Even\"",
       "invocationType: must be one of RequestResponse, Event, DryRun"},
      {"invocationType", "\"Event|DryRun\"",
       "invocationType: must be one of RequestResponse, "
       "Event, DryRun"},
      {"logType", "\"All\"", "logType: must be one of Tail, None"},
      {"payloadFormat", "\"xml\"", "payloadFormat: must be one of auto, json, text"},
      {"clientContext", "[]", "clientContext: must be an object, not an array"},
      {"clientContext", "\"text\"", "clientContext: must be an object, not a string"},
      {"functionTenantId", "\"a;b\"",
       "functionTenantId: only letters, digits, blanks inside and . _ : / = + - @ are allowed"},
      {"functionTenantId", "\" a\"",
       "functionTenantId: only letters, digits, blanks inside and . _ : / = + - @ are allowed"},
      {"durableExecutionName", "\"a b\"",
       "durableExecutionName: only letters, digits, hyphens and underscores are allowed"},
      {"traceparent", "\"a\\nb\"", "traceparent: holds a control character"},
      {"traceparent", "\"\xC3\xA9\"", "traceparent: is not ASCII"},
      {"traceHeader", "\"a\\rb\"", "traceHeader: holds a control character"},
      {"traceHeader", "\"\xC3\xA9\"", "traceHeader: is not ASCII"},
      {"region", "\"x.evil.com#\"", "region: not the name of a region, such as eu-central-1"},
      {"region", "\"EU-CENTRAL-1\"", "region: not the name of a region, such as eu-central-1"},
      {"endpoint", "\"ftp://x\"",
       "endpoint: \"ftp://x\" is no endpoint: the scheme must be https or http"},
      {"timeout", "\"30\"", "timeout: is no ISO-8601 duration, such as PT30S or PT5M"},
      {"timeout", "30", "timeout: must be a string, not a number"},
      {"timeout", "\"PT0S\"", "timeout: must be more than zero and at most PT30M30S"},
      {"timeout", "\"PT30M31S\"", "timeout: must be more than zero and at most PT30M30S"},
      {"payload", "{\"a\":}",
       "payload: a value is expected (at byte 5); look at the values that the task maps"},
      {"payload", "\"\xFF\"",
       "payload: bytes that are not UTF-8 (at byte 1); look at the values that the task maps"},
  };
  for (const auto& bad : wrong) {
    const auto found = std::string(bad.name) == "functionName" ? read({{bad.name, bad.value}})
                                                               : read_with(bad.name, bad.value);
    ASSERT_FALSE(found) << bad.name << bad.value;
    EXPECT_EQ(found.error().code, error_code::invalid_input);
    EXPECT_EQ(found.error().failure, failure_class::permanent);
    EXPECT_EQ(found.error().message, bad.complaint);
  }
}

TEST(InvokeInput, BoundsEveryString) {
  const auto quoted = [](std::size_t length) { return "\"" + std::string(length, 'a') + "\""; };
  for (const auto& spec : spec_of(operation_id::invoke).inputs) {
    if (spec.type != input_type::string || !spec.words.empty() || spec.name == "endpoint") continue;
    const std::string name(spec.name);
    // Longer for the sake of function URLs.
    const std::size_t most = name == "functionName" ? 256 : spec.most;
    const auto just =
        name == "functionName" ? read({{name, quoted(most)}}) : read_with(name, quoted(most));
    EXPECT_TRUE(just) << name << ": " << complaint(just);
    const auto over = name == "functionName" ? read({{name, quoted(most + 1)}})
                                             : read_with(name, quoted(most + 1));
    EXPECT_EQ(complaint(over), name + ": longer than " + std::to_string(most) + " bytes");
  }
}

TEST(InvokeInput, TakesTheRegionFromTheArn) {
  const std::string arn = "\"arn:aws:lambda:eu-west-1:123456789012:function:f:PROD\"";
  EXPECT_EQ(read({{"functionName", arn}})->function.reference.region, "eu-west-1");
  EXPECT_TRUE(read({{"functionName", arn}, {"region", "\"eu-west-1\""}}));
  EXPECT_EQ(complaint(read({{"functionName", arn}, {"region", "\"us-east-1\""}})),
            "region: us-east-1 contradicts eu-west-1, which functionName names; keep one of them");
}

TEST(InvokeInput, RefusesContradictingQualifiers) {
  EXPECT_EQ(complaint(read({{"functionName", "\"f:PROD\""}, {"qualifier", "\"DEV\""}})),
            "qualifier: DEV contradicts PROD, which functionName ends with; keep one of them");
  EXPECT_TRUE(read({{"functionName", "\"f:PROD\""}, {"qualifier", "\"PROD\""}}));
}

TEST(InvokeInput, AsksForALogOnlyWhenTheCallWaits) {
  EXPECT_TRUE(read_with("invocationType", "\"RequestResponse\"")->log_tail);
  EXPECT_FALSE(read_with("invocationType", "\"Event\"")->log_tail);
  EXPECT_FALSE(read_with("invocationType", "\"DryRun\"")->log_tail);
  EXPECT_FALSE(
      read({{"functionName", "\"f\""}, {"invocationType", "\"Event\""}, {"logType", "\"Tail\""}})
          ->log_tail);
}

TEST(InvokeInput, TakesTheClientContextOfAHeader) {
  EXPECT_EQ(read_with("clientContext", R"("{\"a\":1}")")->client_context, R"({"a":1})");
  // Text that only a secret made look like an object stays text.
  auto literal = inputs({{"functionName", "\"f\""}, {"clientContext", R"("{\"a\":1}")"}});
  literal[1].literal_text = true;
  EXPECT_EQ(complaint(read_invoke_input(literal)),
            "clientContext: must be an object, not a string");
}

TEST(InvokeInput, HasNoClientContextForEvents) {
  EXPECT_EQ(
      complaint(read(
          {{"functionName", "\"f\""}, {"invocationType", "\"Event\""}, {"clientContext", "{}"}})),
      "clientContext: an Event call has no client context; put it into the payload");
}

TEST(InvokeInput, TakesAFunctionUrl) {
  const auto found = read({{"functionName", "\"https://abc1.lambda-url.eu-west-1.on.aws/x?y=1\""},
                           {"logType", "\"Tail\""},
                           {"invocationType", "\"RequestResponse\""},
                           {"authentication", R"({"type":"none"})"}});
  ASSERT_TRUE(found) << complaint(found);
  ASSERT_TRUE(found->url);
  EXPECT_EQ(found->url->region, "eu-west-1");
  EXPECT_EQ(found->frame.who.from, aws::identity::kind::none);
}

TEST(InvokeInput, RefusesWhatAFunctionUrlHasNot) {
  const std::string url = "\"https://abc1.lambda-url.eu-west-1.on.aws/\"";
  for (const named& one :
       {named{{"qualifier", "\"PROD\""}}, named{{"endpoint", "\"https://x.example\""}},
        named{{"clientContext", "{}"}}, named{{"functionTenantId", "\"t\""}},
        named{{"durableExecutionName", "\"n\""}}}) {
    named values = one;
    values.emplace_back("functionName", url);
    EXPECT_EQ(complaint(read(values)),
              one[0].first + ": has no meaning for a function URL; name the function");
  }
  for (const char* type : {"\"Event\"", "\"DryRun\""}) {
    EXPECT_EQ(complaint(read({{"functionName", url}, {"invocationType", type}})),
              "invocationType: a function URL only waits for the answer; name the function");
  }
  EXPECT_EQ(complaint(read({{"functionName", url}, {"region", "\"us-east-1\""}})),
            "region: us-east-1 contradicts eu-west-1, which functionName names; keep one of them");
}

}  // namespace
}  // namespace connector::lambda
