#include "worker/jobs/task_headers.h"

#include <gtest/gtest.h>

namespace worker::jobs {
namespace {

using headers = std::map<std::string, std::string>;

std::string error_of(const headers& given) {
  const auto read = read_task_headers(given);
  return read.has_error() ? read.error().message : "";
}

TEST(TaskHeaders, DefaultsAreTheContracts) {
  const auto read = read_task_headers({});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->function_error, on_function_error::complete);
  EXPECT_FALSE(read->complete_on_error);
  EXPECT_FALSE(read->at_most_once);
  EXPECT_FALSE(read->alfresco_outputs);
  EXPECT_TRUE(read->result_variable.empty());
  EXPECT_FALSE(read->retry_backoff.has_value());
}

TEST(TaskHeaders, AProfileStandsForHeadersThatWinOverIt) {
  const auto alone = read_task_headers({{"profile", "alfresco"}});
  ASSERT_TRUE(alone.has_value());
  EXPECT_TRUE(alone->alfresco_outputs);
  EXPECT_TRUE(alone->complete_on_error);
  const auto beside =
      read_task_headers({{"profile", "alfresco"}, {"outputs", "plain"}, {"onError", "fail"}});
  ASSERT_TRUE(beside.has_value());
  EXPECT_FALSE(beside->alfresco_outputs);
  EXPECT_FALSE(beside->complete_on_error);
  EXPECT_TRUE(read_task_headers({{"profile", "camunda"}})->drop_in);
  EXPECT_FALSE(read_task_headers({{"profile", "other"}}).has_value());
}

TEST(TaskHeaders, EveryHeaderHasAStoreOrAReaderOfItsOwn) {
  for (const auto& spec : header_table()) {
    const bool read_elsewhere = spec.name == "inputs" || spec.name == "secrets";
    EXPECT_EQ(spec.store == nullptr, read_elsewhere) << spec.name;
  }
}

TEST(TaskHeaders, FreeTextIsAnyTextWithinItsBound) {
  const header_spec spec{"costCentre", header_type::free_text, "", "who pays"};
  EXPECT_FALSE(wrong_value(spec, "any text: 4711, \"yes\""));
  EXPECT_FALSE(wrong_value(spec, std::string(longest_free_text, 'x')));
  EXPECT_TRUE(wrong_value(spec, std::string(longest_free_text + 1, 'x')));
}

TEST(TaskHeaders, EveryHeaderIsRead) {
  const auto read = read_task_headers({{"resultVariable", "answer"},
                                       {"outputs", "alfresco"},
                                       {"bpmnErrors", "NOT_FOUND, ValueError,,"},
                                       {"onFunctionError", "bpmnError"},
                                       {"onError", "complete"},
                                       {"atMostOnce", "true"},
                                       {"jobTimeout", "PT2M"},
                                       {"retryBackoff", "PT0S"},
                                       {"maskPayload", "true"},
                                       {"jobContextInPayload", "job"}});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->result_variable, "answer");
  EXPECT_TRUE(read->alfresco_outputs);
  EXPECT_EQ(read->bpmn_errors, (std::vector<std::string>{"NOT_FOUND", "ValueError"}));
  EXPECT_EQ(read->function_error, on_function_error::bpmn_error);
  EXPECT_TRUE(read->complete_on_error);
  EXPECT_TRUE(read->at_most_once);
  EXPECT_EQ(read->job_timeout, std::chrono::minutes(2));
  EXPECT_EQ(read->retry_backoff, std::chrono::milliseconds(0));
  EXPECT_TRUE(read->mask_payload);
  EXPECT_EQ(read->job_context_in_payload, "job");
}

TEST(TaskHeaders, ThoseOfDurableFunctionsAreRead) {
  const auto unsaid = read_task_headers({});
  ASSERT_TRUE(unsaid.has_value());
  EXPECT_FALSE(unsaid->durable);
  EXPECT_FALSE(unsaid->wait_by_polling);
  EXPECT_FALSE(unsaid->stop_on_cancel);
  EXPECT_EQ(unsaid->poll_interval, std::chrono::minutes(1));
  EXPECT_EQ(unsaid->durable_prefix, "");
  const auto read = read_task_headers({{"durable", "true"},
                                       {"wait", "poll"},
                                       {"pollInterval", "PT5M"},
                                       {"onCancel", "stop"},
                                       {"durablePrefix", "shop-1_a"},
                                       {"durableRerun", "true"}});
  ASSERT_TRUE(read.has_value());
  EXPECT_TRUE(read->durable);
  EXPECT_TRUE(read->wait_by_polling);
  EXPECT_EQ(read->poll_interval, std::chrono::minutes(5));
  EXPECT_TRUE(read->stop_on_cancel);
  EXPECT_EQ(read->durable_prefix, "shop-1_a");
  EXPECT_TRUE(read->durable_rerun);
  EXPECT_NE(error_of({{"wait", "forever"}}).find("'connection', 'poll'"), std::string::npos);
  EXPECT_NE(error_of({{"pollInterval", "PT0S"}}).find("pollInterval"), std::string::npos);
  for (const std::string& prefix :
       {std::string("a b"), std::string("shop/"), std::string(33, 'x')}) {
    EXPECT_NE(error_of({{"durablePrefix", prefix}}).find("1 to 32 letters"), std::string::npos);
  }
}

