// Whose keys a call is signed with: files that change under a running worker, profiles of the
// configuration.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>

#include "tests/journey/test_environment.h"
#include "tests/sandbox/aws/sts.h"
#include "tests/unit/worker/temporary_folder.h"

namespace journey {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::StartsWith;

std::string section_of(const sandbox::access_key& key) {
  return "[default]\naws_access_key_id = " + key.id + "\naws_secret_access_key = " + key.secret +
         "\n";
}

std::string last_signer(test_environment& env) {
  return env.lambda().account().invocations().back().request.access_key_id;
}

TEST(JourneyCredentials, RotatedFileIsTakenUpWhileJobsRun) {
  // given
  const tests::temporary_folder folder;
  const sandbox::access_key old;
  sandbox::access_key fresh;
  fresh.id = "AKIDFRESH";
  fresh.secret = "a/fresh/secret";
  folder.write("credentials", section_of(old));
  test_environment_options options;
  options.lambda.keys = {old, fresh};
  options.worker = {{"AWS_ACCESS_KEY_ID", ""},
                    {"AWS_SECRET_ACCESS_KEY", ""},
                    {"AWS_SHARED_CREDENTIALS_FILE", folder.at("credentials")}};
  test_environment env(std::move(options));
  ASSERT_EQ(env.run(call_of("echo")).state, job_state::completed);
  EXPECT_EQ(last_signer(env), old.id);

  // when
  folder.write("next", section_of(fresh));
  std::filesystem::rename(folder.at("next"), folder.at("credentials"));

  // then
  // Looked at once a second.
  EXPECT_TRUE(env.wait([&] {
    const auto job = env.run(call_of("echo"));
    EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
    return last_signer(env) == fresh.id || job.state != job_state::completed;
  }));
  EXPECT_EQ(last_signer(env), fresh.id);
}

TEST(JourneyCredentials, TaskMayNameAProfileThatTheOperatorAllows) {
  // given
  const tests::temporary_folder folder;
  sandbox::sts sts;
  folder.write("worker.yaml",
               "profiles:\n"
               "  billing:\n"
               "    source: worker\n"
               "    assumeRole:\n"
               "      roleArn: arn:aws:iam::123456789012:role/billing\n"
               "  other:\n"
               "    source: worker\n");
  test_environment_options options;
  options.worker = {{"LAMBDA_CONNECTOR_CONFIG", folder.at("worker.yaml")},
                    {"AWS_ENDPOINT_URL_STS", sts.url()},
                    {"ALLOWED_PROFILES", "bill*"}};
  test_environment env(std::move(options));
  sts.on_new_keys(
      [&env](std::vector<sandbox::access_key> keys) { env.lambda().set_keys(std::move(keys)); });
  const auto as = [](const std::string& profile) {
    job_spec spec;
    spec.variables = R"({"lambda":{"functionName":"echo","payload":1,)"
                     R"("authentication":{"type":"profile","name":")" +
                     profile + "\"}}}";
    return spec;
  };

  // when
  const auto job = env.run(as("billing"));

  // then
  EXPECT_EQ(job.state, job_state::completed) << job.incident_message;
  EXPECT_EQ(last_signer(env), "ASIASTS1");
  EXPECT_THAT(env.run(as("other")).incident_message,
              AllOf(StartsWith("FORBIDDEN: "), HasSubstr("ALLOWED_PROFILES")));
  EXPECT_THAT(env.run(as("bill")).incident_message,
              AllOf(StartsWith("CREDENTIALS_ERROR: "), HasSubstr("no credential profile")));
  sts.on_new_keys({});
}

}  // namespace
}  // namespace journey
