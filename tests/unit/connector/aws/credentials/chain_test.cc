// The order of the default chain and what each source of it says, with files, a token and STS.
#include "connector/aws/credentials/chain.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>

#include "connector/aws/credentials/default_chain.h"
#include "connector/http/pooled_client.h"
#include "tests/sandbox/aws/container_endpoint.h"
#include "tests/sandbox/aws/sts.h"
#include "tests/unit/connector/aws/credentials/source_fixture.h"
#include "tests/unit/worker/temporary_folder.h"

namespace connector::aws {
namespace {

using namespace std::chrono_literals;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using kind = source_failure::kind;

constexpr auto role = "arn:aws:iam::123456789012:role/worker";
const sandbox::access_key key;

std::string keys_section(const std::string& name, const std::string& id = key.id,
                         const std::string& secret = key.secret) {
  return "[" + name + "]\naws_access_key_id = " + id + "\naws_secret_access_key = " + secret + "\n";
}

class DefaultChain : public SourceTest {
 protected:
  DefaultChain() {
    environment_["HOME"] = folder_.path();
    // Neither container nor instance metadata, unless a test says so.
    environment_["AWS_EC2_METADATA_DISABLED"] = "true";
    http_ = http::make_client(loop_.get_executor(), {});
  }

  // From the environment as it is now.
  std::unique_ptr<credentials_source> chain() {
    auto metadata = tools();
    source_dependencies plain{*http_, metadata.look_up, metadata.wall_time, metadata.now};
    files_ = std::make_unique<shared_files>(plain.look_up);
    sts_settings how;
    how.endpoint_of = [this](std::string_view) { return parse_endpoint(server_.url()); };
    how.session_name = "tester";
    how.random = [] { return 0.0; };
    sts_ = std::make_unique<sts>(plain, how);
    return make_default_chain(
        {plain, metadata.client, *files_, *sts_, "us-east-1", [] { return 0.0; }});
  }

  std::string get() { return words(fetch(*chain())); }

