#include "worker/jobs/task.h"

#include <gtest/gtest.h>

#include <algorithm>

namespace worker::jobs {
namespace {

const connector::operation_spec& invoke() {
  return connector::spec_of(connector::operation_id::invoke);
}

engine::job job_with(std::string variables, std::string headers = "{}") {
  engine::job job;
  job.key = (std::int64_t{1} << 51) + 7;
  job.variables = std::move(variables);
  job.headers = std::move(headers);
  job.retries = 3;
  return job;
}

// The inputs of a call as "name=value" in order; "!" and the message when the task is impossible.
std::vector<std::string> inputs_of(std::string variables, std::string headers = "{}",
                                   const std::map<std::string, std::string>& defaults = {},
                                   const connector::operation_spec& operation = invoke()) {
  auto job = job_with(std::move(variables), std::move(headers));
  auto read = read_task(job, operation, defaults);
  if (read.error) return {"!" + read.error->message};
  const auto call = make_call(std::move(read.values), read.headers, job, operation);
  std::vector<std::string> out;
  for (const auto& input : call.inputs) out.push_back(input.name + "=" + input.value);
  std::sort(out.begin(), out.end());
  return out;
}

using list = std::vector<std::string>;

TEST(Task, FieldsOfTheObjectBecomeInputs) {
  EXPECT_EQ(inputs_of(R"({"lambda":{"functionName":"echo","payload":{"a": 1.10}},"region":"x"})"),
            (list{R"(functionName="echo")", R"(payload={"a": 1.10})"}));
}

TEST(Task, BareVariablesAreOnlyNameAndPayload) {
  EXPECT_EQ(inputs_of(R"({"functionName":"echo","payload":[1],"region":"x","timeout":"PT1S"})"),
            (list{R"(functionName="echo")", "payload=[1]"}));
  EXPECT_EQ(inputs_of(R"({"function":"echo"})"), (list{R"(functionName="echo")"}));
}

TEST(Task, BothFormsWithoutTheHeaderAreRefusedNamingIt) {
  const auto found = inputs_of(R"({"lambda":{"functionName":"a"},"functionName":"b"})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("inputs=lambda or inputs=short"), std::string::npos) << found[0];
}

TEST(Task, HeaderInputsNamesTheOneSource) {
  const std::string both = R"({"lambda":{"functionName":"a"},"functionName":"b","payload":1})";
  EXPECT_EQ(inputs_of(both, R"({"inputs":"lambda"})"), (list{R"(functionName="a")"}));
  EXPECT_EQ(inputs_of(both, R"({"inputs":"short"})"), (list{R"(functionName="b")", "payload=1"}));
  EXPECT_EQ(inputs_of(both, "{}", {{"inputs", "short"}}),
            (list{R"(functionName="b")", "payload=1"}));
}

TEST(Task, HeaderWinsOverVariable) {
  EXPECT_EQ(inputs_of(R"({"lambda":{"functionName":"a","payload":1}})",
                      R"({"functionName":"b","region":"eu-west-1"})"),
            (list{R"(functionName="b")", "payload=1", R"(region="eu-west-1")"}));
}

TEST(Task, WithTheNameInAHeaderOnlyThePayloadIsReadFromVariables) {
  EXPECT_EQ(inputs_of(R"({"functionName":"x","payload":2})", R"({"functionName":"b"})"),
            (list{R"(functionName="b")", "payload=2"}));
  EXPECT_EQ(inputs_of(R"({"functionName":"x"})", R"({"function":"b"})"),
            (list{R"(functionName="b")"}));
}

TEST(Task, LongNameOfAnUnknownFieldIsCutBetweenCharacters) {
  const auto found =
      inputs_of(R"({"lambda":{"functionName":"a",")" + std::string(99, 'x') + "\xc3\xa9\":1}}");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find(std::string(99, 'x') + "'"), std::string::npos) << found[0];
}

TEST(Task, VeryManyFieldsAreRefused) {
  std::string many = R"({"lambda":{)";
  for (int i = 0; i < 100'001; ++i) many += R"("":0,)";
  many.back() = '}';
  const auto found = inputs_of(many + "}");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("'lambda' cannot be read: too many members"), std::string::npos);
}

TEST(Task, UnknownFieldIsRefusedWithTheNearestName) {
  const auto found = inputs_of(R"({"lambda":{"functionName":"a","payLoad":1}})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("unknown field 'payLoad'"), std::string::npos) << found[0];
  EXPECT_NE(found[0].find("Did you mean 'payload'?"), std::string::npos) << found[0];
}

TEST(Task, NullAndEmptyCountAsAbsentButANullPayloadIsSent) {
  EXPECT_EQ(inputs_of(R"({"lambda":{"functionName":"a","region":null,"qualifier":"",
                          "payload":null}})"),
            (list{R"(functionName="a")", "payload=null"}));
  EXPECT_EQ(inputs_of(R"({"functionName":"a","payload":""})"), (list{R"(functionName="a")"}));
}

