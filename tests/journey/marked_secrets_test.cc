// A run with marked secrets in every place that takes one, then a search for the marks in all that
// the worker says: its log, messages of failed jobs and incidents, variables, metrics. Only the
// function itself may see them, and its answer may hold what it was given.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "connector/base/base64.h"
#include "connector/base/json.h"
#include "connector/base/percent.h"
#include "tests/faults/shipped.h"
#include "tests/unit/worker/temporary_folder.h"

namespace journey {
namespace {

using faults::shipped;
using testing::HasSubstr;
using testing::IsEmpty;

// Values with what needs escaping in JSON, URLs and headers; each is found by its word alone, too.
const std::map<std::string, std::string>& secrets() {
  static const std::map<std::string, std::string> all = {
      {"PAYLOAD", R"(mark-payload-"quo\te"/+=&)"},
      {"CONTEXT", "mark-context +/="},
      {"FUNCTION", "mark-function"},
      {"HEADER", "mark-header"},
      {"QUALIFIER", "mark qualifier"},
      {"KEY_ID", "AKIDMARKKEYID"},
      {"KEY", "mark-secret-key/+0123456789"},
      {"TOKEN", "mark-session-token=="},
      {"FILE", "mark-from-a-file"},
      {"REGION", "mark-region-1"},
  };
  return all;
}

std::string escaped(const std::string& text) {
  const auto quoted = connector::json::quote(text);
  return quoted.substr(1, quoted.size() - 2);
}

// The secrets that can be seen in a text, in any of their forms.
std::vector<std::string> seen_in(const std::string& text,
                                 const std::map<std::string, std::string>& values) {
  std::vector<std::string> out;
  for (const auto& [name, value] : values) {
    for (const auto& form : {value, escaped(value), connector::base64_encode(value),
                             connector::percent_encode(value)}) {
      if (text.find(form) == std::string::npos) continue;
      out.push_back(name);
      break;
    }
  }
  return out;
}

std::vector<job_spec> tasks() {
  const std::string named =
      R"("secrets":"PAYLOAD,CONTEXT,FUNCTION,HEADER,QUALIFIER,FILE,REGION,)"
      R"(authentication.accessKeyId:KEY_ID,authentication.secretAccessKey:KEY,)"
      R"(authentication.sessionToken:TOKEN","retryBackoff":"PT0S")";
  const std::string payload = R"({"text":"{{secrets.PAYLOAD}}","file":"secrets.FILE"})";
  const auto with = [&](const std::string& fields, const std::string& headers = "") {
    job_spec spec;
    spec.variables = R"({"lambda":{)" + fields + "}}";
    spec.headers = "{" + named + (headers.empty() ? "" : "," + headers) + "}";
    spec.retries = 1;
    return spec;
  };
  const std::string leaky = R"("functionName":"leaky","payload":)" + payload;
  const std::string elsewhere = R"(,"region":"{{secrets.REGION}}")";
  const std::string keys = R"("authentication":{"type":"static",)"
                           R"("accessKeyId":"{{secrets.KEY_ID}}","secretAccessKey":"secrets.KEY",)"
                           R"("sessionToken":"{{secrets.TOKEN}}"})";
  return {
      with(leaky),
      with(leaky, R"("onFunctionError":"fail")"),
      with(leaky, R"("onFunctionError":"bpmnError")"),
      with(leaky, R"("maskPayload":"true")"),
      with(leaky, R"x("errorExpression":"=jobError(payload.errorMessage)")x"),
      with(leaky + elsewhere, R"("onFunctionError":"fail")"),
      with(leaky + elsewhere, R"("onFunctionError":"bpmnError")"),
      with(leaky + elsewhere, R"("resultExpression":"=1")"),
      with(R"("functionName":"missing")" + elsewhere),
      with(leaky + R"(,"clientContext":{"custom":{"c":"{{secrets.CONTEXT}}"}})"),
      with(R"("functionName":"{{secrets.FUNCTION}}","payload":1)"),
      with(R"("functionName":"{{secrets.FUNCTION}}","payload":1)", R"("onError":"complete")"),
      with(R"("functionName":"echo","qualifier":"{{secrets.QUALIFIER}}")"),
      with(R"("functionName":"echo","region":"{{secrets.QUALIFIER}}")"),
      with(R"("functionName":"echo","url":"https://{{secrets.FUNCTION}}.example/")"),
      with(R"("functionName":"echo","payload":1,)" + keys),
      with(R"("payload":1)", R"("functionName":"{{secrets.HEADER}}")"),
      with(R"("functionName":"echo","payload":"{{secrets.MISSING}}")"),
      with(R"("functionName":"echo","nonsense":"{{secrets.PAYLOAD}}")"),
      with(R"("functionName":"wire-reset","payload":)" + payload),
  };
}

TEST(MarkedSecrets, AreSeenByTheFunctionAlone) {
  // given
  const tests::temporary_folder folder;
  folder.write("FILE", secrets().at("FILE"));
  test_environment_options options;
  options.start_worker = false;
  test_environment env(options);
  env.lambda().register_function("leaky", [](const sandbox::invocation& in) {
    auto out = sandbox::function_failure("Leak", "got " + in.payload);
    out.log = "got " + in.payload + " and " + std::string(5000, 'x') + in.payload;
    return out;
  });
  environment_variables variables = {{"LOG_LEVEL", "debug"},
                                     {"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "127.0.0.1:0"},
                                     {"SECRETS_DIR", folder.path()}};
  for (const auto& [name, value] : secrets()) {
    if (name != "FILE") variables["SECRET_" + name] = value;
  }
  shipped worker(env, variables);

  // when
  std::string said;
  for (const auto& spec : tasks()) {
    const auto job = env.run(spec);
    said += job.fail_message + '\n' + job.incident_message + '\n' + job.error_message + '\n' +
            job.error_variables + '\n' + job.fail_variables + '\n';
    for (const auto* const name : {"error", "log", "executedVersion", "statusCode"}) {
      said += job.process_variable(name).value_or("") + '\n';
    }
    EXPECT_NE(job.state, job_state::activatable);
  }
  said += worker.body_of("/metrics");
  EXPECT_THAT(said, HasSubstr("***"));  // there was something to hide
  EXPECT_THAT(said, HasSubstr("lambda_connector_"));
  EXPECT_THAT(worker.log(), HasSubstr("job failed"));

  // then
  auto marks = secrets();
  const auto usual = env.variables();
  for (const auto* const name : {"AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"}) {
    if (usual.contains(name) && !usual.at(name).empty()) marks[name] = usual.at(name);
  }
  EXPECT_THAT(seen_in(said, marks), IsEmpty()) << said;
  EXPECT_THAT(seen_in(worker.log(), marks), IsEmpty()) << worker.log();
  EXPECT_EQ(worker.process().end(patience), 0);
  // The function did get them.
  const auto calls = env.lambda().account().invocations();
  EXPECT_TRUE(std::any_of(calls.begin(), calls.end(), [](const auto& call) {
    return call.request.payload.find(escaped(secrets().at("PAYLOAD"))) != std::string::npos &&
           call.request.payload.find(secrets().at("FILE")) != std::string::npos;
  }));
}

}  // namespace
}  // namespace journey