TEST(TaskHeaders, WrongValuesNameHeaderAndAllowedValues) {
  EXPECT_EQ(
      error_of({{"onFunctionError", "ignore"}}),
      "Header 'onFunctionError' must be one of 'complete', 'bpmnError', 'fail'. Correct it in "
      "the model.");
  EXPECT_NE(error_of({{"atMostOnce", "yes"}}).find("'true', 'false'"), std::string::npos);
  EXPECT_NE(error_of({{"retryBackoff", "30s"}}).find("PT30S"), std::string::npos);
  EXPECT_NE(error_of({{"jobTimeout", "PT0S"}}).find("jobTimeout"), std::string::npos);
  EXPECT_NE(error_of({{"resultVariable", "my result"}}).find("name of a variable"),
            std::string::npos);
  EXPECT_NE(error_of({{"inputs", "both"}}).find("'lambda', 'short'"), std::string::npos);
}

TEST(TaskHeaders, DefaultHeadersAreForTheOperatorToCorrect) {
  const auto read = read_task_headers({{"onError", "crash"}}, {"onError"});
  EXPECT_EQ(read.error().message,
            "Header 'onError' must be one of 'fail', 'complete'. It is a default header of this "
            "worker: its operator must correct LAMBDA_CONNECTOR_DEFAULT_HEADERS.");
}

TEST(TaskHeaders, ExpressionsAreTakenAsTheyAre) {
  const auto read = read_task_headers({{"resultExpression", "= {a: 1}"},
                                       {"errorExpression", "no expression +"},
                                       {"retryBackoff", "=@\"PT1S\""}});
  ASSERT_TRUE(read.has_value());
  EXPECT_EQ(read->result_expression, "= {a: 1}");
  EXPECT_EQ(read->error_expression, "no expression +");
  EXPECT_EQ(read->retry_backoff_expression, "=@\"PT1S\"");
  EXPECT_FALSE(read->retry_backoff);
  EXPECT_TRUE(read->has_expressions());
  // A duration is not an expression, and neither is a sign alone.
  const auto none = read_task_headers(
      {{"retryBackoff", "PT1S"}, {"resultExpression", " = "}, {"errorExpression", "\n"}});
  ASSERT_TRUE(none.has_value());
  EXPECT_FALSE(none->has_expressions());
  EXPECT_NE(error_of({{"retryBackoff", "30s"}}).find("leading ="), std::string::npos);
}

TEST(TaskHeaders, ValuesThatAreNoExpressionsAreWrong) {
  EXPECT_FALSE(wrong_value(*find_header("resultExpression"), "={a: 1}"));
  EXPECT_FALSE(wrong_value(*find_header("resultExpression"), "="));
  EXPECT_EQ(wrong_value(*find_header("errorExpression"), "={a: 1")
                .value_or("")
                .find("is no FEEL expression, at column 7 (the end): "),
            0U);
  EXPECT_TRUE(wrong_value(*find_header("retryBackoff"), "=1 +"));
}

TEST(TaskHeaders, EmptyValuesCountAsAbsent) {
  EXPECT_EQ(error_of({{"onError", ""}, {"resultExpression", ""}}), "");
}

TEST(TaskHeaders, EveryRowOfTheTableHasAText) {
  for (const auto& spec : header_table()) {
    EXPECT_FALSE(spec.text.empty()) << spec.name;
    EXPECT_EQ(find_header(spec.name), &spec);
  }
  EXPECT_EQ(find_header("elementTemplateId"), nullptr);
}

TEST(TaskHeaders, ListedCodesAndTheStarAreThrown) {
  task_headers listed;
  listed.bpmn_errors = {"NOT_FOUND"};
  EXPECT_TRUE(listed.throws("NOT_FOUND"));
  EXPECT_FALSE(listed.throws("FORBIDDEN"));
  listed.bpmn_errors = {"*"};
  EXPECT_TRUE(listed.throws("FORBIDDEN"));
}

TEST(TaskHeaders, OnlyNamesCloseToAKnownOneAreReported) {
  const auto found = misspelt({{"retryBackof", "PT1S"}, {"department", "x"}, {"onError", "fail"}},
                              connector::spec_of(connector::operation_id::invoke));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0], (std::pair<std::string, std::string>{"retryBackof", "retryBackoff"}));
}

TEST(TaskHeaders, FieldsOfInputsAreKnownAndTheirMisspellingsReported) {
  const auto found = misspelt({{"authentication.secretAccessKey", "x"},
                               {"clientContext.custom.region", "x"},
                               {"autentication.type", "x"},
                               {"acme.team", "x"}},
                              connector::spec_of(connector::operation_id::invoke));
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0],
            (std::pair<std::string, std::string>{"autentication.type", "authentication.type"}));
}

}  // namespace
}  // namespace worker::jobs
