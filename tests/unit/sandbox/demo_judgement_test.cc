// The judge of the demo: a job with a wrong end, a wrong variable, a call too many or a secret in
// clear is seen and named.
#include <gmock/gmock.h>

#include "tests/sandbox/demo/judgement.h"

namespace sandbox::demo {
namespace {

using engine::job_state;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

const secrets hidden{"card-secret", {"AKIDBILLING", "billing-secret", {}, {}}};

const kind& kind_named(const std::string& name) {
  static const std::vector<kind> kinds = all_kinds(hidden);
  for (const auto& each : kinds) {
    if (each.name == name) return each;
  }
  throw std::logic_error("no kind " + name);
}

finished_job missing_function_job(int number) {
  finished_job out;
  out.number = number;
  out.job.key = 100 + number;
  out.job.state = job_state::incident;
  out.job.fails = 1;
  out.job.incident_message =
      "NOT_FOUND: function \"invoice-archive\" is not there, and nobody knows why.";
  return out;
}

finished_job no_json_job(int number) {
  finished_job out;
  out.number = number;
  out.job.key = 200 + number;
  out.job.state = job_state::completed;
  out.job.process_variables = {{"payload", "\"this is no JSON\""}, {"log", "null"}};
  recorded_call call;
  call.executed = true;
  out.calls = {call};
  return out;
}

std::vector<std::string> wrong(const std::string& kind_name,
                               const std::vector<finished_job>& jobs) {
  return complaints(kind_named(kind_name), jobs, {hidden.api_key});
}

TEST(DemoJudgement, HasNothingToSayWhenAllIsAsItMustBe) {
  EXPECT_THAT(wrong("missing function", {missing_function_job(0), missing_function_job(1)}),
              IsEmpty());
  EXPECT_THAT(wrong("answer is no JSON", {no_json_job(0), no_json_job(1)}), IsEmpty());
}

TEST(DemoJudgement, JobWithoutAnEndIsAWrongCellAndNamed) {
  auto open = no_json_job(1);
  open.job.state = job_state::activated;
  EXPECT_THAT(wrong("answer is no JSON", {no_json_job(0), open}),
              ElementsAre("answer is no JSON: completed is 1, must be 2",
                          HasSubstr("1 not as they must be, the first is job 201: it is activated, "
                                    "must be completed")));
  EXPECT_EQ(counted(kind_named("answer is no JSON"), {no_json_job(0), open}).open(), 1U);
}

TEST(DemoJudgement, IncidentThatSaysSomethingElseIsSeen) {
  auto job = missing_function_job(0);
  job.job.incident_message = "INTERNAL_SERVER_ERROR: invoice-archive";
  EXPECT_THAT(wrong("missing function", {job}),
              ElementsAre(HasSubstr("does not start with NOT_FOUND: INTERNAL_SERVER_ERROR")));
}

TEST(DemoJudgement, SecondExecutionIsSeen) {
  auto job = no_json_job(0);
  job.calls.push_back(job.calls.front());
  EXPECT_THAT(wrong("answer is no JSON", {job}),
              ElementsAre("answer is no JSON: executions is 2, must be 1",
                          HasSubstr("Lambda was asked 2 times, must be 1")));
}

TEST(DemoJudgement, OneByteThatDiffersIsSeen) {
  auto job = no_json_job(0);
  job.job.process_variables.front().value = "\"this is no  JSON\"";
  EXPECT_THAT(wrong("answer is no JSON", {job}), ElementsAre(HasSubstr("payload is")));
}

TEST(DemoJudgement, SecretInClearIsSeenWhereverItStands) {
  auto logged = no_json_job(0);
  logged.job.process_variables.back().value = "\"key card-secret\"";
  EXPECT_THAT(wrong("answer is no JSON", {logged}), ElementsAre(HasSubstr("in clear in log")));
  auto told = missing_function_job(0);
  told.job.incident_message += hidden.api_key;
  EXPECT_THAT(wrong("missing function", {told}), ElementsAre(HasSubstr("in the incident")));
}

TEST(DemoJudgement, FailureOrLeaseThatRanOutOnTheWayIsSeen) {
  auto failed = no_json_job(0);
  failed.job.fails = 2;
  failed.job.hand_backs = 1;
  EXPECT_THAT(wrong("answer is no JSON", {failed}), ElementsAre(HasSubstr("failed 1 times")));
  auto late = no_json_job(0);
  late.job.expired = 1;
  EXPECT_THAT(wrong("answer is no JSON", {late}), ElementsAre(HasSubstr("ran out 1 times")));
}

TEST(DemoJudgement, TableHasALineForEachKindAndOneForAll) {
  const auto text =
      table({counted(kind_named("missing function"), {missing_function_job(0)}),
             counted(kind_named("answer is no JSON"), {no_json_job(0), no_json_job(1)})});
  EXPECT_EQ(text,
            "kind                  jobs  completed  BPMN error  incidents  executions  what the "
            "incident says\n"
            "missing function         1          -           -          1           -  NOT_FOUND: "
            "function \"invoice-archive\" is not there,...\n"
            "answer is no JSON        2          2           -          -           2\n"
            "all                      3          2           -          1           2\n");
}

}  // namespace
}  // namespace sandbox::demo
