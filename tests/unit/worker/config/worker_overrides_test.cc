#include "worker/config/worker_overrides.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/unit/worker/config/loading.h"
#include "worker/config/job_lists.h"

namespace worker::config {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pair;

class WorkerOverrides : public tests::loading {
 protected:
  std::vector<std::string> warnings() { return load(from_).warnings; }
  void only(std::map<std::string, std::string> environment) {
    from_.environment = std::move(environment);
  }
};

TEST_F(WorkerOverrides, EverySpellingOfAJobTypeCounts) {
  for (const char* name : {"CAMUNDA_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTOR_INVOKE_MAXJOBSACTIVE",
                           "CAMUNDA_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTORINVOKE_MAX_JOBS_ACTIVE",
                           "camunda.client.worker.override.lambdaConnector.INVOKE.max-jobs-active",
                           "CAMUNDA_CLIENT_ZEEBE_OVERRIDE_LAMBDACONNECTOR_INVOKE_MAXJOBSACTIVE",
                           "ZEEBE_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTOR_INVOKE_MAXJOBSACTIVE"}) {
    only({{name, "7"}});
    EXPECT_THAT(good().jobs.max_active_of_type, ElementsAre(Pair("lambdaConnector.INVOKE", 7)))
        << name;
    EXPECT_THAT(warnings(), IsEmpty()) << name;
  }
  const auto values = good();
  for (const auto& one : values.shown) {
    if (one.key != "jobs.maxActiveOfType") continue;
    EXPECT_EQ(one.value, "lambdaConnector.INVOKE=7");
    EXPECT_THAT(one.source, HasSubstr("ZEEBE_CLIENT_WORKER_OVERRIDE"));
  }
}

TEST_F(WorkerOverrides, TheJobTypeOfAnotherRuntimeIsOneToo) {
  only({{"LAMBDA_CONNECTOR_JOB_TYPES", "io.camunda:aws-lambda:1=invoke"},
        {"CAMUNDA_CLIENT_WORKER_OVERRIDE_IO_CAMUNDA_AWS_LAMBDA_1_MAXJOBSACTIVE", "3"}});
  EXPECT_THAT(good().jobs.max_active_of_type, ElementsAre(Pair("io.camunda:aws-lambda:1", 3)));
}

TEST_F(WorkerOverrides, TheRuntimesSwitchOfLeasesCounts) {
  only({{"LAMBDA_CONNECTOR_JOB_TYPES", "io.camunda:aws-lambda:1=invoke,lambdaConnector.INVOKE"},
        {"CAMUNDA_CLIENT_WORKER_OVERRIDE_IO_CAMUNDA_AWS_LAMBDA_1_WITH_LEASE", "true"}});
  const auto values = good();
  EXPECT_EQ(lease_of(values.jobs, "io.camunda:aws-lambda:1"), jobs::lease_mode::required);
  EXPECT_EQ(lease_of(values.jobs, "lambdaConnector.INVOKE"), jobs::lease_mode::off);
  const auto* shown = values.find_shown("jobs.lease");
  ASSERT_NE(shown, nullptr);
  EXPECT_EQ(shown->value, "off,io.camunda:aws-lambda:1=required");
  EXPECT_THAT(warnings(), IsEmpty());
  set("LAMBDA_CONNECTOR_JOB_LEASE", "io.camunda:aws-lambda:1=offered");
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("says offered for io.camunda:aws-lambda:1")));
  only({{"CAMUNDA_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTOR_INVOKE_WITHLEASE", "offered"}});
  EXPECT_THAT(issues(), ElementsAre(HasSubstr("true or false")));
  only({{"CAMUNDA_CLIENT_WORKER_DEFAULTS_WITHLEASE", "true"}});
  EXPECT_EQ(good().jobs.lease, jobs::lease_mode::required);
}

TEST_F(WorkerOverrides, ATypeThatIsNotEnabledIsNotServed) {
  only({{"CAMUNDA_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTOR_LIST_FUNCTIONS_ENABLED", "false"},
        {"CAMUNDA_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTOR_INVOKE_ENABLED", "true"}});
  std::vector<std::string> types;
  for (const auto& each : good().jobs.types) types.push_back(each.job_type);
  EXPECT_THAT(types, ElementsAre("lambdaConnector.INVOKE", "lambdaConnector.GET_FUNCTION"));
  only({{"LAMBDA_CONNECTOR_JOB_TYPES", "lambdaConnector.INVOKE"},
        {"CAMUNDA_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTOR_INVOKE_ENABLED", "false"}});
  EXPECT_THAT(issues(), ElementsAre(HasSubstr("no job type is left")));
}

TEST_F(WorkerOverrides, WhatChangesNothingIsTold) {
  only({{"CAMUNDA_CLIENT_WORKER_OVERRIDE_OTHER_MAXJOBSACTIVE", "7"}});
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("names no job type")));
  only({{"CAMUNDA_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTOR_INVOKE_TIMEOUT", "7s"}});
  EXPECT_THAT(warnings(),
              ElementsAre(AllOf(HasSubstr("_TIMEOUT is not used"), HasSubstr("max-jobs-active"))));
  only({{"LAMBDA_CONNECTOR_MAX_JOBS_ACTIVE_OF_TYPE", "lambdaConnector.INVOKE=4"},
        {"CAMUNDA_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTOR_INVOKE_MAXJOBSACTIVE", "7"}});
  EXPECT_THAT(warnings(), ElementsAre(HasSubstr("says 4 for lambdaConnector.INVOKE and counts")));
}

TEST_F(WorkerOverrides, WrongValuesAreMistakes) {
  for (const char* wrong : {"0", "many", "10001", "-1"}) {
    only({{"CAMUNDA_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTOR_INVOKE_MAXJOBSACTIVE", wrong}});
    EXPECT_THAT(issues(), ElementsAre(HasSubstr("from 1 to 10000"))) << wrong;
  }
  only({{"CAMUNDA_CLIENT_WORKER_OVERRIDE_LAMBDACONNECTOR_INVOKE_ENABLED", "no"}});
  EXPECT_THAT(issues(), ElementsAre(HasSubstr("true or false")));
}

}  // namespace
}  // namespace worker::config