  tests::temporary_folder folder_;
  sandbox::sts server_;
  std::unique_ptr<http::client> http_;
  std::unique_ptr<shared_files> files_;
  std::unique_ptr<sts> sts_;
};

// A caller that gives up waiting says which source it waited for.
TEST_F(DefaultChain, NamesTheSourceThatIsAskedNow) {
  folder_.write("program", "#!/bin/sh\nuntil [ -e " + folder_.at("go-on") +
                               " ]; do sleep 0.02; done\n"
                               "echo '{\"Version\":1,\"AccessKeyId\":\"AKIDPROGRAM\","
                               "\"SecretAccessKey\":\"x\"}'\n");
  std::filesystem::permissions(folder_.at("program"), std::filesystem::perms::owner_all);
  folder_.write(".aws/config", "[default]\ncredential_process = " + folder_.at("program") + "\n");
  const auto asked = chain();
  EXPECT_EQ(asked->describe(), "none yet");
  const auto got = start(*asked);
  EXPECT_TRUE(run_until([&] { return asked->describe() == "shared files, profile default"; }));
  EXPECT_FALSE(got->has_value());
  folder_.write("go-on", "");
  ASSERT_TRUE(run_until([&] { return got->has_value(); }));
  EXPECT_EQ(words(**got), "ok AKIDPROGRAM");
}

TEST_F(DefaultChain, AsksInTheOrderOfTheSdks) {
  folder_.write("token", "sandbox-web-identity-token\n");
  folder_.write(".aws/credentials", keys_section("default", "AKIDFILE", "x"));
  EXPECT_EQ(get(), "ok AKIDFILE");
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = folder_.at("token");
  environment_["AWS_ROLE_ARN"] = role;
  EXPECT_EQ(get(), "ok ASIASTS1");
  environment_["AWS_ACCESS_KEY_ID"] = "AKIDENV";
  environment_["AWS_SECRET_ACCESS_KEY"] = "x";
  EXPECT_EQ(get(), "ok AKIDENV");
  environment_["AWS_LAMBDA_AWS_ACCESS_KEY"] = "AKIDOWN";
  environment_["AWS_LAMBDA_AWS_SECRET_KEY"] = "x";
  EXPECT_EQ(get(), "ok AKIDOWN");
}

TEST_F(DefaultChain, TakesTheNullDeviceForNoFile) {
  folder_.write(".aws/credentials", keys_section("default", "AKIDFILE", "x"));
  environment_["AWS_CONFIG_FILE"] = "/dev/null";
  EXPECT_EQ(get(), "ok AKIDFILE");
  environment_["AWS_SHARED_CREDENTIALS_FILE"] = "/dev/null";
  EXPECT_THAT(get(), StartsWith("unavailable: "));
}

TEST_F(DefaultChain, SaysWhereItLookedWhenThereIsNothing) {
  EXPECT_THAT(get(),
              AllOf(StartsWith("unavailable: "), HasSubstr("AWS_ACCESS_KEY_ID"),
                    HasSubstr("AWS_WEB_IDENTITY_TOKEN_FILE"), HasSubstr("profile 'default'")));
}

TEST_F(DefaultChain, DoesNotGoOnFromASourceThatIsMeantAndFails) {
  folder_.write(".aws/credentials", keys_section("default"));
  environment_["AWS_ACCESS_KEY_ID"] = "AKID";
  EXPECT_EQ(get(), "rejected: AWS_SECRET_ACCESS_KEY is missing beside AWS_ACCESS_KEY_ID.");
  environment_.erase("AWS_ACCESS_KEY_ID");
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = folder_.at("none");
  EXPECT_THAT(get(), HasSubstr("needs AWS_ROLE_ARN"));
  environment_["AWS_ROLE_ARN"] = role;
  EXPECT_THAT(get(), AllOf(StartsWith("unavailable: "), HasSubstr("cannot be read")));
  environment_.erase("AWS_WEB_IDENTITY_TOKEN_FILE");
  EXPECT_EQ(get(), "ok " + key.id);
  environment_["AWS_PROFILE"] = "none";
  EXPECT_THAT(get(), StartsWith("rejected: Profile 'none' is in neither"));
}

TEST_F(DefaultChain, SendsTheWebIdentityTokenUnsignedAndReadsItEachTime) {
  folder_.write("token", "sandbox-web-identity-token\n");
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = folder_.at("token");
  environment_["AWS_ROLE_ARN"] = role;
  const auto source = chain();
  const auto first = fetch(*source);
  ASSERT_TRUE(first) << first.error().message;
  EXPECT_TRUE(first->expires);
  EXPECT_EQ(first->session_token.reveal(), "sandbox+sts/token&1==");
  EXPECT_EQ(server_.calls().back().fields.at("RoleSessionName"), "tester");
  EXPECT_EQ(first->source, "web identity (" + folder_.at("token") + ", role " + role + ")");
  server_.set_web_token("second-token");
  EXPECT_THAT(words(fetch(*source)),
              AllOf(StartsWith("rejected: STS at 127.0.0.1 refuses AssumeRoleWithWebIdentity"),
                    HasSubstr("InvalidIdentityToken")));
  folder_.write("token", "second-token");
  environment_["AWS_ROLE_SESSION_NAME"] = "mine";
  EXPECT_EQ(words(fetch(*source)), "ok ASIASTS2");
  EXPECT_EQ(get(), "ok ASIASTS3");
  EXPECT_EQ(server_.calls().back().fields.at("RoleSessionName"), "mine");
}

TEST_F(DefaultChain, TakesOverTheRolesOfAProfileOneAfterTheOther) {
  folder_.write(".aws/config", std::string("[profile outer]\nrole_arn = ") + role +
                                   "2\nsource_profile = inner\nexternal_id = ext:1\n"
                                   "[profile inner]\nrole_arn = " +
                                   role + "1\nsource_profile = base\nduration_seconds = 900\n");
  folder_.write(".aws/credentials", keys_section("base"));
  environment_["AWS_PROFILE"] = "outer";
  server_.require_external_id(std::string(role) + "2", "ext:1");
  const auto source = chain();
  const auto got = fetch(*source);
  ASSERT_TRUE(got) << got.error().message;
  EXPECT_EQ(got->access_key_id, "ASIASTS2");
  const auto calls = server_.calls();
  ASSERT_EQ(calls.size(), 2U);
  EXPECT_EQ(calls[0].access_key_id, key.id);
  EXPECT_EQ(calls[0].fields.at("DurationSeconds"), "900");
  EXPECT_EQ(calls[1].access_key_id, "ASIASTS1");
  EXPECT_EQ(got->source, std::string("role ") + role + "2, with role " + role +
                             "1, with shared files, profile base (" +
                             folder_.at(".aws/credentials") + ")");
  EXPECT_THAT(got->source, Not(HasSubstr(key.secret)));
  EXPECT_EQ(source->describe(), "shared files, profile outer");
}

TEST_F(DefaultChain, FollowsCredentialSourceAndProcess) {
  folder_.write("keys", R"({"Version":1,"AccessKeyId":"AKIDPROC","SecretAccessKey":"x"})");
  folder_.write(".aws/config", std::string("[profile env]\nrole_arn = ") + role +
                                   "\ncredential_source = Environment\n[profile proc]\n"
                                   "credential_process = cat " +
                                   folder_.at("keys") + "\n");
  environment_["AWS_PROFILE"] = "env";
  EXPECT_THAT(get(), AllOf(StartsWith("rejected: "), HasSubstr("AWS_ACCESS_KEY_ID")));
  environment_["AWS_PROFILE"] = "proc";
  EXPECT_EQ(get(), "ok AKIDPROC");
}

TEST_F(DefaultChain, GoesOnToTheContainerAndAProfileMayNameIt) {
  sandbox::container_endpoint container;
  environment_["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = container.server().url() + container.path();
  EXPECT_THAT(get(), StartsWith("ok ASIASANDBOX"));
  folder_.write(".aws/credentials", keys_section("default", "AKIDFILE", "x"));
  EXPECT_EQ(get(), "ok AKIDFILE");
  EXPECT_EQ(container.requests, 1);
  folder_.write(".aws/config", std::string("[profile p]\nrole_arn = ") + role +
                                   "\ncredential_source = EcsContainer\n");
  environment_["AWS_PROFILE"] = "p";
  // STS does not know the container's keys, nor those that it gives next.
  EXPECT_THAT(get(), AllOf(StartsWith("rejected: "), HasSubstr("InvalidClientTokenId")));
  EXPECT_EQ(container.requests, 3);
}

// Nothing of the file shows that it can be read again; root reads all, so another user is asked.
TEST_F(DefaultChain, ReadsAFileAgainThatCouldNotBeReadForAMoment) {
  using std::filesystem::perms;
  folder_.write(".aws/credentials", keys_section("default", "AKIDFILE", "x"));
  const auto file = folder_.at(".aws/credentials");
  const auto open = perms::owner_all | perms::group_exec | perms::others_exec;
  std::filesystem::permissions(folder_.path(), open);
  std::filesystem::permissions(folder_.at(".aws"), open);
  const bool root = ::geteuid() == 0;
  shared_files files(look_up());
  std::filesystem::permissions(file, root ? perms::owner_read : perms::none);
  if (root) ASSERT_EQ(::seteuid(65534), 0);
  EXPECT_FALSE(files.read());
  if (root) ASSERT_EQ(::seteuid(0), 0);
  std::filesystem::permissions(file, perms::owner_read);
  EXPECT_TRUE(files.read());
}

TEST_F(DefaultChain, SeesThatFilesChanged) {
  folder_.write(".aws/credentials", keys_section("default", "AKIDOLD", "x"));
  const auto source = chain();
  EXPECT_FALSE(source->changed());
  EXPECT_EQ(words(fetch(*source)), "ok AKIDOLD");
  EXPECT_FALSE(source->changed());
  folder_.write("next", keys_section("default", "AKIDNEW", "x"));
  std::filesystem::rename(folder_.at("next"), folder_.at(".aws/credentials"));
  EXPECT_TRUE(source->changed());
  EXPECT_EQ(words(fetch(*source)), "ok AKIDNEW");
  EXPECT_FALSE(source->changed());
}

TEST_F(DefaultChain, DoesNotBecomeAnotherIdentityWhenTheWinnerGoes) {
  folder_.write(".aws/credentials", keys_section("default", "AKIDOLD", "x"));
  environment_["AWS_EC2_METADATA_DISABLED"] = "false";
  const auto source = chain();
  EXPECT_EQ(words(fetch(*source)), "ok AKIDOLD");
  std::filesystem::remove(folder_.at(".aws/credentials"));
  EXPECT_TRUE(source->changed());
  EXPECT_THAT(words(fetch(*source)),
              AllOf(StartsWith("rejected: "), HasSubstr("not there any more")));
}

TEST_F(DefaultChain, NamesFilesThatCannotBeUsed) {
  environment_["AWS_CONFIG_FILE"] = folder_.at("named");
  EXPECT_THAT(get(), AllOf(StartsWith("rejected: "), HasSubstr("(AWS_CONFIG_FILE)")));
  folder_.write("named", "[default]\nwhat is this\n");
  EXPECT_EQ(get(), "rejected: " + folder_.at("named") +
                       " line 2: it is neither \"name = value\" nor a section.");
  folder_.write("named", std::string(2'000'000, '\n'));
  EXPECT_THAT(get(), HasSubstr("larger than"));
}

TEST_F(DefaultChain, TellsRegionAndEndpointsOfTheProfile) {
  folder_.write("config",
                "[profile p]\nregion = eu-west-1\nservices = local\nendpoint_url = http://all\n"
                "[services local]\nsts =\n  endpoint_url = http://sts\n");
  environment_["AWS_CONFIG_FILE"] = folder_.at("config");
  environment_["AWS_PROFILE"] = "p";
  shared_files files(look_up());
  EXPECT_EQ(files.setting("region"), "eu-west-1");
  EXPECT_EQ(files.endpoint_url("sts"), "http://sts");
  EXPECT_EQ(files.endpoint_url("lambda"), "http://all");
}

TEST_F(DefaultChain, AsksStsAgainWhenItIsAway) {
  folder_.write("token", "sandbox-web-identity-token");
  environment_["AWS_WEB_IDENTITY_TOKEN_FILE"] = folder_.at("token");
  environment_["AWS_ROLE_ARN"] = role;
  server_.fail({503, "", "<html>", 2});
  EXPECT_EQ(get(), "ok ASIASTS1");
  EXPECT_EQ(server_.count(), 3U);
  server_.fail({400, "IDPCommunicationError", "x", 3});
  EXPECT_THAT(get(), AllOf(StartsWith("unavailable: "), HasSubstr("IDPCommunicationError")));
  EXPECT_EQ(server_.count(), 6U);
  server_.fail({403, "AccessDenied", "x", 1});
  EXPECT_THAT(get(), StartsWith("rejected: "));
  EXPECT_EQ(server_.count(), 7U);
}

}  // namespace
}  // namespace connector::aws
