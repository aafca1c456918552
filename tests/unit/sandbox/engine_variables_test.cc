#include "tests/unit/sandbox/engine_client.h"

namespace sandbox::engine {
namespace {

using grpc::StatusCode;

job_account completed(const job_spec& spec, const std::string& result) {
  engine e(frozen());
  client c(e);
  const auto key = e.create(spec);
  c.take();
  EXPECT_TRUE(c.complete(key, result).ok());
  return *e.account(key);
}

TEST(EngineVariables, AResultGoesToTheProcessByteForByte) {
  job_spec spec;
  spec.process_variables = R"({"order":1,"payload":"old"})";
  spec.variables = R"({"lambda":{"payload":1}})";
  const auto a = completed(spec, R"({ "payload" : {"n":12345678901234567890, "d":1.10} ,"x":1})");
  EXPECT_EQ(a.process_variable("payload"), R"({"n":12345678901234567890, "d":1.10})");
  EXPECT_EQ(a.process_variable("x"), "1");
  EXPECT_EQ(a.process_variable("order"), "1");
  EXPECT_FALSE(a.process_variable("lambda"));
}

TEST(EngineVariables, AResultStaysInTheTaskWhereALocalVariableHasItsName) {
  job_spec spec;
  spec.variables = R"({"functionName":"f","payload":"in"})";
  const auto a = completed(spec, R"({"payload":"out","statusCode":200})");
  EXPECT_FALSE(a.process_variable("payload"));
  EXPECT_EQ(a.local_variable("payload"), "\"out\"");
  EXPECT_EQ(a.process_variable("statusCode"), "200");
}

TEST(EngineVariables, OutputMappingsAloneDecideWhatLeavesTheTask) {
  job_spec spec;
  spec.variables = R"({"payload":"in"})";
  spec.process_variables = R"({"p":1})";
  spec.output_mappings = {{"payload", "answer"}, {"p", "q"}, {"nothing", "n"}};
  const auto a = completed(spec, R"({"payload":"out","statusCode":200})");
  EXPECT_EQ(a.process_variable("answer"), "\"out\"");
  EXPECT_EQ(a.process_variable("q"), "1");
  EXPECT_EQ(a.process_variable("n"), "null");
  EXPECT_FALSE(a.process_variable("statusCode"));
  EXPECT_FALSE(a.process_variable("payload"));
}

TEST(EngineVariables, OfFailJobAndLocalOnesSurviveTheLease) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.variables = R"({"a":1})";
  const auto key = e.create(spec);
  const auto task = c.take().elementinstancekey();
  EXPECT_TRUE(c.set_variables(task, R"({"lambdaCall":{"k":1}})", true).ok());
  EXPECT_TRUE(c.fail(key, 2, 0ms, "", R"({"lambdaAttempt":1,"a":2})").ok());
  const std::string both = R"({"lambdaCall":{"k":1},"lambdaAttempt":1,"a":2})";
  EXPECT_EQ(c.take().variables(), both);
  e.advance(60s);
  EXPECT_TRUE(c.set_variables(task, R"({"a":3})", true).ok());
  EXPECT_EQ(c.take().variables(), R"({"lambdaCall":{"k":1},"lambdaAttempt":1,"a":3})");
  EXPECT_TRUE(e.cancel(key));
  EXPECT_EQ(c.set_variables(task, "{}", true).error_code(), StatusCode::NOT_FOUND);
}

TEST(EngineVariables, NotLocalTheyGoUpUnlessTheTaskHasTheName) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.variables = R"({"a":1})";
  const auto key = e.create(spec);
  const auto job = c.take();
  EXPECT_TRUE(c.set_variables(job.elementinstancekey(), R"({"a":2,"b":3})", false).ok());
  EXPECT_TRUE(c.set_variables(job.processinstancekey(), R"({"c":4})", true).ok());
  const auto account = *e.account(key);
  EXPECT_EQ(account.local_variables, (std::vector<variable>{{"a", "2"}}));
  EXPECT_EQ(account.process_variables, (std::vector<variable>{{"b", "3"}, {"c", "4"}}));
}

struct json_case {
  const char* name;
  std::string text;
  bool taken;
};

class EngineJson : public testing::TestWithParam<json_case> {};

TEST_P(EngineJson, IsTakenOrRefusedAsByARealEngine) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  const auto status = c.complete(key, GetParam().text);
  if (GetParam().taken) {
    EXPECT_TRUE(status.ok()) << status.error_message();
    EXPECT_EQ(e.account(key)->completion_variables, GetParam().text);
  } else {
    EXPECT_EQ(status.error_code(), StatusCode::INVALID_ARGUMENT);
    EXPECT_EQ(e.account(key)->state, job_state::activated);
    EXPECT_EQ(e.account(key)->completions_refused, 1U);
  }
}

