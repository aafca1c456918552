#include "connector/lambda/invoke/invoke_response.h"

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "connector/base/base64.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"

namespace connector::lambda {
namespace {

using namespace std::string_literals;

result<answer> read(std::string body, http::headers fields = {}, int status = 200) {
  http::response from;
  from.status = status;
  from.fields = std::move(fields);
  from.body = std::move(body);
  return read_invoke_answer(std::move(from), "orders");
}

std::string field(const std::vector<json_field>& fields, std::string_view name) {
  for (const auto& field : fields) {
    if (field.name == name) return field.value;
  }
  return "(none)";
}

std::string payload(std::string body) {
  const auto made = read(std::move(body));
  return made ? field(made->variables, "payload") : made.error().message;
}

TEST(InvokeAnswer, HasItsVariablesInOrder) {
  const auto made = read(R"({"ok":true})", {{"X-Amz-Executed-Version", "$LATEST"},
                                            {"X-Amz-Log-Result", base64_encode("line\n")},
                                            {"x-amzn-RequestId", "id-1"}});
  ASSERT_TRUE(made);
  std::vector<std::string> names;
  for (const auto& variable : made->variables) names.push_back(variable.name);
  EXPECT_EQ(names, (std::vector<std::string>{"statusCode", "executedVersion", "payload", "log"}));
  EXPECT_EQ(field(made->variables, "statusCode"), "200");
  EXPECT_EQ(field(made->variables, "executedVersion"), "\"$LATEST\"");
  EXPECT_EQ(field(made->variables, "payload"), R"({"ok":true})");
  EXPECT_EQ(field(made->variables, "log"), "\"line\\n\"");
  EXPECT_EQ(field(made->details, "requestId"), "\"id-1\"");
  EXPECT_EQ(field(made->details, "functionError"), "(none)");
  EXPECT_FALSE(made->function_error);
}

TEST(InvokeAnswer, OfEventAndDryRunIsNull) {
  for (const int status : {202, 204}) {
    const auto made = read("", {}, status);
    ASSERT_TRUE(made);
    EXPECT_EQ(field(made->variables, "statusCode"), std::to_string(status));
    EXPECT_EQ(field(made->variables, "executedVersion"), "null");
    EXPECT_EQ(field(made->variables, "payload"), "null");
    EXPECT_EQ(field(made->variables, "log"), "null");
  }
}

TEST(InvokeAnswer, KeepsJsonByteForByte) {
  for (const std::string exact :
       {"12345678901234567890", "1.10", "1e400", "{\"b\":1,\"a\":2,\"b\":3}", " { } \n",
        "\"\\u0000\"", "\"\\ud800\"", "null", "18446744073709551615", "-9223372036854775808"}) {
    EXPECT_EQ(payload(exact), exact);
  }
}

TEST(InvokeAnswer, ThatIsNoJsonBecomesAString) {
  EXPECT_EQ(payload("Hello"), "\"Hello\"");
  EXPECT_EQ(payload("<html>\n\"x\"</html>"), R"("<html>\n\"x\"</html>")");
  EXPECT_EQ(payload("{\"a\":}"), R"("{\"a\":}")");
  EXPECT_EQ(payload("a\0b"s), "\"a\\u0000b\"");
  EXPECT_EQ(payload(" "), "\" \"");
  EXPECT_EQ(payload("\xC3\xA9"), "\"\xC3\xA9\"");
  // Brackets without end are no JSON, and no danger.
  EXPECT_EQ(payload(std::string(100'000, '[')).size(), 100'002U);
}

TEST(InvokeAnswer, BehindAByteOrderMarkIsReadAsJson) {
  const std::string mark = "\xEF\xBB\xBF";
  EXPECT_EQ(payload(mark + R"({"a":1.10})"), R"({"a":1.10})");
  EXPECT_EQ(payload(mark + "\"text\""), "\"text\"");
  // What is no JSON is the function's text, as it came.
  EXPECT_EQ(payload(mark + "plain"), "\"" + mark + "plain\"");
  EXPECT_EQ(payload(mark + mark + "{}"), "\"" + mark + mark + "{}\"");
  const auto failed = read(mark + R"({"errorType":"Error","errorMessage":"no"})",
                           {{"X-Amz-Function-Error", "Unhandled"}});
  ASSERT_TRUE(failed && failed->function_error);
  EXPECT_EQ(failed->function_error->type, "Error");
  // Deeper than the engine takes is refused behind a mark too.
  EXPECT_NE(payload(mark + std::string(600, '[') + std::string(600, ']')).find("would not take"),
            std::string::npos);
}

TEST(InvokeAnswer, ThatIsNoTextBecomesBase64) {
  const std::string bytes = "\x89PNG\r\n\xFF\x00"s;
  const auto made = read(bytes);
  ASSERT_TRUE(made);
  EXPECT_EQ(field(made->variables, "payload"), json::quote(base64_encode(bytes)));
  EXPECT_EQ(field(made->variables, "payloadEncoding"), "\"base64\"");
  // JSON but for one byte inside a string.
  EXPECT_EQ(field(read("{\"a\":\"\xFF\"}")->variables, "payloadEncoding"), "\"base64\"");
}

TEST(InvokeAnswer, ThatTheEngineWouldNotTakeIsRefused) {
  const auto deep = read(std::string(2000, '[') + std::string(2000, ']'));
  ASSERT_FALSE(deep);
  EXPECT_EQ(deep.error().code, error_code::response_refused);
  EXPECT_EQ(deep.error().failure, failure_class::permanent);
  EXPECT_NE(deep.error().message.find("nested too deep at byte 500 of 4000"), std::string::npos)
      << deep.error().message;
  const auto wide = read(R"({"id":18446744073709551616})");
  ASSERT_FALSE(wide);
  EXPECT_EQ(wide.error().code, error_code::response_refused);
  EXPECT_NE(wide.error().message.find("an integer above 2^64-1 at byte 6 of 27"), std::string::npos)
      << wide.error().message;
  EXPECT_FALSE(read("-9223372036854775809"));
}

TEST(InvokeAnswer, TellsThatTheFunctionFailed) {
  const auto made =
      read(R"({"errorMessage":"boom","errorType":"ValueError","stackTrace":["a","b"]})",
           {{"X-Amz-Function-Error", "Unhandled"}, {"x-amzn-RequestId", "id-1"}});
  ASSERT_TRUE(made && made->function_error);
  EXPECT_EQ(made->function_error->json(),
            R"({"code":"FUNCTION_ERROR","type":"ValueError","message":"boom",)"
            R"("stackTrace":["a","b"],"requestId":"id-1","functionName":"orders"})");
  EXPECT_EQ(field(made->details, "functionError"), "\"Unhandled\"");
  EXPECT_EQ(field(made->variables, "payload"),
            R"({"errorMessage":"boom","errorType":"ValueError","stackTrace":["a","b"]})");
}

TEST(InvokeAnswer, TakesTheNumbersOfTheReport) {
  const std::string log =
      "REPORT RequestId: old\tDuration: 1.00 ms\tBilled Duration: 1 ms\t\n"
      "START RequestId: 1\nREPORT RequestId: 1\tDuration: 12.34 ms\tBilled Duration: 13 "
      "ms\tMemory Size: 128 MB\tMax Memory Used: 39 MB\t\n";
  const auto made = read("1", {{"X-Amz-Log-Result", base64_encode(log)}});
  EXPECT_EQ(field(made->details, "durationMs"), "12.34");
  EXPECT_EQ(field(made->details, "billedDurationMs"), "13");
}

TEST(InvokeAnswer, TakesNothingFromAForgedReport) {
  for (const std::string line :
       {"REPORT RequestId: 1\tDuration: 1.2.3 ms", "REPORT RequestId: 1\tDuration: 1",
        "REPORT RequestId: 1\tDuration: \"x\" ms", "REPORT RequestId: 1\tDuration: 007 ms",
        "REPORT RequestId: 1\tDuration:  ms", "REPORT RequestId: 1"}) {
    const auto made = read("1", {{"X-Amz-Log-Result", base64_encode(line)}});
    EXPECT_EQ(field(made->details, "durationMs"), "(none)") << line;
  }
}

TEST(InvokeAnswer, SurvivesABrokenLog) {
  EXPECT_EQ(field(read("1", {{"X-Amz-Log-Result", "no base64"}})->variables, "log"), "null");
  EXPECT_EQ(field(read("1", {{"X-Amz-Log-Result", base64_encode("\x82\xAC x")}})->variables, "log"),
            "\"\xEF\xBF\xBD\xEF\xBF\xBD x\"");
  EXPECT_EQ(field(read("1", {{"X-Amz-Log-Result", ""}})->variables, "log"), "\"\"");
}

TEST(InvokeAnswer, NamesTheDurableExecution) {
  EXPECT_EQ(
      field(read("1", {{"X-Amz-Durable-Execution-Arn", "arn:x"}})->details, "durableExecutionArn"),
      "\"arn:x\"");
}

TEST(InvokeAnswer, IsJsonWhateverTheHeadersHold) {
  const auto made = read("1", {{"X-Amz-Executed-Version", "a\"\xFF"},
                               {"X-Amz-Function-Error", "\x01"},
                               {"x-amzn-RequestId", "\"\n"}});
  ASSERT_TRUE(made);
  for (const auto& variable : made->variables) EXPECT_TRUE(json::is_json(variable.value));
  for (const auto& detail : made->details) EXPECT_TRUE(json::is_json(detail.value));
}

}  // namespace
}  // namespace connector::lambda
