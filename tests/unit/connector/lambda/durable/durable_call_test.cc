// Calls of durable functions: under which name they go out, that whatever broke leads to the same
// request once more, and what is never said of them: AMBIGUOUS.
#include <gmock/gmock.h>

#include "tests/unit/connector/lambda/service_fixture.h"

namespace connector::lambda {
namespace {

using http::failure_kind;
using http::request_progress;
using testing::HasSubstr;
using testing::IsEmpty;

class DurableCall : public service_fixture {
 protected:
  static call durable_orders() {
    auto asked = orders();
    asked.durable = durable_run{"job-42", "", false, ""};
    return asked;
  }
  static http::result<http::response> done() {
    return answer_with(200, "1", {{"X-Amz-Durable-Execution-Arn", "arn"}});
  }
  [[nodiscard]] std::string name_sent(std::size_t which) const {
    return header(client.sent.at(which).request, "X-Amz-Durable-Execution-Name");
  }
};

TEST_F(DurableCall, GoesOutUnderTheNameOfItsJob) {
  client.answers = {done()};
  const auto out = run(durable_orders());
  ASSERT_TRUE(out.answered());
  EXPECT_EQ(name_sent(0), "job-42");
  EXPECT_TRUE(out.may_have_run);
  EXPECT_THAT(out.notes, IsEmpty());
}

TEST_F(DurableCall, NameOfTheTaskWinsAndARunIsAddedToIt) {
  client.answers = {done()};
  auto asked = durable_orders();
  asked.inputs.push_back({"durableExecutionName", "\"order-7\""});
  asked.durable->suffix = "-2";
  run(std::move(asked));
  EXPECT_EQ(name_sent(0), "order-7-2");
}

// However the first exchange ended, the same request goes out once more.
TEST_F(DurableCall, WhateverBrokeIsAskedForAgain) {
  const std::vector<http::result<http::response>> broken = {
      break_with(failure_kind::read, request_progress::sent),
      break_with(failure_kind::timeout, request_progress::sent),
      break_with(failure_kind::connect, request_progress::nothing_sent),
      answer_with(500, "{}", {{"x-amzn-ErrorType", "ServiceException"}}),
      answer_with(502, "<html>"),
      answer_with(503, ""),
      answer_with(504, "")};
  for (std::size_t i = 0; i < broken.size(); ++i) {
    client.sent.clear();
    client.answers = {broken[i], done()};
    const auto out = run(durable_orders());
    ASSERT_TRUE(out.answered()) << i;
    ASSERT_EQ(client.sent.size(), 2U) << i;
    EXPECT_EQ(name_sent(0), name_sent(1));
    EXPECT_EQ(client.sent[0].request.body, client.sent[1].request.body);
  }
}

TEST_F(DurableCall, IsNeverAmbiguous) {
  how.retries.attempts = 1;
  for (auto& broken : std::vector<http::result<http::response>>{
           break_with(failure_kind::read, request_progress::sent), answer_with(500, "{}")}) {
    client.answers = {broken};
    const auto out = run(durable_orders());
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->failure, failure_class::not_started);
    EXPECT_FALSE(out.may_have_run);
    EXPECT_THAT(out.failed()->message, testing::Not(HasSubstr("did not start")));
  }
}

TEST_F(DurableCall, LostAnswerIsSaidToBeThat) {
  how.retries.attempts = 1;
  client.answers = {break_with(failure_kind::read, request_progress::sent)};
  const auto out = run(durable_orders());
  EXPECT_EQ(out.failed()->message,
            "Calling function \"orders\" in us-east-1 lost its answer: scripted. The durable "
            "execution goes on; the next call attaches to it. Attempts: 1.");
}

// A proxy that ends each connection after a while must not use the attempts up.
TEST_F(DurableCall, ConnectionThatWasHeldForLongCountsAsTheFirst) {
  client.on_send = [this] { now += std::chrono::seconds(60); };
  for (int i = 0; i < 12; ++i) {
    client.answers.push_back(break_with(failure_kind::read, request_progress::sent));
  }
  client.answers.push_back(done());
  const auto out = run(durable_orders());
  EXPECT_TRUE(out.answered());
  EXPECT_EQ(client.sent.size(), 13U);
}

TEST_F(DurableCall, WithoutABudgetItsJobGoesBackAndLosesNoRetry) {
  how.budget.capacity = 0;
  client.answers = {break_with(failure_kind::read, request_progress::sent)};
  const auto out = run(durable_orders());
  ASSERT_TRUE(out.failed());
  EXPECT_TRUE(out.postponed);
  EXPECT_EQ(client.sent.size(), 1U);
}

TEST_F(DurableCall, AnotherPayloadUnderTheNameIsRefusedForGood) {
  client.answers = {answer_with(409, R"({"Message":"used"})",
                                {{"x-amzn-ErrorType", "DurableExecutionAlreadyStartedException"}})};
  const auto out = run(durable_orders());
  ASSERT_TRUE(out.failed());
  EXPECT_EQ(out.failed()->code, error_code::conflict);
  EXPECT_EQ(out.failed()->failure, failure_class::permanent);
}

TEST_F(DurableCall, FunctionThatIsNotDurableIsNoted) {
  client.answers = {answer_with(200, "1")};
  const auto out = run(durable_orders());
  ASSERT_EQ(out.notes.size(), 1U);
  EXPECT_THAT(out.notes[0], HasSubstr("seems not to be durable"));
}

struct refused_row {
  std::vector<input_value> inputs;
  std::string message;
};

TEST_F(DurableCall, WhatCannotBeDurableIsRefusedBeforeTheCall) {
  const std::vector<refused_row> rows = {
      {{{"invocationType", "\"Event\""}}, "invocationType: "},
      {{{"durableExecutionName", '"' + std::string(63, 'n') + '"'}}, "durableExecutionName: "},
      {{{"functionName", R"("https://abc.lambda-url.us-east-1.on.aws/")"}}, "functionName: "}};
  for (const auto& row : rows) {
    auto asked = durable_orders();
    asked.durable->suffix = "-1";
    asked.inputs.insert(asked.inputs.end(), row.inputs.begin(), row.inputs.end());
    const auto out = run(std::move(asked));
    ASSERT_TRUE(out.failed());
    EXPECT_EQ(out.failed()->code, error_code::invalid_input);
    EXPECT_THAT(out.failed()->message, testing::StartsWith(row.message));
  }
  EXPECT_THAT(client.sent, IsEmpty());
}

TEST_F(DurableCall, JobInThePayloadOfANamedExecutionLeavesOutWhatChanges) {
  client.answers = {answer_with(202, "")};
  auto asked = orders();
  asked.job_context_in_payload = "job";
  asked.job.retries = 3;
  asked.inputs.push_back({"invocationType", "\"Event\""});
  asked.inputs.push_back({"durableExecutionName", "\"order-7\""});
  run(std::move(asked));
  EXPECT_EQ(client.sent.at(0).request.body, R"({"id":12345678901234567890,"job":{"jobKey":"42"}})");
}

}  // namespace
}  // namespace connector::lambda
