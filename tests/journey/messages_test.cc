// The messages of failed jobs, word for word, as a person in Operate reads them. The test runs each
// kind of failure and compares its message with messages.txt. After an intended change run the test
// with UPDATE_MESSAGES=1 in the environment, and read the difference as that person would.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <regex>
#include <sstream>
#include <string>
#include <vector>

#include "tests/journey/test_environment.h"

namespace journey {
namespace {

const std::string golden = std::string(LC_JOURNEY_FOLDER) + "/messages.txt";

struct failing {
  std::string name;
  job_spec spec;
};

job_spec inputs(const std::string& lambda, const std::string& headers = "{}") {
  job_spec spec;
  spec.variables = R"({"lambda":)" + lambda + "}";
  spec.headers = headers;
  return spec;
}

job_spec variables(const std::string& text, const std::string& headers = "{}") {
  job_spec spec;
  spec.variables = text;
  spec.headers = headers;
  return spec;
}

job_spec called_as(const std::string& authentication) {
  return inputs(R"({"functionName":"echo","authentication":)" + authentication + "}");
}

std::string times(char c, std::size_t count) { return std::string(count, c); }

std::vector<failing> all_failures() {
  const std::string deep = times('[', 600) + times(']', 600);
  return {
      {"no function", inputs("{}")},
      {"misspelt input", inputs(R"({"functionNam":"echo"})")},
      {"lambda is no object", variables(R"({"lambda":"echo"})")},
      {"two sources of inputs", variables(R"({"lambda":{},"functionName":"echo"})")},
      {"function name with a path", inputs(R"({"functionName":"../echo"})")},
      {"qualifier twice", inputs(R"({"functionName":"echo:A","qualifier":"B"})")},
      {"region that cannot be one", inputs(R"({"functionName":"echo","region":"evil.com/"})")},
      {"invocation type", inputs(R"({"functionName":"echo","invocationType":"Later"})")},
      {"timeout", inputs(R"({"functionName":"echo","timeout":"5 minutes"})")},
      {"timeout too long", inputs(R"({"functionName":"echo","timeout":"PT2H"})")},
      {"text that is to be JSON",
       inputs(R"({"functionName":"echo","payloadFormat":"json","payload":"plain"})")},
      {"payload of Event too large",
       inputs(R"({"functionName":"echo","invocationType":"Event","payload":")" +
              times('x', 1'100'000) + "\"}")},
      {"authentication type", called_as(R"({"type":"magic"})")},
      {"half a key pair", called_as(R"({"type":"static","accessKeyId":"AKIA"})")},
      {"profile not allowed", called_as(R"({"type":"profile","name":"billing"})")},
      {"role not allowed",
       called_as(R"({"type":"assumeRole","roleArn":"arn:aws:iam::123456789012:role/r"})")},
      {"no authentication", called_as(R"({"type":"none"})")},
      {"endpoint not allowed", inputs(R"({"functionName":"echo","endpoint":"https://host"})")},
      {"function URL not allowed",
       inputs(R"({"functionName":"https://abc.lambda-url.us-east-1.on.aws/"})")},
      {"header with an unknown value", call_of("echo", "{}", R"({"onFunctionError":"ignore"})")},
      {"back-off", call_of("echo", "{}", R"({"retryBackoff":"soon"})")},
      {"job timeout", call_of("echo", "{}", R"({"jobTimeout":"-PT1S"})")},
      {"result expression", call_of("echo", "{}", R"({"resultExpression":"={a: 1\nb: 2}"})")},
      {"result expression that gives a list",
       call_of("echo", "[1]", R"({"resultExpression":"=payload"})")},
      {"error expression that fails", call_of("missing", "{}", R"({"errorExpression":"=[1]"})")},
      {"error expression that fails on a success",
       call_of("echo", "{}", R"x({"errorExpression":"=bpmnError(error.code, error.message)"})x")},
      {"secret that no source has",
       call_of("echo", R"("{{secrets.NONE}}")", R"({"secrets":"NONE"})")},
      {"secret in data", call_of("echo", R"("{{secrets.NONE}}")")},
      {"secret in a steering header",
       call_of("echo", "{}", R"({"resultVariable":"{{secrets.NONE}}"})")},
      {"unknown function", call_of("missing")},
      {"forbidden", call_of("error-status", R"({"status":403,"type":"AccessDeniedException",)"
                                            R"("message":"User is not authorized"})")},
      {"throttled", call_of("throttle-always")},
      {"function error", call_of("fail", R"({"type":"OrderError","message":"no such order"})",
                                 R"({"onFunctionError":"fail"})")},
      {"function timed out", call_of("timed-out", "{}", R"({"onFunctionError":"fail"})")},
      {"service error", call_of("service-exception")},
      {"HTML from a proxy", call_of("html-503")},
      {"connection closed", call_of("wire-close")},
      {"half an answer", call_of("wire-half-body")},
      {"no HTTP", call_of("wire-garbage")},
      {"headers without end", call_of("wire-endless-headers")},
      {"no answer in time", inputs(R"({"functionName":"wire-hang","timeout":"PT1S"})")},
      {"answer too large for the engine", call_of("big", R"({"bytes":3000000})")},
      {"answer too deep", call_of("nested", R"({"depth":600})")},
      {"payload too deep", call_of("echo", deep)},
  };
}

// Ports, keys and request ids differ from run to run.
std::string steady(std::string text) {
  static const std::vector<std::pair<std::regex, std::string>> varying = {
      {std::regex("[Rr]equest id [0-9a-f-]{8,}"), "request id ID"},
      {std::regex("RequestId: [0-9a-f-]{8,}"), "RequestId: ID"},
      {std::regex(":[0-9]{4,5}\\b"), ":PORT"},
      {std::regex("[0-9]+ ms"), "N ms"},
  };
  for (const auto& [varies, with] : varying) text = std::regex_replace(text, varies, with);
  return text;
}

std::map<std::string, std::string> read_golden() {
  std::map<std::string, std::string> out;
  std::ifstream in(golden);
  std::string name;
  for (std::string line; std::getline(in, line);) {
    if (line.starts_with("# ")) name = line.substr(2);
    if (!line.empty() && line[0] != '#') out[name] = line;
  }
  return out;
}

TEST(JourneyMessages, AreWordForWordWhatIsWrittenDown) {
  test_environment env;
  const auto expected = read_golden();
  std::ostringstream written;
  std::size_t met = 0;
  for (auto& [name, spec] : all_failures()) {
    SCOPED_TRACE(name);
    spec.retries = 1;
    const auto job = env.run(spec);
    ASSERT_EQ(job.state, job_state::incident);
    EXPECT_LE(job.incident_message.size(), 6000U);
    const auto message = steady(job.incident_message);
    written << "# " << name << '\n' << message << "\n\n";
    const auto known = expected.find(name);
    met += known == expected.end() ? 0 : 1;
    if (std::getenv("UPDATE_MESSAGES") == nullptr) {
      EXPECT_EQ(message, known == expected.end() ? "(not written down)" : known->second);
    }
  }
  if (std::getenv("UPDATE_MESSAGES") != nullptr) {
    std::ofstream(golden) << written.str();
  } else {
    EXPECT_EQ(met, expected.size()) << "messages.txt has failures that nothing runs";
  }
}

// The modeller's task has no such header.
TEST(JourneyMessages, AnInputOfADefaultHeaderIsTheOperatorsToCorrect) {
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_DEFAULT_HEADERS", "authentication.type=static"}};
  test_environment env(options);
  const auto job = env.run(call_of("echo"));
  EXPECT_EQ(job.state, job_state::incident);
  EXPECT_THAT(job.fail_message,
              testing::AllOf(
                  testing::StartsWith("MISSING_INPUT: "), testing::HasSubstr("authentication."),
                  testing::HasSubstr("authentication.type is a default header of this worker: its "
                                     "operator must correct LAMBDA_CONNECTOR_DEFAULT_HEADERS.")));
}

}  // namespace
}  // namespace journey