TEST(Task, LambdaThatIsNoObjectIsRefused) {
  const auto found = inputs_of(R"({"lambda":"echo"})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("must be an object"), std::string::npos);
  EXPECT_NE(found[0].find("a string"), std::string::npos);
}

TEST(Task, BrokenDocumentsAreRefusedAndNeverCrash) {
  EXPECT_EQ(inputs_of("{bad").at(0).substr(0, 1), "!");
  EXPECT_EQ(inputs_of("[1]").at(0).substr(0, 1), "!");
  EXPECT_EQ(inputs_of("{}", "{bad").at(0).substr(0, 1), "!");
  EXPECT_EQ(inputs_of("{}", R"({"a":1})").at(0).substr(0, 1), "!");
  const std::string deep = R"({"lambda":{"payload":)" + std::string(100'000, '[');
  EXPECT_NE(inputs_of(deep).at(0).find("nested too deep"), std::string::npos);
}

TEST(Task, EmptyDocumentsAreEmptyObjects) { EXPECT_EQ(inputs_of("", ""), list{}); }

TEST(Task, ObjectInAHeaderIsItsJsonText) {
  EXPECT_EQ(inputs_of(R"({})", R"({"functionName":"a","clientContext":"{\"custom\":{}}"})"),
            (list{R"(clientContext={"custom":{}})", R"(functionName="a")"}));
}

TEST(Task, DottedHeadersAreInputsOfTheirOwn) {
  EXPECT_EQ(inputs_of(R"({"lambda":{"functionName":"f","authentication":{"type":"static"}}})",
                      R"({"authentication.secretAccessKey":"s","clientContext.custom.a":"1",)"
                      R"("acme.team":"x","payload.a":"x","authentication.sessionToken":""})"),
            (list{R"(authentication.secretAccessKey="s")", R"(authentication={"type":"static"})",
                  R"(clientContext.custom.a="1")", R"(functionName="f")"}));
}

TEST(Task, VariablesHaveNoDottedNames) {
  const auto found = inputs_of(R"({"lambda":{"functionName":"f","authentication.type":"none"}})");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_NE(found[0].find("unknown field 'authentication.type'"), std::string::npos) << found[0];
}

TEST(Task, FieldThatIsThereTwiceIsRefused) {
  for (const auto* variables : {R"({"lambda":{"functionName":"f","functionName":"g"}})",
                                R"({"lambda":{"functionName":"f","\u0066unctionName":"g"}})",
                                R"({"lambda":{"functionName":"f","functionName":null}})"}) {
    const auto found = inputs_of(variables);
    ASSERT_EQ(found.size(), 1U);
    EXPECT_NE(found[0].find("'functionName' twice"), std::string::npos) << found[0];
  }
}

TEST(Task, AttemptThatIsNotAnIntegerCountsAsZero) {
  for (const std::string& number : {std::string("0.00000000001e-2147483639"), std::string(400, '9'),
                                    std::string("1.5"), std::string("-3"), std::string("\"x\"")}) {
    auto job = job_with(R"({"lambda":{"functionName":"f"},"lambdaAttempt":)" + number + "}");
    EXPECT_EQ(read_task(job, invoke(), {}).attempt, 0) << number;
  }
}

TEST(Task, AttemptAndMarkerAreReadFromTheirVariables) {
  auto job = job_with(R"({"functionName":"a","lambdaAttempt":4,
                          "lambdaCall":{"jobKey":"2251799813685255","time":"x"}})");
  ASSERT_EQ(job.key, 2251799813685255);
  const auto read = read_task(job, invoke(), {});
  EXPECT_EQ(read.attempt, 4);
  EXPECT_TRUE(read.at_most_once_marker);
}

TEST(Task, MarkerOfAnotherJobDoesNotCount) {
  auto job = job_with(R"({"lambdaCall":{"jobKey":"1"},"lambdaAttempt":"many"})");
  const auto read = read_task(job, invoke(), {});
  EXPECT_FALSE(read.at_most_once_marker);
  EXPECT_EQ(read.attempt, 0);
}

TEST(Task, ModelsHeadersWinOverTheWorkersDefaults) {
  auto job = job_with("{}", R"({"onError":"fail"})");
  const auto read = read_task(job, invoke(), {{"onError", "complete"}, {"atMostOnce", "true"}});
  EXPECT_FALSE(read.headers.complete_on_error);
  EXPECT_TRUE(read.headers.at_most_once);
}

const auto& listing = connector::spec_of(connector::operation_id::list_functions);
const auto& getting = connector::spec_of(connector::operation_id::get_function);

TEST(Task, ListOperationHasNoBareVariables) {
  EXPECT_EQ(inputs_of(R"({"functionName":"a","payload":1,"marker":"x"})", "{}", {}, listing),
            list{});
  EXPECT_EQ(inputs_of(R"({"functionName":"a","lambda":{"all":true,"fields":["runtime"]}})", "{}",
                      {}, listing),
            (list{"all=true", R"(fields=["runtime"])"}));
}

TEST(Task, ListOperationTakesItsInputsFromHeaders) {
  EXPECT_EQ(
      inputs_of("{}", R"({"all":"true","maxItems":"7","fields":"runtime,version"})", {}, listing),
      (list{"all=true", R"(fields="runtime,version")", "maxItems=7"}));
}

TEST(Task, FunctionOperationTakesItsNameAlone) {
  EXPECT_EQ(inputs_of(R"({"functionName":"a","payload":1})", "{}", {}, getting),
            (list{R"(functionName="a")"}));
}

TEST(Task, FetchesOnlyWhatItsOperationReads) {
  EXPECT_EQ(fetched_variables(connector::spec_of(connector::operation_id::list_functions), {}),
            (list{"lambda", "lambdaAttempt", "lambdaCall"}));
  EXPECT_EQ(fetched_variables(connector::spec_of(connector::operation_id::get_function), {}),
            (list{"lambda", "functionName", "function", "lambdaAttempt", "lambdaCall"}));
  EXPECT_EQ(fetched_variables(connector::spec_of(connector::operation_id::invoke), {}),
            (list{"lambda", "functionName", "function", "payload", "lambdaAttempt", "lambdaCall",
                  "lambdaExecution"}));
}

TEST(Task, HeadersAreReadEvenWhenTheInputsAreWrong) {
  auto job = job_with(R"({"lambda":{"nonsense":1}})", R"({"onError":"complete"})");
  const auto read = read_task(job, invoke(), {});
  EXPECT_TRUE(read.error.has_value());
  EXPECT_TRUE(read.headers.complete_on_error);
}

TEST(Task, WrongDefaultHeaderIsForTheOperatorToCorrect) {
  engine::job job;
  const auto of_worker = read_task(job, invoke(), {{"onError", "crash"}});
  ASSERT_TRUE(of_worker.error);
  EXPECT_NE(of_worker.error->message.find("LAMBDA_CONNECTOR_DEFAULT_HEADERS"), std::string::npos);
  job.headers = R"({"onError":"crash"})";
  const auto of_model = read_task(job, invoke(), {{"onError", "fail"}});
  ASSERT_TRUE(of_model.error);
  EXPECT_NE(of_model.error->message.find("Correct it in the model."), std::string::npos);
}

}  // namespace
}  // namespace worker::jobs
