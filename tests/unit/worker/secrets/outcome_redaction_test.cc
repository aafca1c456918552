#include "worker/secrets/outcome_redaction.h"

#include <gtest/gtest.h>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "tests/unit/worker/secrets/spelling_writers.h"

namespace worker::secrets {
namespace {

namespace json = connector::json;

class OutcomeRedaction : public testing::Test {
 protected:
  OutcomeRedaction() { known_.add(connector::secret_string("marked-secret")); }

  // The log as it was, and as it is said.
  std::string log_of(const std::string& log) { return log_of(log, known_); }
  static std::string log_of(const std::string& log, const redactor& known) {
    connector::answer answer;
    answer.variables = {{"payload", "1"}, {"log", json::quote(log)}};
    connector::outcome out;
    out.result = std::move(answer);
    redact(out, known, false);
    const auto& value = out.answered()->variables[1].value;
    EXPECT_TRUE(json::is_json(value)) << value;
    return json::text_of(value).value_or("(no text)");
  }

  redactor known_;
};

TEST_F(OutcomeRedaction, MasksAnErrorAndWhatItIsAbout) {
  connector::error failed;
  failed.message = "calling marked-secret failed";
  failed.aws_error = "marked-secret";
  connector::outcome out;
  out.result = failed;
  out.function = "marked-secret:1";
  out.region = "marked-secret-1";
  out.notes = {"marked-secret was left out"};
  redact(out, known_, false);
  EXPECT_EQ(out.failed()->message, "calling *** failed");
  EXPECT_EQ(out.failed()->aws_error, "***");
  EXPECT_EQ(out.function, "***:1");
  EXPECT_EQ(out.region, "***-1");
  EXPECT_EQ(out.notes.front(), "*** was left out");
}

// The next activation asks about the execution by its ARN.
TEST_F(OutcomeRedaction, MasksAnExecutionForPeopleAlone) {
  connector::outcome out;
  out.result = connector::unfinished{"arn:marked-secret:1", "marked-secret runs"};
  redact(out, known_, false);
  const auto& still = *out.still_runs();
  EXPECT_EQ(still.execution, "arn:marked-secret:1");
  EXPECT_EQ(still.shown, "arn:***:1");
  EXPECT_EQ(still.status, "*** runs");
}

TEST_F(OutcomeRedaction, MasksTheFunctionsErrorAndLeavesItsAnswer) {
  connector::answer answer;
  answer.variables = {{"payload", R"({"a":"marked-secret"})"}, {"log", "null"}};
  answer.function_error.emplace();
  answer.function_error->type = "marked-secret";
  answer.function_error->message = "got marked-secret";
  answer.function_error->stack_trace_json = R"(["at marked-secret"])";
  connector::outcome out;
  out.result = answer;
  auto masked = out;
  redact(out, known_, false);
  EXPECT_EQ(out.answered()->variables[0].value, R"({"a":"marked-secret"})");
  EXPECT_EQ(out.answered()->variables[1].value, "null");
  EXPECT_EQ(out.answered()->function_error->type, "***");
  EXPECT_EQ(out.answered()->function_error->message, "got ***");
  EXPECT_EQ(out.answered()->function_error->stack_trace_json, R"(["at ***"])");
  redact(masked, known_, true);
  EXPECT_EQ(masked.answered()->variables[0].value, R"({"a":"***"})");
}

// Text in JSON in text: as a function prints the event that it got, and as languages write a trace.
TEST_F(OutcomeRedaction, MasksWhatIsEscapedInATextOfTheFunction) {
  known_.add(connector::secret_string("pass+word&1"));
  for (const std::string spelt :
       {R"(pass\u002Bword\u00261)", R"(pass\\u002Bword\\u00261)", "pass%2Bword%261"}) {
    EXPECT_EQ(log_of("got {\"k\":\"" + spelt + "\"}"), R"(got {"k":"***"})");
    EXPECT_EQ(log_of(std::string(5000, 'x') + spelt), std::string(5000, 'x') + "***");
    connector::answer answer;
    answer.function_error.emplace();
    answer.function_error->message = "got " + spelt;
    answer.function_error->stack_trace_json = "[" + json::quote("at " + spelt) + "]";
    connector::outcome out;
    out.result = answer;
    redact(out, known_, false);
    EXPECT_EQ(out.answered()->function_error->message, "got ***");
    EXPECT_EQ(out.answered()->function_error->stack_trace_json, R"(["at ***"])");
  }
}

TEST_F(OutcomeRedaction, MasksRequestIds) {
  connector::error failed;
  failed.request_id = "id-marked-secret";
  connector::outcome out;
  out.result = failed;
  out.request_id = "id-marked-secret";
  redact(out, known_, false);
  EXPECT_EQ(out.request_id, "id-***");
  EXPECT_EQ(out.failed()->request_id, "id-***");
}

TEST_F(OutcomeRedaction, NumberThatIsMaskedStaysJson) {
  known_.add(connector::secret_string("12345678"));
  connector::answer answer;
  answer.variables = {{"payload", R"({"a":12345678})"}};
  answer.function_error.emplace();
  answer.function_error->stack_trace_json = "[12345678]";
  connector::outcome out;
  out.result = answer;
  redact(out, known_, true);
  EXPECT_EQ(out.answered()->variables[0].value, R"("{\"a\":***}")");
  EXPECT_EQ(out.answered()->function_error->stack_trace_json, "");
}

TEST_F(OutcomeRedaction, MasksTheLogAndTheRestOfAValueAtTheStartOfACutOne) {
  EXPECT_EQ(log_of("a marked-secret\n"), "a ***\n");
  const std::string more(4096 - 7, '.');
  EXPECT_EQ(log_of("-secret" + more), "***" + more);
  EXPECT_EQ(log_of("-secret" + more.substr(1)), "-secret" + more.substr(1));
}

// The variable is a JSON string, which is no layer of the log itself.
TEST_F(OutcomeRedaction, MasksInALogOfAnyLengthWhateverAWriterMakesOfASecret) {
  const std::string full(4096, '.');
  std::size_t tried = 0;
  for (const auto& secret : hundred_secrets()) {
    const redactor known({connector::secret_string(secret)});
    for (const auto& [called, write] : writers()) {
      auto spelt = write(secret);
      spelt.erase(spelt.find_last_not_of('=') + 1);
      // Every tenth is the end of a full one, which is searched in another way.
      const auto before = tried++ % 10 == 0 ? full : std::string();
      ASSERT_EQ(log_of(before + "got <" + spelt + ">", known), before + "got <***>")
          << called << " of " << secret << ", seed " << spelling_seed;
    }
  }
}

// In JSON the line break before "ewline-secret" ends with the letter n.
TEST_F(OutcomeRedaction, LogStaysJsonWhateverASecretBeginsWith) {
  known_.add(connector::secret_string("newline-secret"));
  EXPECT_EQ(log_of("line\newline-secret"), "line\newline-secret");
  EXPECT_EQ(log_of("line\nnewline-secret"), "line\n***");
}

}  // namespace
}  // namespace worker::secrets
