// errorExpression over a response that holds a secret of the job: what goes out does not show it.
#include "tests/unit/worker/jobs/expression_ends.h"

namespace worker::jobs {
namespace {

using ErrorExpressionSecrets = expression_ends;

const std::string not_shown =
    "The errorExpression decided on a text that holds a secret, so what it says is not shown.";

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

TEST_F(ErrorExpressionSecrets, DecidesOnTheRawTextAndShowsTheMaskedOne) {
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
  EXPECT_EQ(command(R"(=jobError(error.message, {log: log}, 1))"),
            R"(fail 1 0 cannot open *** {"log":"START *** END","lambdaAttempt":1})");
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

// The function's answer keeps a secret that is in it. What the worker itself says of it does not.
class ErrorExpressionOverAnAnswer : public expression_ends {
 protected:
  std::string command(const char* expression, headers more = {}) {
    more["errorExpression"] = expression;
    const auto payload = R"({"n":1,"code":"DECLINED","text":")" + hidden + R"("})";
    return text(answer_with(payload, R"("START END")"), more);
  }
  void expect_hidden(const std::string& said) {
    for (const auto* part : {"s3cr3t", "value", "S3CR3T", "VALUE"}) {
      EXPECT_EQ(said.find(part), said.npos) << said;
    }
  }
};

TEST_F(ErrorExpressionOverAnAnswer, MessagesAreOfTheMaskedAnswer) {
  EXPECT_EQ(command(R"(=jobError("refused " + payload.text, {}, 1))"),
            R"(fail 1 0 refused *** {"lambdaAttempt":1})");
  EXPECT_EQ(command(R"(=jobError(upper case("refused " + payload.text)))"),
            R"(fail 0 0 REFUSED *** {"lambdaAttempt":1})");
  EXPECT_EQ(command(R"(=jobError(substring(payload.text, 3)))"),
            R"(fail 0 0 * {"lambdaAttempt":1})");
  EXPECT_EQ(command(R"(=bpmnError("A", upper case(payload.text)))"), "throw A *** {}");
  EXPECT_EQ(command(R"(=bpmnError(payload.code, "m"))"), "throw DECLINED m {}");
}

TEST_F(ErrorExpressionOverAnAnswer, VariablesThatTheModelNamesAreTheFunctionsAnswer) {
  EXPECT_EQ(command(R"(=jobError(payload.text, {t: payload.text}))"),
            R"(fail 0 0 *** {"t":"s3cr3t-value","lambdaAttempt":1})");
  EXPECT_EQ(command(R"(=bpmnError("A", payload.text, {t: payload.text}))"),
            R"(throw A *** {"t":"s3cr3t-value"})");
  EXPECT_EQ(command(R"(=ignoreError({t: payload.text}))"), R"(complete {"t":"s3cr3t-value"})");
}

TEST_F(ErrorExpressionOverAnAnswer, OfADecisionThatHangsOnTheSecretNothingIsSaid) {
  EXPECT_EQ(command(R"(=if contains(payload.text, "s3c") then bpmnError("A", "m") else null)"),
            "throw A " + not_shown + " {}");
  EXPECT_EQ(command(R"(=if contains(payload.text, "s3c") then jobError("m") else null)"),
            "fail 0 0 " + not_shown + R"( {"lambdaAttempt":1})");
}

TEST_F(ErrorExpressionOverAnAnswer, ACodeThatIsMadeOfTheSecretIsNotThrown) {
  for (const auto* code : {"payload.text", "upper case(payload.text)", "substring(payload.text, 3)",
                           R"("E-" + upper case(payload.text))"}) {
    const auto said = command(("=bpmnError(" + std::string(code) + ", payload.code)").c_str());
    EXPECT_EQ(said.find("throw FUNCTION_ERROR "), 0U) << said;
    expect_hidden(said);
  }
  // One of the model's, or of the rest of the answer, is.
  for (const auto* code : {R"("DENIED")", "payload.code"}) {
    const auto said = command(
        ("=if contains(payload.text, \"s3c\") then bpmnError(" + std::string(code) + ") else null")
            .c_str());
    EXPECT_EQ(said.find("throw DE"), 0U) << said;
  }
}

TEST_F(ErrorExpressionOverAnAnswer, AFailureDoesNotSayTheSecret) {
  for (const auto* expression :
       {"=assert(payload.n, false, payload.text)", "=assert(1, false, upper case(payload.text))",
        "=assert(1, false, substring(payload.text, 3))",
        R"(=assert(1, not(contains(payload.text, "s3c")), upper case(payload.text)))"}) {
    const auto said = command(expression);
    EXPECT_EQ(said.find("fail 0 0 EXPRESSION_ERROR: "), 0U) << said;
    EXPECT_EQ(said.find("S3CR3T"), said.npos) << said;
    EXPECT_EQ(said.find("cr3t"), said.npos) << said;
  }
}

TEST_F(ErrorExpressionOverAnAnswer, ANumberThatIsASecretIsNotSaidEither) {
  masks_.add(connector::secret_string("987654321"));
  const auto over = answer_with(R"({"n":987654321,"code":"DECLINED"})");
  EXPECT_EQ(text(over, {{"errorExpression", "=bpmnError(payload.code, string(payload.n + 1))"}}),
            "throw DECLINED " + not_shown + " {}");
}

// In the profile camunda the expression sees what resultExpression made of the answer.
TEST_F(ErrorExpressionOverAnAnswer, OfMappedVariablesTextsAreOfTheMaskedAnswerToo) {
  const headers mapped{{"profile", "camunda"},
                       {"resultExpression", "={m: upper case(payload.text), n: payload.n}"}};
  const auto failed = command("=jobError(m, {m: m, n: n})", mapped);
  EXPECT_EQ(failed, R"(fail 0 0 *** {"m":"S3CR3T-VALUE","n":1,"error":"***"})");
  expect_hidden(command("=bpmnError(m, m)", mapped));
}

}  // namespace
}  // namespace worker::jobs
