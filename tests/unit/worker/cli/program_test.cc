// The program's own commands, as an operator types them: what they say and what they never say. The
// shipped binary as a process, with the embedded engine, Lambda and STS around it.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "tests/journey/world.h"
#include "tests/sandbox/aws/secrets_manager.h"
#include "tests/sandbox/aws/sts.h"
#include "tests/unit/worker/temporary_folder.h"

namespace worker::cli {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

struct said {
  std::string text;  // of both streams
  int code = -1;
};

std::string quoted(const std::string& text) { return "'" + text + "'"; }

// The programs around it answer at once or never; `timeout` bounds the latter.
said run(const std::string& arguments, const journey::environment& variables) {
  std::string line = "timeout 30 env -i ";
  for (const auto& [name, value] : variables) line += quoted(name + "=" + value) + " ";
  line += quoted(LAMBDA_CONNECTOR_PROGRAM) + " " + arguments + " 2>&1";
  said out;
  FILE* const stream = ::popen(line.c_str(), "r");
  if (stream == nullptr) return out;
  char piece[4096];
  while (const auto size = std::fread(piece, 1, sizeof piece, stream)) out.text.append(piece, size);
  out.code = WEXITSTATUS(::pclose(stream));
  return out;
}

class Program : public testing::Test {
 protected:
  Program() : world_(without_worker()) {
    sts_.on_new_keys([this](std::vector<sandbox::access_key> keys) {
      world_.lambda().set_keys(std::move(keys));
    });
  }
  ~Program() override { sts_.on_new_keys({}); }

  static journey::world_options without_worker() {
    journey::world_options out;
    out.start_worker = false;
    return out;
  }
  [[nodiscard]] journey::environment as_role() const {
    return world_.variables(
        {{"LAMBDA_CONNECTOR_ASSUME_ROLE_ARN", "arn:aws:iam::123456789012:role/worker"},
         {"LAMBDA_CONNECTOR_ASSUME_ROLE_EXTERNAL_ID", "x-1"},
         {"AWS_ENDPOINT_URL_STS", sts_.url()}});
  }
  // Neither keys that were given nor those that were fetched.
  static auto says_no_secret() {
    return AllOf(Not(HasSubstr(sandbox::access_key{}.secret)), Not(HasSubstr("sandbox/sts/secret")),
                 Not(HasSubstr("sandbox+sts/token")));
  }

  sandbox::sts sts_;
  journey::world world_;
};

// What was thrown for it was lost, and with it every later line; the exit code was 0.
TEST_F(Program, CheckNamesACaFileOfTheGatewayThatCannotBeUsedAndLooksAtTheRest) {
  for (const auto* file : {"/no/such/ca.pem", "/dev/null", "/etc/hostname"}) {
    auto variables = world_.variables();
    variables["CAMUNDA_GRPC_ADDRESS"] = "https://" + world_.engine().address();
    variables["CAMUNDA_CA_CERTIFICATE_PATH"] = file;
    const auto checked = run("check", variables);
    EXPECT_NE(checked.code, 0) << checked.text;
    EXPECT_THAT(checked.text, AllOf(HasSubstr("WRONG gateway"), HasSubstr(file),
                                    HasSubstr("CAMUNDA_CA_CERTIFICATE_PATH"), HasSubstr("secrets"),
                                    HasSubstr("credentials: environment")));
    const auto started = run("run", variables);
    EXPECT_EQ(started.code, 1) << started.text;
    EXPECT_THAT(started.text, AllOf(HasSubstr("CAMUNDA_CA_CERTIFICATE_PATH"), HasSubstr(file)));
  }
}

TEST_F(Program, CheckSaysWhichCredentialsWon) {
  const auto own = run("check", world_.variables());
  EXPECT_EQ(own.code, 0) << own.text;
  EXPECT_THAT(own.text, HasSubstr("ok    credentials: environment (AWS_*), access key id " +
                                  sandbox::access_key{}.id));
  EXPECT_THAT(own.text, says_no_secret());
  const auto role = run("check", as_role());
  EXPECT_EQ(role.code, 0) << role.text;
  EXPECT_THAT(role.text, HasSubstr("ok    credentials: role arn:aws:iam::123456789012:role/worker, "
                                   "with environment (AWS_*), access key id ASIASTS1"));
  EXPECT_THAT(role.text, says_no_secret());
  ASSERT_EQ(sts_.count(), 1U);
  EXPECT_EQ(sts_.calls()[0].fields.at("ExternalId"), "x-1");
  EXPECT_THAT(role.text, HasSubstr("caller arn:aws:iam::123456789012:user/ASIASTS1"));
  EXPECT_EQ(sts_.callers_asked(), 1U);
}

// What one part throws is said of it, and the others are looked at all the same.
TEST_F(Program, CheckLooksAtAllTheRestWhenTheGatewaysAuthorityIsMissing) {
  const auto said = run("check", world_.variables({{"CAMUNDA_GRPC_ADDRESS", "https://127.0.0.1:1"},
                                                   {"CAMUNDA_CA_CERTIFICATE_PATH", "/none.pem"}}));
  EXPECT_EQ(said.code, 2) << said.text;
  EXPECT_THAT(said.text,
              AllOf(HasSubstr("WRONG gateway https://127.0.0.1:1: "), HasSubstr("/none.pem"),
                    HasSubstr("ok    secrets: "), HasSubstr("ok    credentials: "),
                    HasSubstr("ok    Lambda in us-east-1: ")));
}

// The list names a profile that nobody wrote down.
TEST_F(Program, StartsWithOneWarningOfAProfileThatExistsNowhere) {
  auto variables = world_.variables({{"ALLOWED_PROFILES", "billing"}});
  const auto said = run("check", variables);
  EXPECT_EQ(said.code, 0) << said.text;
  const auto first = said.text.find(
      "ALLOWED_PROFILES: the configuration file has no credential "
      "profile 'billing'");
  ASSERT_NE(first, std::string::npos) << said.text;
  EXPECT_EQ(said.text.find("ALLOWED_PROFILES", first + 1), std::string::npos);
}

}  // namespace
}  // namespace worker::cli
