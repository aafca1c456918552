// The variables and headers that the published element templates make, each version and the hybrid
// one, as a call of this worker.
#include <gtest/gtest.h>

#include <algorithm>

#include "worker/config/job_lists.h"
#include "worker/dropin/inputs.h"
#include "worker/jobs/task.h"

namespace worker::jobs {
namespace {

using list = std::vector<std::string>;

const connector::operation_spec& invoke() {
  return connector::spec_of(connector::operation_id::invoke);
}

constexpr std::string_view called =
    R"(authentication={"type":"static","accessKeyId":"{{secrets.AWS_KEY}}",)"
    R"("secretAccessKey":"{{secrets.AWS_SECRET}}"})";

struct shape {
  const char* version;
  const char* variables;
  const char* headers;
  list inputs;
};

const shape shapes[] = {
    {"1",
     R"({"authentication":{"accessKey":"{{secrets.AWS_KEY}}","secretKey":"{{secrets.AWS_SECRET}}"},
         "awsFunction":{"region":"eu-west-1","operationType":"sync","functionName":"orders",
                        "payload":{"id":7}}})",
     R"({"resultVariable":"answer"})",
     {std::string(called), "functionName=\"orders\"", "payload={\"id\":7}",
      "region=\"eu-west-1\""}},
    {"2",
     R"({"authentication":{"accessKey":"{{secrets.AWS_KEY}}","secretKey":"{{secrets.AWS_SECRET}}"},
         "configuration":{"region":"eu-west-1"},
         "awsFunction":{"operationType":"sync","functionName":"orders","payload":{"id":7}}})",
     R"({"resultVariable":"answer"})",
     {std::string(called), "functionName=\"orders\"", "payload={\"id\":7}",
      "region=\"eu-west-1\""}},
    {"3",
     R"({"authentication":{"accessKey":"{{secrets.AWS_KEY}}","secretKey":"{{secrets.AWS_SECRET}}"},
         "configuration":{"region":"eu-west-1"},
         "awsFunction":{"operationType":"sync","functionName":"orders:live","payload":{"id":7}}})",
     R"({"resultVariable":"answer"})",
     {std::string(called), "functionName=\"orders:live\"", "payload={\"id\":7}",
      "region=\"eu-west-1\""}},
    {"4",
     R"({"authentication":{"type":"defaultCredentialsChain"},
         "configuration":{"region":"eu-west-1"},
         "awsFunction":{"operationType":"sync","functionName":"orders","payload":{"id":7}}})",
     R"({"resultVariable":"answer"})",
     {R"(authentication={"type":"default"})", "functionName=\"orders\"", "payload={\"id\":7}",
      "region=\"eu-west-1\""}},
    {"5",
     R"({"authentication":{"type":"credentials","accessKey":"{{secrets.AWS_KEY}}",
                           "secretKey":"{{secrets.AWS_SECRET}}"},
         "configuration":{"region":"eu-west-1","endpoint":""},
         "awsFunction":{"operationType":"sync","functionName":"orders","payload":"{\"id\":7}"}})",
     R"({"resultVariable":"answer","retryBackoff":"PT0S"})",
     {std::string(called), "functionName=\"orders\"", R"(payload="{\"id\":7}")",
      "region=\"eu-west-1\""}},
    {"6",
     R"({"authentication":{"type":"credentials","accessKey":"{{secrets.AWS_KEY}}",
                           "secretKey":"{{secrets.AWS_SECRET}}"},
         "configuration":{"region":"eu-west-1"},
         "awsFunction":{"operationType":"sync","functionName":"orders","payload":{"id":7}}})",
     R"({"elementTemplateVersion":"6","elementTemplateId":"io.camunda.connectors.AWSLAMBDA.v2",
         "resultVariable":"answer","retryBackoff":"PT30S"})",
     {std::string(called), "functionName=\"orders\"", "payload={\"id\":7}",
      "region=\"eu-west-1\""}},
    {"7, with a reusable credential",
     R"({"authentication":{"type":"credentials"},
         "awsCredential":{"authentication":{"type":"credentials","accessKey":"{{secrets.AWS_KEY}}",
                          "secretKey":"{{secrets.AWS_SECRET}}"},"region":"eu-west-1"},
         "awsFunction":{"operationType":"sync","functionName":"orders","payload":{"id":7}}})",
     R"({"elementTemplateVersion":"7","elementTemplateId":"io.camunda.connectors.AWSLAMBDA.v2",
         "resultVariable":"answer","retryBackoff":"PT30S"})",
     {std::string(called), "functionName=\"orders\"", "payload={\"id\":7}",
      "region=\"eu-west-1\""}},
    {"8",
     R"({"authentication":{"type":"credentials","accessKey":"{{secrets.AWS_KEY}}",
                           "secretKey":"{{secrets.AWS_SECRET}}"},
         "configuration":{"region":"eu-west-1"},
         "awsFunction":{"operationType":"sync","functionName":"orders","payload":{"id":7}}})",
     R"({"elementTemplateVersion":"8","elementTemplateId":"io.camunda.connectors.AWSLAMBDA.v2",
         "resultVariable":"answer","retryBackoff":"PT30S","jobTimeout":"PT5M"})",
     {std::string(called), "functionName=\"orders\"", "payload={\"id\":7}",
      "region=\"eu-west-1\""}},
    {"hybrid",
     R"({"authentication":{"type":"credentials","accessKey":"{{secrets.AWS_KEY}}",
                           "secretKey":"{{secrets.AWS_SECRET}}"},
         "configuration":{"region":"eu-west-1"},
         "awsFunction":{"operationType":"sync","functionName":"orders","payload":{"id":7}}})",
     R"({"elementTemplateVersion":"8",
         "elementTemplateId":"io.camunda.connectors.AWSLAMBDA.v2-hybrid",
         "resultVariable":"answer","retryBackoff":"PT30S"})",
     {std::string(called), "functionName=\"orders\"", "payload={\"id\":7}",
      "region=\"eu-west-1\""}},
};

TEST(DropInTemplates, EachVersionsTaskBecomesACall) {
  const auto defaults = config::default_headers_of({}, dropin::job_type);
  for (const auto& one : shapes) {
    engine::job job;
    job.variables = one.variables;
    job.headers = one.headers;
    auto read = read_task(job, invoke(), defaults);
    ASSERT_FALSE(read.error) << one.version << ": " << read.error->message;
    EXPECT_EQ(read.headers.result_variable, "answer") << one.version;
    EXPECT_TRUE(read.misspelt_headers.empty()) << one.version;
    list inputs;
    for (const auto& input :
         make_call(std::move(read.values), read.headers, job, invoke()).inputs) {
      if (input.name != "logType") inputs.push_back(input.name + "=" + input.value);
    }
    std::sort(inputs.begin(), inputs.end());
    EXPECT_EQ(inputs, one.inputs) << one.version;
  }
}

}  // namespace
}  // namespace worker::jobs
