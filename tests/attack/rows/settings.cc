// Rows about what an operator writes: nothing is open by accident, and mistakes end the start.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>

#include "tests/attack/rows/stage.h"

namespace attack {
namespace {

using testing::HasSubstr;
using testing::Not;

// Of a worker that would start: everything else is right.
environment_variables right() {
  return {{"CAMUNDA_GRPC_ADDRESS", "http://127.0.0.1:1"},
          {"AWS_REGION", "us-east-1"},
          {"AWS_ACCESS_KEY_ID", "AKID"},
          {"AWS_SECRET_ACCESS_KEY", "secret"},
          {"AWS_EC2_METADATA_DISABLED", "true"},
          {"LAMBDA_CONNECTOR_ADMIN_ADDRESS", "off"}};
}

outcome printed(const std::string& name, const std::string& value) {
  auto variables = right();
  variables[name] = value;
  return run_program({"print-config"}, variables);
}

TEST(Attacks, mistakes) {
  report_action("empty lists, names of regions, prefixes of secrets, numbers without a unit");
  EXPECT_EQ(run_program({"print-config"}, right()).code, 0);
  const std::vector<std::pair<std::string, std::string>> mistakes = {
      {"ALLOWED_FUNCTIONS", ""},
      {"AWS_REGION", "US-EAST-1"},
      {"AWS_REGION", "\"us-east-1\""},
      {"SECRETS_ENV_PREFIX", "AWS_"},
      {"SECRETS_ENV_PREFIX", "A"},
      {"SECRETS_ENV_PREFIX", "CAMUNDA_"},
      {"LAMBDA_CONNECTOR_DRAIN_TIME", "25"}};
  for (const auto& [name, value] : mistakes) {
    const auto found = printed(name, value);
    EXPECT_NE(found.code, 0) << name << '=' << value << '\n' << found.told;
    EXPECT_THAT(found.told, HasSubstr(name)) << name << '=' << value;
  }
}

TEST(Attacks, children) {
  const auto folder =
      std::filesystem::temp_directory_path() / ("attack-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto seen = (folder / "seen").string();
  sandbox::write_file(
      folder / "helper.sh",
      "#!/bin/sh\nenv > '" + seen +
          "'\necho '{\"Version\":1,\"AccessKeyId\":\"AKID\",\"SecretAccessKey\":\"x\"}'\n");
  std::filesystem::permissions(folder / "helper.sh", std::filesystem::perms::owner_all);
  sandbox::write_file(folder / "config", "[default]\nregion=us-east-1\ncredential_process=" +
                                             (folder / "helper.sh").string() + "\n");
  report_action("a credential_process prints its environment");
  auto variables = right();
  variables.erase("AWS_ACCESS_KEY_ID");
  variables.erase("AWS_SECRET_ACCESS_KEY");
  variables["AWS_CONFIG_FILE"] = (folder / "config").string();
  variables["SECRET_TOKEN"] = "mark-of-a-secret";
  variables["camunda.client.auth.username"] = "user";
  variables["camunda.client.auth.password"] = "mark-of-a-login";
  variables["LAMBDA_CONNECTOR_DEFAULT_HEADERS"] = "qualifier=mark-of-a-header";
  variables["AWS_ENDPOINT_URL_LAMBDA"] = "http://127.0.0.1:1";
  const auto call = run_program({"invoke", "--function", "echo", "--payload", "{}"}, variables);
  std::ifstream in(seen);
  const std::string told{std::istreambuf_iterator<char>(in), {}};
  EXPECT_THAT(told, HasSubstr("PATH=")) << call.told;
  EXPECT_THAT(told, Not(HasSubstr("mark-of")));
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace attack