INSTANTIATE_TEST_SUITE_P(
    Corners, EngineJson,
    testing::Values(json_case{"Empty", "", true}, json_case{"Blank", " ", true},
                    json_case{"Null", "null", true},
                    json_case{"TrailingGarbage", R"({"a":1} x)", true},
                    json_case{"DuplicateKeys", R"({"a":1,"a":2})", true},
                    json_case{"HugeExponent", R"({"a":1e400})", true},
                    json_case{"LoneSurrogate", R"({"a":"\ud800"})", true},
                    json_case{"LargestUnsigned", R"({"a":18446744073709551615})", true},
                    json_case{"SmallestSigned", R"({"a":[-9223372036854775808]})", true},
                    json_case{"AboveUnsigned", R"({"a":[18446744073709551616]})", false},
                    json_case{"BelowSigned", R"({"a":-9223372036854775809})", false},
                    json_case{"NotANumber", R"({"a":NaN})", false},
                    json_case{"Open", "{bad", false}, json_case{"Cut", R"({"a":[1,2)", false},
                    json_case{"ControlCharacter", "{\"a\":\"\n\"}", false},
                    json_case{"BadEscape", R"({"a":"\x"})", false},
                    json_case{"Array", "[1]", false}, json_case{"Text", "\"a\"", false},
                    json_case{"Number", "1", false}),
    [](const auto& info) { return std::string(info.param.name); });

TEST(EngineJsonRoot, IsNamedWhenItIsNoObject) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  EXPECT_EQ(c.complete(key, "[1]").error_message(),
            "Expected document to be a root level object, but was 'ARRAY'");
  EXPECT_EQ(c.complete(key, "{bad").error_message().rfind("Invalid JSON value: ", 0), 0U);
}

std::string nested(std::size_t depth) {
  return "{\"a\":" + std::string(depth - 1, '[') + std::string(depth - 1, ']') + "}";
}

TEST(EngineNesting, IsRecordedWhenADocumentIsTooDeepForABroker) {
  engine e(frozen());
  client c(e);
  const auto keys = e.create_many({}, 2);
  ASSERT_EQ(c.poll().jobs.size(), 2U);
  EXPECT_TRUE(c.complete(keys[0], nested(500)).ok());
  EXPECT_EQ(e.deepest_document(), 500U);
  EXPECT_FALSE(e.deep_nesting_seen());
  EXPECT_TRUE(c.fail(keys[1], 1, 0ms, "", nested(501)).ok());
  EXPECT_TRUE(e.deep_nesting_seen());
}

std::string sized(std::size_t bytes) { return "{\"a\":\"" + std::string(bytes - 8, 'x') + "\"}"; }

TEST(EngineSizes, HalfTheMessageSizeIsTheLimitOfVariables) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  constexpr std::size_t half = std::size_t{2} << 20;
  for (const auto& status :
       {c.complete(key, sized(half + 1)), c.fail(key, 1, 0ms, "", sized(half + 1))}) {
    EXPECT_EQ(status.error_code(), StatusCode::UNKNOWN);
    EXPECT_NE(status.error_message().find("rejected with code 'EXCEEDED_BATCH_RECORD_SIZE': "),
              std::string::npos);
  }
  EXPECT_EQ(e.account(key)->state, job_state::activated);
  EXPECT_TRUE(c.complete(key, sized(half)).ok());
}

TEST(EngineSizes, NearTheMessageSizeARequestIsInvalidAndAboveItExhausting) {
  engine e(frozen());
  client c(e);
  const auto key = e.create({});
  c.take();
  constexpr std::size_t full = std::size_t{4} << 20;
  const auto near = c.complete(key, sized(full - 200));
  EXPECT_EQ(near.error_code(), StatusCode::INVALID_ARGUMENT);
  EXPECT_EQ(near.error_message(), "Request size is above configured maxMessageSize.");
  const auto above = c.complete(key, sized(full + 1));
  EXPECT_EQ(above.error_code(), StatusCode::RESOURCE_EXHAUSTED);
  EXPECT_EQ(above.error_message().rfind("gRPC message exceeds maximum size 4194304: ", 0), 0U);
  EXPECT_TRUE(c.fail(key, 1, 0ms, std::string(std::size_t{31} << 17, 'm')).ok());
}

TEST(EngineSizes, AJobTooLargeForAPollIsAnIncidentUnlessLessIsFetched) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.variables = "{\"small\":1,\"large\":" + sized(std::size_t{83} << 16) + "}";  // 5.2 MiB
  const auto keys = e.create_many(spec, 2);
  auto r = client::poll_request(1);
  r.add_fetchvariable("small");
  EXPECT_EQ(c.poll(r).jobs.size(), 1U);
  const auto got = c.poll();
  EXPECT_TRUE(got.status.ok());
  EXPECT_TRUE(got.messages.empty());
  EXPECT_EQ(e.account(keys[1])->incident_type, "MESSAGE_SIZE_EXCEEDED");
  EXPECT_TRUE(e.resolve(keys[1], 1));
  EXPECT_EQ(c.poll(r).jobs.size(), 1U);
}

TEST(EngineSizes, LargeJobsOfOnePollComeInSeveralMessages) {
  engine e(frozen());
  client c(e);
  job_spec spec;
  spec.variables = sized(std::size_t{3} << 19);  // 1.5 MiB
  e.create_many(spec, 6);
  const auto got = c.poll(10);
  EXPECT_EQ(got.jobs.size(), 6U);
  EXPECT_EQ(got.messages.size(), 3U);
}

TEST(EngineSizes, AStreamPushesAJobOfAnySize) {
  engine e(frozen());
  client c(e);
  stream_reader stream(e, c);
  job_spec spec;
  spec.variables = sized(std::size_t{9} << 19);  // 4.5 MiB
  e.create(spec);
  gw::ActivatedJob job;
  ASSERT_TRUE(stream.next(job));
  EXPECT_EQ(job.variables().size(), spec.variables.size());
}

}  // namespace
}  // namespace sandbox::engine
