// How jobs end by the expressions of their task: rows of headers and outcomes, and the command.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "worker/jobs/outcome_to_command.h"

namespace worker::jobs {
namespace {

using connector::error_code;
using connector::failure_class;
using std::chrono::milliseconds;
using std::chrono::seconds;

const connector::random_source half = [] { return 0.5; };
const std::string hidden = "s3cr3t-value";

connector::outcome answered() {
  connector::outcome out;
  connector::answer what;
  what.variables = {{"statusCode", "200"},
                    {"executedVersion", R"("7")"},
                    {"payload", R"({"n":12345678901234567890,"d":1.10,"state":"declined"})"},
                    {"log", R"("START s3cr3t-value END")"}};
  what.details = {{"requestId", R"("r-1")"}};
  out.result = std::move(what);
  out.sent = true;
  out.function = "orders";
  out.region = "eu-west-1";
  return out;
}

connector::outcome function_failed(std::string type = "OrderNotFound") {
  auto out = answered();
  connector::error_object e;
  e.code = "FUNCTION_ERROR";
  e.type = std::move(type);
  e.message = "no such order";
  e.function_name = "orders";
  std::get<connector::answer>(out.result).function_error = e;
  return out;
}

connector::outcome failed(error_code code, failure_class what, bool may_have_run = false) {
  connector::outcome out;
  connector::error e;
  e.code = code;
  e.failure = what;
  e.message = "Something about the call.";
  out.result = e;
  out.sent = true;
  out.may_have_run = may_have_run;
  out.function = "orders";
  return out;
}

using headers = std::map<std::string, std::string>;

class ExpressionEnds : public testing::Test {
 protected:
  // `masked`: the outcome as secrets::redact leaves it; by default as it came.
  job_command end(const connector::outcome& from, const headers& texts,
                  std::optional<connector::outcome> masked = std::nullopt) {
    const auto read = read_task_headers(texts);
    EXPECT_TRUE(read) << read.error().message;
    expression_facts expressions{results::begin_session(parsed_), response_of(from, job_), masks_};
    return outcome_to_command(masked.value_or(from), *read, job_, half, &expressions);
  }
  complete_command completed(const connector::outcome& from, const headers& texts) {
    auto command = end(from, texts);
    if (auto* done = std::get_if<complete_command>(&command)) return std::move(*done);
    ADD_FAILURE() << "not completed: " << text_of(command);
    return {};
  }
  fail_command failure(const connector::outcome& from, const headers& texts) {
    auto command = end(from, texts);
    if (auto* failing = std::get_if<fail_command>(&command)) return std::move(*failing);
    ADD_FAILURE() << "not failed: " << text_of(command);
    return {};
  }
  // "complete VARIABLES", "fail RETRIES BACKOFF MESSAGE VARIABLES", "throw CODE MESSAGE VARIABLES".
  static std::string text_of(const job_command& command) {
    if (const auto* done = std::get_if<complete_command>(&command)) {
      return "complete " + done->variables;
    }
    if (const auto* failing = std::get_if<fail_command>(&command)) {
      return fmt::format("fail {} {} {} {}", failing->retries, failing->back_off.count(),
                         failing->message, failing->variables);
    }
    const auto& thrown = std::get<throw_command>(command);
    return fmt::format("throw {} {} {}", thrown.error_code, thrown.message, thrown.variables);
  }
  std::string text(const connector::outcome& from, const headers& texts) {
    return text_of(end(from, texts));
  }

