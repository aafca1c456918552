#include "worker/dropin/inputs.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"

namespace worker::dropin {
namespace {

using list = std::vector<std::string>;
namespace json = connector::json;

// The inputs as "name=value", sorted, "name~value" for a text that stays one; "!" and the message
// when they are refused.
list read(const std::string& job, string_payload rule = string_payload::json_text) {
  const auto parsed = json::members(job);
  EXPECT_FALSE(parsed.wrong) << job;
  const auto inputs = read_inputs(parsed.members, rule);
  if (!inputs) return {"!" + inputs.error().message};
  list out;
  for (const auto& input : *inputs) {
    if (input.name == "logType") continue;  // has a test of its own
    out.push_back(fmt::format("{}{}{}", input.name, input.literal_text ? "~" : "=", input.value));
  }
  std::sort(out.begin(), out.end());
  return out;
}

constexpr std::string_view keys = R"("authentication":{"accessKey":"AK","secretKey":"SK"})";
constexpr std::string_view as_static =
    R"(authentication={"type":"static","accessKeyId":"AK","secretAccessKey":"SK"})";

// A job of which one part is given.
std::string job_of(std::string_view function, std::string_view configuration = R"({"region":"r"})",
                   std::string_view rest = keys) {
  return fmt::format(R"({{"awsFunction":{},"configuration":{},{}}})", function, configuration,
                     rest);
}

std::string with_payload(std::string_view payload) {
  return job_of(fmt::format(R"({{"functionName":"f","payload":{}}})", payload));
}

// What the payload of `with_payload` becomes.
std::string sent(std::string_view payload, string_payload rule = string_payload::json_text) {
  for (auto& input : read(with_payload(payload), rule)) {
    if (input.starts_with("payload") || input.starts_with("!")) return input;
  }
  return {};
}

TEST(DropInInputs, OneRowForEachFactOfTheShape) {
  const struct {
    const char* fact;
    std::string job;
    list inputs;
  } rows[] = {
      {"keys without a type are static credentials",
       job_of(R"({"functionName":"f","payload":{}})"),
       {std::string(as_static), "functionName=\"f\"", "payload={}", "region=\"r\""}},
      {"type credentials",
       job_of(R"({"functionName":"f","payload":{}})", R"({"region":"r"})",
              R"("authentication":{"type":"credentials","accessKey":"AK","secretKey":"SK"})"),
       {std::string(as_static), "functionName=\"f\"", "payload={}", "region=\"r\""}},
      {"an unknown type falls back to keys",
       job_of(R"({"functionName":"f","payload":{}})", R"({"region":"r"})",
              R"("authentication":{"type":"other","accessKey":"AK","secretKey":"SK"})"),
       {std::string(as_static), "functionName=\"f\"", "payload={}", "region=\"r\""}},
      {"type defaultCredentialsChain; keys that are left over do not count",
       job_of(R"({"functionName":"f","payload":{}})", R"({"region":"r"})",
              R"("authentication":{"type":"defaultCredentialsChain","accessKey":"AK"})"),
       {R"(authentication={"type":"default"})", "functionName=\"f\"", "payload={}",
        "region=\"r\""}},
      {"the region of the first templates",
       job_of(R"({"functionName":"f","payload":{},"region":"old"})", "null"),
       {std::string(as_static), "functionName=\"f\"", "payload={}", "region=\"old\""}},
      {"configuration.region wins over awsFunction.region",
       job_of(R"({"functionName":"f","payload":{},"region":"old"})"),
       {std::string(as_static), "functionName=\"f\"", "payload={}", "region=\"r\""}},
      {"a blank configuration.region does not",
       job_of(R"({"functionName":"f","payload":{},"region":"old"})", R"({"region":" "})"),
       {std::string(as_static), "functionName=\"f\"", "payload={}", "region=\"old\""}},
      {"a blank endpoint counts as absent",
       job_of(R"({"functionName":"f","payload":{}})", R"({"region":"r","endpoint":"  "})"),
       {std::string(as_static), "functionName=\"f\"", "payload={}", "region=\"r\""}},
      {"an endpoint",
       job_of(R"({"functionName":"f","payload":{}})", R"({"region":"r","endpoint":"https://e"})"),
       {std::string(as_static), "endpoint=\"https://e\"", "functionName=\"f\"", "payload={}",
        "region=\"r\""}},
      {"a reusable credential wins with its region; the endpoint stays",
       job_of(R"({"functionName":"f","payload":{},"region":"old"})",
              R"({"region":"r","endpoint":"https://e"})",
              R"("authentication":{"type":"credentials"},"awsCredential":{"region":"cr",)"
              R"("authentication":{"accessKey":"AK","secretKey":"SK"}})"),
       {std::string(as_static), "endpoint=\"https://e\"", "functionName=\"f\"", "payload={}",
        "region=\"cr\""}},
      {"a reusable credential of null counts as absent",
       job_of(R"({"functionName":"f","payload":{}})", R"({"region":"r"})",
              std::string(keys) + R"(,"awsCredential":null)"),
       {std::string(as_static), "functionName=\"f\"", "payload={}", "region=\"r\""}},
      {"unknown members are ignored",
       job_of(R"({"functionName":"f","payload":{},"x":1})", R"({"region":"r","y":{}})"),
       {std::string(as_static), "functionName=\"f\"", "payload={}", "region=\"r\""}},
      {"lists of one are unwrapped, numbers are texts",
       job_of(R"([{"functionName":[7],"payload":[1]}])", R"({"region":["r"]})"),
       {std::string(as_static), "functionName=\"7\"", "payload=[1]", "region=\"r\""}},
      {"operationType sync in any case",
       job_of(R"({"operationType":"SYNC","functionName":"f","payload":{}})"),
       {std::string(as_static), "functionName=\"f\"", "payload={}", "region=\"r\""}},
      {"operationType async is honoured",
       job_of(R"({"operationType":"async","functionName":"f","payload":{}})"),
       {std::string(as_static), "functionName=\"f\"", "invocationType=\"Event\"", "payload={}",
        "region=\"r\""}},
  };
  for (const auto& row : rows) EXPECT_EQ(read(row.job), row.inputs) << row.fact;
}

TEST(DropInInputs, OneRowForEachViolation) {
  const struct {
    const char* fact;
    std::string job;
    const char* said;
  } rows[] = {
      {"no variables at all", "{}", "awsFunction: is required"},
      {"no authentication",
       job_of(R"({"functionName":"f","payload":1})", R"({"region":"r"})", R"("x":1)"),
       "authentication: is required"},
      {"blank key",
       job_of(R"({"functionName":"f","payload":1})", R"({"region":"r"})",
              R"("authentication":{"accessKey":" \t","secretKey":"SK"})"),
       "authentication.accessKey: must not be empty"},
      {"no secret key",
       job_of(R"({"functionName":"f","payload":1})", R"({"region":"r"})",
              R"("authentication":{"accessKey":"AK"})"),
       "authentication.secretKey: must not be empty"},
      {"no region", job_of(R"({"functionName":"f","payload":1})", "{}"),
       "configuration.region: must not be empty"},
      {"blank name", job_of(R"({"functionName":" ","payload":1})"),
       "awsFunction.functionName: must not be empty"},
      {"no payload", job_of(R"({"functionName":"f"})"), "awsFunction.payload: must not be null"},
      {"payload of null", job_of(R"({"functionName":"f","payload":null})"),
       "awsFunction.payload: must not be null"},
      {"operation", job_of(R"({"functionName":"f","payload":1,"operationType":"later"})"),
       "awsFunction.operationType: must be sync or async"},
      {"name of a wrong type", job_of(R"({"functionName":{"a":1},"payload":1})"),
       "awsFunction.functionName: must be a string"},
      {"no object", job_of("\"f\""), "awsFunction: must be an object"},
      {"credential without a region",
       job_of(R"({"functionName":"f","payload":1})", R"({"region":"r"})",
              std::string(keys) + R"(,"awsCredential":{"authentication":{"accessKey":"AK",)"
                                  R"("secretKey":"SK"}})"),
       "awsCredential.region: must not be empty"},
      {"credential without authentication",
       job_of(R"({"functionName":"f","payload":1})", R"({"region":"r"})",
              std::string(keys) + R"(,"awsCredential":{"region":"r"})"),
       "authentication: is required"},
      {"intrinsic function",
       with_payload(R"({"a":[{"camunda.function.type" : "base64","params":["x"]}]})"),
       "does not have"},
  };
  for (const auto& row : rows) {
    const auto found = read(row.job);
    ASSERT_EQ(found.size(), 1U) << row.fact;
    EXPECT_NE(found.front().find(row.said), std::string::npos) << row.fact << ": " << found.front();
    EXPECT_EQ(found.front().find("!Found constraints violated while validating input: - "), 0U);
  }
}

TEST(DropInInputs, AllViolationsAreNamedAtOnceWithoutValues) {
  const auto found = read(R"({"awsFunction":{"payload":"s3cret"},)"
                          R"("authentication":{"secretKey":"s3cret"}})");
  ASSERT_EQ(found.size(), 1U);
  for (const auto* part :
       {"awsFunction.functionName", "authentication.accessKey", "configuration.region"}) {
    EXPECT_NE(found.front().find(part), std::string::npos) << found.front();
  }
  EXPECT_EQ(found.front().find("s3cret"), std::string::npos) << found.front();
}

TEST(DropInInputs, NoLogIsAskedFor) {
  const auto job = with_payload("1");
  const auto inputs = read_inputs(json::members(job).members, string_payload::json_text);
  ASSERT_TRUE(inputs.has_value());
  EXPECT_EQ(inputs->back().name, "logType");
  EXPECT_EQ(inputs->back().value, "\"None\"");
}

TEST(DropInInputs, PayloadsThatAreNoStringGoAsTheyAre) {
  for (const auto* payload : {R"({"b": 1.10, "a":12345678901234567890})", "[1, 2]", "7", "true"}) {
    EXPECT_EQ(sent(payload), std::string("payload=") + payload);
    EXPECT_EQ(sent(payload, string_payload::quoted), std::string("payload=") + payload);
  }
}

TEST(DropInInputs, StringPayloadFollowsTheRule) {
  const auto text = json::quote(R"({"key":"value"})");
  EXPECT_EQ(sent(text), "payload=" + text);  // the operation sends the JSON that it holds
  EXPECT_EQ(sent(text, string_payload::quoted), "payload~" + text);
  // Text in quotes of its own was always a string.
  for (const auto* in_quotes : {"\"hello\"", "'hello'"}) {
    EXPECT_EQ(sent(json::quote(in_quotes)), "payload~" + json::quote(in_quotes));
  }
  // An empty string is a payload.
  EXPECT_EQ(sent("\"\""), "payload~\"\"");
  EXPECT_EQ(sent("\"hello\""), "payload=\"hello\"");
  EXPECT_EQ(sent("\"= 1 + 1\""), "payload=\"= 1 + 1\"");
}

TEST(DropInInputs, TextThatSpeaksOfAnIntrinsicFunctionIsText) {
  const auto text = json::quote(R"({"camunda.function.type":"base64"})");
  EXPECT_EQ(sent(text), "payload=" + text);
  EXPECT_EQ(sent(R"({"a":"camunda.function.type"})"), R"(payload={"a":"camunda.function.type"})");
}

TEST(DropInInputs, DocumentReferenceGoesAsItIs) {
  const auto* const reference =
      R"({"camunda.document.type":"camunda","storeId":"s","documentId":"d"})";
  EXPECT_EQ(sent(reference), std::string("payload=") + reference);
}

}  // namespace
}  // namespace worker::dropin