  feel::expression_cache parsed_;
  secrets::redactor masks_{{connector::secret_string(hidden)}};
  job_facts job_{3, 0, false};
};

// --- resultExpression

TEST_F(ExpressionEnds, TheEntriesOfAResultExpressionAreWrittenInsteadOfTheFiveVariables) {
  EXPECT_EQ(
      text(answered(), {{"resultExpression", "={n: payload.n, d: payload.d, id: requestId}"}}),
      R"(complete {"n":12345678901234567890,"d":1.10,"id":"r-1"})");
  EXPECT_EQ(text(answered(), {{"resultExpression", "=null"}}), "complete {}");
}

TEST_F(ExpressionEnds, ResultVariableAndResultExpressionTogether) {
  const auto out = text(answered(), {{"resultVariable", "r"}, {"resultExpression", "={v: 1}"}});
  EXPECT_EQ(out.find(R"(complete {"r":{"statusCode":200,)"), 0U) << out;
  EXPECT_EQ(out.substr(out.size() - 8), R"(},"v":1})") << out;
}

TEST_F(ExpressionEnds, AResultExpressionWinsOverTheNamesOfAlfresco) {
  EXPECT_EQ(text(answered(), {{"outputs", "alfresco"}, {"resultExpression", "={v: 1}"}}),
            R"(complete {"v":1})");
}

TEST_F(ExpressionEnds, AFailedFunctionKeepsItsErrorBesideTheEntries) {
  const headers mapped{{"resultExpression", "={v: statusCode}"}};
  EXPECT_EQ(text(function_failed(), mapped).find(R"(complete {"v":200,"error":{"code":"FUNCTION)"),
            0U);
  // Unless the expression wrote one, or it lies in resultVariable.
  EXPECT_EQ(text(function_failed(), {{"resultExpression", "={error: error.type}"}}),
            R"(complete {"error":"OrderNotFound"})");
  const auto whole =
      text(function_failed(), {{"resultVariable", "r"}, {"resultExpression", "={v: 1}"}});
  EXPECT_EQ(whole.find(R"(},"v":1,"error")"), whole.npos) << whole;
}

TEST_F(ExpressionEnds, AResultThatCannotBeMappedIsNeverCalledForAgain) {
  for (const auto* text : {"=payload.n", "=[1]", R"(={a: assert(1, false, "no total")})"}) {
    const auto failing = failure(answered(), {{"resultExpression", text}});
    EXPECT_EQ(failing.retries, 0);
    EXPECT_EQ(failing.message.find("EXPRESSION_ERROR: Header 'resultExpression' "), 0U);
    EXPECT_NE(failing.message.find("function \"orders\" in eu-west-1"), std::string::npos);
    EXPECT_NE(failing.message.find("is not called again"), std::string::npos);
    EXPECT_EQ(failing.message.find("declined"), std::string::npos) << "shows the payload";
  }
}

TEST_F(ExpressionEnds, AResultThatCannotBeMappedIsAnErrorLikeOthers) {
  const headers broken{{"resultExpression", "=1"}};
  auto caught = broken;
  caught["bpmnErrors"] = "EXPRESSION_ERROR";
  EXPECT_EQ(text(answered(), caught).find("throw EXPRESSION_ERROR "), 0U);
  auto completes = broken;
  completes["onError"] = "complete";
  const auto done = completed(answered(), completes);
  EXPECT_EQ(done.variables.find(R"({"error":{"code":"EXPRESSION_ERROR")"), 0U) << done.variables;
  EXPECT_TRUE(done.may_have_run);
  auto decided = broken;
  decided["errorExpression"] =
      R"(=if error.code = "EXPRESSION_ERROR" then ignoreError({n: payload.n}) else null)";
  EXPECT_EQ(text(answered(), decided), R"(complete {"n":12345678901234567890})");
}

TEST_F(ExpressionEnds, OnErrorCompleteMapsTheResponseOfACallThatFailed) {
  const headers mapped{{"onError", "complete"},
                       {"resultExpression", "={v: payload, c: error.code}"}};
  const auto refused = failed(error_code::not_found, failure_class::permanent);
  EXPECT_EQ(
      text(refused, mapped).find(R"(complete {"v":null,"c":"NOT_FOUND","error":{"code":"NOT)"), 0U);
  const headers broken{{"onError", "complete"},
                       {"resultExpression", "=payload.items[1].id + 1"},
                       {"errorExpression", ""}};
  EXPECT_EQ(text(refused, broken).find(R"(complete {"error":{"code":"NOT_FOUND")"), 0U)
      << text(refused, broken);
}

TEST_F(ExpressionEnds, ATaskListenerWritesNothingSoItsResultIsNotMapped) {
  job_.kind = engine::job_kind::task_listener;
  EXPECT_EQ(text(answered(), {{"resultExpression", "=1"}}), "complete ");
}

// --- errorExpression

TEST_F(ExpressionEnds, TheErrorExpressionIsLookedAtFirst) {
  const headers all{
      {"errorExpression", R"(=if error.type = "OrderNotFound" then )"
                          R"(bpmnError("ORDER", error.message, {d: payload.d}) else null)"},
      {"bpmnErrors", "*"},
      {"onError", "complete"}};
  EXPECT_EQ(text(function_failed(), all), R"(throw ORDER no such order {"d":1.10})");
  // It leaves others to the next rules.
  EXPECT_EQ(text(function_failed("Other"), all).find("throw Other "), 0U);
  EXPECT_EQ(
      text(failed(error_code::not_found, failure_class::permanent), all).find("throw NOT_FOUND "),
      0U);
  EXPECT_EQ(text(answered(), all).find(R"(complete {"statusCode":200)"), 0U);
}

TEST_F(ExpressionEnds, TheErrorExpressionSeesTheRawResponseOfASuccessToo) {
  EXPECT_EQ(text(answered(), {{"errorExpression", R"(=if payload.state = "declined" then )"
                                                  R"(bpmnError("DECLINED", "no") else null)"},
                              {"resultExpression", "={v: 1}"}}),
            "throw DECLINED no {}");
}

TEST_F(ExpressionEnds, TheErrorExpressionSeesCodesOfCallsThatFailed) {
  const headers by_code{
      {"errorExpression",
       R"(=if error.code = "AMBIGUOUS" then bpmnError("UNKNOWN", "it may have run"))"
       R"( else if error.code = "TOO_MANY_REQUESTS" then )"
       R"(jobError("busy", {}, job.retries, @"PT1M") else null)"}};
  EXPECT_EQ(text(failed(error_code::ambiguous, failure_class::ambiguous, true), by_code),
            "throw UNKNOWN it may have run {}");
  EXPECT_EQ(text(failed(error_code::too_many_requests, failure_class::throttled), by_code),
            R"(fail 3 60000 busy {"error":"busy","lambdaAttempt":1})");
  EXPECT_EQ(text(failed(error_code::service_error, failure_class::not_started), by_code)
                .find("fail 2 1000 SERVICE_ERROR: "),
            0U);
}

TEST_F(ExpressionEnds, JobErrorHasTheRetriesAndTheBackOffThatItNames) {
  EXPECT_EQ(text(answered(), {{"errorExpression", R"(=jobError("m"))"}}),
            R"(fail 0 0 m {"error":"m","lambdaAttempt":1})");
  EXPECT_TRUE(failure(answered(), {{"errorExpression", R"(=jobError("m"))"}}).message_of_model);
  // A back-off belongs to retries.
  EXPECT_EQ(text(answered(), {{"errorExpression", R"(=jobError("m", {}, 0, @"PT5S"))"}}),
            R"(fail 0 0 m {"error":"m","lambdaAttempt":1})");
  job_.attempt = 2;
  EXPECT_EQ(text(answered(), {{"errorExpression",
                               R"(=jobError("m", {a: job.attempt}, job.retries - 1, @"PT5S"))"}}),
            R"(fail 2 5000 m {"a":3,"error":"m","lambdaAttempt":3})");
  // What the service asked for is the least.
  auto busy = failed(error_code::too_many_requests, failure_class::throttled);
  std::get<connector::error>(busy.result).retry_after = seconds(90);
  EXPECT_EQ(text(busy, {{"errorExpression", R"(=jobError("m", {}, 1, @"PT5S"))"}}),
            R"(fail 1 90000 m {"error":"m","lambdaAttempt":3})");
}

TEST_F(ExpressionEnds, JobErrorDoesNotCallAgainWhatAtMostOnceForbids) {
  job_.at_most_once_marker = true;
  const headers again{{"errorExpression", R"(=jobError("m", {}, 2))"}, {"atMostOnce", "true"}};
  const auto ran = failure(answered(), again);
  EXPECT_EQ(ran.retries, 0);
  EXPECT_NE(ran.message.find("atMostOnce"), std::string::npos);
  EXPECT_FALSE(ran.send_once);
  EXPECT_EQ(failure(failed(error_code::ambiguous, failure_class::ambiguous, true), again).retries,
            0);
  // Where nothing ran, the marker goes and the retries stay.
  const auto not_run = failure(failed(error_code::not_found, failure_class::permanent), again);
  EXPECT_EQ(not_run.retries, 2);
  EXPECT_EQ(not_run.variables, R"({"error":"m","lambdaAttempt":1,"lambdaCall":null})");
  EXPECT_TRUE(not_run.send_once);
}

TEST_F(ExpressionEnds, VariablesOfAModelCannotStandForOurMarkerOrCount) {
  const auto failing = failure(failed(error_code::ambiguous, failure_class::ambiguous, true),
                               {{"errorExpression", R"(=jobError("m", {lambdaAttempt: 500}, 1))"}});
  EXPECT_EQ(failing.variables, R"({"error":"m","lambdaAttempt":1})");
}

TEST_F(ExpressionEnds, IgnoreErrorCompletesWithItsVariablesAlone) {
  const headers ignored{
      {"errorExpression", R"(=if error != null then ignoreError({ok: false}) else null)"},
      {"resultVariable", "r"}};
  auto done = completed(function_failed(), ignored);
  EXPECT_EQ(done.variables, R"({"ok":false})");
  EXPECT_TRUE(done.may_have_run);
  done = completed(failed(error_code::not_found, failure_class::permanent), ignored);
  EXPECT_EQ(done.variables, R"({"ok":false})");
  EXPECT_FALSE(done.may_have_run);
}

TEST_F(ExpressionEnds, AListenerNeverThrows) {
  const headers thrown{{"errorExpression", R"(=bpmnError("ORDER", "m"))"}};
  for (const auto kind : {engine::job_kind::execution_listener, engine::job_kind::task_listener}) {
    job_.kind = kind;
    const auto failing = failure(function_failed(), thrown);
    EXPECT_EQ(failing.retries, 2);
    EXPECT_EQ(failing.message.find("ORDER: m It is not thrown as a BPMN error, because"), 0U)
        << failing.message;
    EXPECT_EQ(failure(answered(), thrown).retries, 0) << "a call that succeeded is not repeated";
  }
  EXPECT_EQ(text(function_failed(), {{"errorExpression", "=ignoreError({a: 1})"}}), "complete ");
}

TEST_F(ExpressionEnds, AnErrorExpressionThatFailsKeepsTheRetriesOfAPlainFailure) {
  const headers fails{{"errorExpression", R"(=bpmnError(error.code, error.missing))"},
                      {"bpmnErrors", "*"},
                      {"retryBackoff", "PT7S"}};
  auto failing = failure(failed(error_code::service_error, failure_class::not_started), fails);
  EXPECT_EQ(failing.retries, 2);
  EXPECT_EQ(failing.back_off, seconds(7));
  EXPECT_EQ(failing.message.find("EXPRESSION_ERROR: Header 'errorExpression' failed at column 2"),
            0U)
      << failing.message;
  EXPECT_NE(failing.message.find("SERVICE_ERROR: Something about the call."), std::string::npos);
  EXPECT_EQ(failure(failed(error_code::not_found, failure_class::permanent), fails).retries, 0);
  failing = failure(failed(error_code::ambiguous, failure_class::ambiguous, true), fails);
  EXPECT_EQ(failing.retries, 2);
  EXPECT_NE(failing.message.find("called again by the next retry"), std::string::npos);
  auto once = fails;
  once["atMostOnce"] = "true";
  EXPECT_EQ(failure(failed(error_code::ambiguous, failure_class::ambiguous, true), once).retries,
            0);
  auto all = failure(function_failed(), {{"errorExpression", "=[error.code]"}});
  EXPECT_EQ(all.retries, 2);
  EXPECT_NE(all.message.find("failed with OrderNotFound"), std::string::npos) << all.message;
}

TEST_F(ExpressionEnds, AnErrorExpressionThatFailsOnASuccessDoesNotRepeatTheCall) {
  const auto failing = failure(answered(), {{"errorExpression", "=[1]"}});
  EXPECT_EQ(failing.retries, 0);
  EXPECT_NE(failing.message.find("is not called again"), std::string::npos) << failing.message;
}

TEST_F(ExpressionEnds, AnExpressionThatCannotBeReadIsNeverTriedAgain) {
  EXPECT_EQ(failure(failed(error_code::service_error, failure_class::not_started),
                    {{"errorExpression", "=1 +"}})
                .retries,
            0);
}

TEST_F(ExpressionEnds, PostponedCallsAreReleasedWithoutALook) {
  auto postponed = failed(error_code::too_many_requests, failure_class::throttled);
  postponed.postponed = seconds(20);
  EXPECT_TRUE(failure(postponed, {{"errorExpression", R"(=bpmnError("A"))"}}).release);
}

TEST_F(ExpressionEnds, OfATaskThatIsRefusedTheErrorExpressionDecidesToo) {
  const auto read = read_task_headers(
      {{"errorExpression",
        R"(=if error.code = "INVALID_INPUT" then bpmnError("BAD", error.message) else null)"}});
  expression_facts expressions{results::begin_session(parsed_), {}, masks_};
  connector::outcome refused;
  refused.result = connector::bad_input("The input is wrong.");
  expressions.raw_response = response_of(refused, job_);
  EXPECT_EQ(text_of(error_to_command(*refused.failed(), *read, job_, half, &expressions)),
            "throw BAD The input is wrong. {}");
}

// --- retryBackoff

TEST_F(ExpressionEnds, RetryBackoffMayBeAnExpressionOverErrorAndJob) {
  const headers growing{
      {"retryBackoff",
       R"(=if error.code = "SERVICE_ERROR" then @"PT10S" * job.attempt else null)"}};
  job_.attempt = 1;
  EXPECT_EQ(
      failure(failed(error_code::service_error, failure_class::not_started), growing).back_off,
      seconds(20));
  // null: the usual one.
  EXPECT_EQ(
      failure(failed(error_code::connection_error, failure_class::not_started), growing).back_off,
      seconds(1));
  // Of no retries there is none.
  EXPECT_EQ(failure(failed(error_code::not_found, failure_class::permanent), growing).back_off,
            seconds(0));
  auto at_function_errors = growing;
  at_function_errors["onFunctionError"] = "fail";
  at_function_errors["retryBackoff"] = R"(=if error.type = "OrderNotFound" then @"PT3S" else null)";
  EXPECT_EQ(failure(function_failed(), at_function_errors).back_off, seconds(3));
}

TEST_F(ExpressionEnds, ARetryBackoffThatGivesNoDurationLeavesTheUsualOneAndSaysSo) {
  for (const auto* wrong : {"=30", "=backoff(0)", "=1 +"}) {
    const auto failing = failure(failed(error_code::service_error, failure_class::not_started),
                                 {{"retryBackoff", wrong}});
    EXPECT_EQ(failing.retries, 2);
    EXPECT_EQ(failing.back_off, seconds(1));
    EXPECT_NE(failing.message.find("because header 'retryBackoff' "), std::string::npos)
        << failing.message;
  }
}

// --- secrets

connector::outcome shows_a_secret() {
  auto out = function_failed(hidden);
  auto& e = *std::get<connector::answer>(out.result).function_error;
  e.message = "cannot open " + hidden;
  return out;
}
connector::outcome with_masks(connector::outcome out) {
  auto& answer = std::get<connector::answer>(out.result);
  answer.function_error->type = "***";
  answer.function_error->message = "cannot open ***";
  answer.variables[3].value = R"("START *** END")";
  return out;
}

TEST_F(ExpressionEnds, DecidesOnTheRawTextAndShowsTheMaskedOne) {
  const std::string not_shown =
      "The errorExpression decided on a text that holds a secret, so what it says is not shown.";
  const auto command = [&](const char* expression) {
    return text_of(
        end(shows_a_secret(), {{"errorExpression", expression}}, with_masks(shows_a_secret())));
  };
  EXPECT_EQ(
      command(R"(=if contains(error.message, "s3cr3t") then bpmnError("A", "found") else null)"),
      "throw A " + not_shown + " {}");
  // Parts and other spellings of it are made of the masked text.
  EXPECT_EQ(
      command(
          R"(=bpmnError("A", upper case(error.message), {part: substring(error.message, 13, 4)}))"),
      R"(throw A CANNOT OPEN *** {"part":"***"})");
  EXPECT_EQ(
      command(R"(=jobError(error.message, {log: log}, 1))"),
      R"(fail 1 0 cannot open *** {"log":"START *** END","error":"cannot open ***","lambdaAttempt":1})");
  EXPECT_EQ(command(R"(=ignoreError({m: error.message}))"), R"(complete {"m":"cannot open ***"})");
  // A decision that hangs on the secret.
  EXPECT_EQ(
      command(
          R"(=if contains(error.message, "s3cr3t") then ignoreError({m: error.message}) else null)"),
      "complete {}");
  // A code that would show it.
  EXPECT_EQ(command(R"(=bpmnError(error.type, "m"))"), "throw FUNCTION_ERROR m {}");
  // A failure of the expression quotes what it was told to.
  const auto broken = command(R"(=assert(1, false, upper case(error.message)))");
  EXPECT_NE(broken.find("assert: CANNOT OPEN ***"), broken.npos) << broken;
  const auto by_secret = command(
      R"(=if contains(error.message, "s3cr3t") then assert(1, false, upper case(error.message)) else null)");
  EXPECT_NE(by_secret.find("the reason is not shown"), by_secret.npos) << by_secret;
}

}  // namespace
}  // namespace worker::jobs
