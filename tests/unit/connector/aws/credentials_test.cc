#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <map>
#include <optional>
#include <string>

#include "connector/aws/credentials/environment_credentials.h"
#include "connector/aws/credentials/static_credentials.h"
#include "connector/aws/credentials/worker_credentials.h"

namespace connector::aws {
namespace {

variables from(std::map<std::string, std::string> values) {
  return [values = std::move(values)](std::string_view name) -> std::optional<std::string> {
    const auto found = values.find(std::string(name));
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

TEST(EnvironmentCredentials, AreNoneWithoutVariables) {
  const auto none = environment_credentials(from({}));
  ASSERT_TRUE(none);
  EXPECT_FALSE(none->has_value());
  const auto empty =
      environment_credentials(from({{"AWS_ACCESS_KEY_ID", ""}, {"AWS_SECRET_ACCESS_KEY", ""}}));
  ASSERT_TRUE(empty);
  EXPECT_FALSE(empty->has_value());
}

TEST(EnvironmentCredentials, ReadTheFamilyOfTheSdks) {
  const auto found = environment_credentials(from({{"AWS_ACCESS_KEY_ID", "AKID"},
                                                   {"AWS_SECRET_ACCESS_KEY", "secret"},
                                                   {"AWS_SESSION_TOKEN", "token"}}));
  ASSERT_TRUE(found && found->has_value());
  EXPECT_EQ((*found)->access_key_id, "AKID");
  EXPECT_EQ((*found)->secret_access_key.reveal(), "secret");
  EXPECT_EQ((*found)->session_token.reveal(), "token");
  EXPECT_EQ((*found)->source, "environment (AWS_*)");
}

TEST(EnvironmentCredentials, OfTheLambdaFamilyWinAsOneSet) {
  const auto found = environment_credentials(from({{"AWS_LAMBDA_AWS_ACCESS_KEY", "OWN"},
                                                   {"AWS_LAMBDA_AWS_SECRET_KEY", "own-secret"},
                                                   {"AWS_ACCESS_KEY_ID", "AKID"},
                                                   {"AWS_SECRET_ACCESS_KEY", "secret"},
                                                   {"AWS_SESSION_TOKEN", "token"}}));
  ASSERT_TRUE(found && found->has_value());
  EXPECT_EQ((*found)->access_key_id, "OWN");
  EXPECT_EQ((*found)->secret_access_key.reveal(), "own-secret");
  // The token belongs to the other key.
  EXPECT_TRUE((*found)->session_token.empty());
}

TEST(EnvironmentCredentials, NameTheVariableThatIsMissing) {
  const auto message = [](std::map<std::string, std::string> values) {
    const auto found = environment_credentials(from(std::move(values)));
    EXPECT_FALSE(found);
    if (found) return std::string();
    EXPECT_EQ(found.error().code, error_code::credentials_error);
    return found.error().message;
  };
  EXPECT_EQ(message({{"AWS_ACCESS_KEY_ID", "AKID"}}),
            "AWS_SECRET_ACCESS_KEY is missing beside AWS_ACCESS_KEY_ID.");
  EXPECT_EQ(message({{"AWS_SECRET_ACCESS_KEY", "s"}}),
            "AWS_ACCESS_KEY_ID is missing beside AWS_SECRET_ACCESS_KEY.");
  // Half of the winning set does not fall through to the other one.
  EXPECT_EQ(message({{"AWS_LAMBDA_AWS_ACCESS_KEY", "OWN"},
                     {"AWS_ACCESS_KEY_ID", "AKID"},
                     {"AWS_SECRET_ACCESS_KEY", "secret"}}),
            "AWS_LAMBDA_AWS_SECRET_KEY is missing beside AWS_LAMBDA_AWS_ACCESS_KEY.");
}

TEST(EnvironmentRegion, TakesTheFirstThatIsSet) {
  EXPECT_EQ(environment_region(from({})), "");
  EXPECT_EQ(environment_region(from({{"AWS_DEFAULT_REGION", "c"}})), "c");
  EXPECT_EQ(environment_region(from({{"AWS_DEFAULT_REGION", "c"}, {"AWS_REGION", "b"}})), "b");
  EXPECT_EQ(environment_region(from({{"AWS_REGION", "b"}, {"AWS_LAMBDA_AWS_REGION", "a"}})), "a");
  EXPECT_EQ(environment_region(from({{"AWS_REGION", "b"}, {"AWS_LAMBDA_AWS_REGION", ""}})), "b");
}

TEST(StaticCredentials, CannotAddHeaders) {
  const auto code = [](const char* id, const char* secret, const char* token) {
    const auto made = static_credentials(id, secret_string(secret), secret_string(token), "test");
    if (made) return std::string("taken");
    EXPECT_EQ(made.error().message.find("s3cret"), std::string::npos);
    EXPECT_EQ(made.error().what, failure_class::permanent);
    return std::string(name_of(made.error().code));
  };
  EXPECT_EQ(code("AKID", "s3cret/+", "tok=="), "taken");
  EXPECT_EQ(code("AKID\r\nX: y", "s3cret", ""), "CREDENTIALS_ERROR");
  EXPECT_EQ(code("AKID/20260101", "s3cret", ""), "CREDENTIALS_ERROR");
  EXPECT_EQ(code("AKID, Signature=x", "s3cret", ""), "CREDENTIALS_ERROR");
  EXPECT_EQ(code("AKID", "s3cret", "tok\nX: y"), "CREDENTIALS_ERROR");
  EXPECT_EQ(code("AKID", "s3cret\n", ""), "CREDENTIALS_ERROR");
  EXPECT_EQ(code(std::string(129, 'A').c_str(), "s3cret", ""), "CREDENTIALS_ERROR");
  EXPECT_EQ(code("AKID", "s3cret", std::string(20'000, 'A').c_str()), "CREDENTIALS_ERROR");
}

result<credentials> get(credentials_provider& from_provider, identity who) {
  boost::asio::io_context loop;
  std::optional<result<credentials>> got;
  boost::asio::co_spawn(loop, from_provider.get(std::move(who), boot_clock::now()),
                        [&](std::exception_ptr failed, result<credentials> value) {
                          ASSERT_FALSE(failed);
                          got = std::move(value);
                        });
  loop.run();
  return got.value();
}

TEST(WorkerCredentials, GiveTheWorkersOwn) {
  auto provider = make_worker_credentials(
      from({{"AWS_ACCESS_KEY_ID", "AKID"}, {"AWS_SECRET_ACCESS_KEY", "secret"}}));
  ASSERT_TRUE(provider);
  EXPECT_EQ((*provider)->describe(), "environment (AWS_*)");
  EXPECT_EQ(get(**provider, identity{})->access_key_id, "AKID");
}

TEST(WorkerCredentials, GiveTheKeysOfATask) {
  auto provider = make_worker_credentials(from({}));
  ASSERT_TRUE(provider);
  EXPECT_EQ((*provider)->describe(), "none");
  identity who;
  who.from = identity::kind::keys;
  who.access_key_id = "TASK";
  who.secret_access_key = secret_string("secret");
  const auto got = get(**provider, who);
  ASSERT_TRUE(got);
  EXPECT_EQ(got->access_key_id, "TASK");
}

TEST(WorkerCredentials, LetTheJobComeBackWhenTheWorkerHasNone) {
  auto provider = make_worker_credentials(from({}));
  ASSERT_TRUE(provider);
  const auto got = get(**provider, identity{});
  ASSERT_FALSE(got);
  EXPECT_EQ(got.error().code, error_code::credentials_error);
  EXPECT_EQ(got.error().what, failure_class::not_started);
}

TEST(WorkerCredentials, RefuseWhatThisVersionDoesNotHave) {
  auto provider = make_worker_credentials(from({}));
  ASSERT_TRUE(provider);
  identity role;
  role.role = assumed_role{};
  identity profile;
  profile.from = identity::kind::profile;
  identity none;
  none.from = identity::kind::none;
  for (const auto& who : {role, profile, none}) {
    const auto got = get(**provider, who);
    ASSERT_FALSE(got);
    EXPECT_EQ(got.error().code, error_code::credentials_error);
    EXPECT_EQ(got.error().what, failure_class::permanent);
    EXPECT_NE(got.error().message.find("not in this version"), std::string::npos);
  }
}

TEST(WorkerCredentials, AreAnErrorAtStartWhenHalfOfAPairIsSet) {
  EXPECT_FALSE(make_worker_credentials(from({{"AWS_ACCESS_KEY_ID", "AKID"}})));
}

}  // namespace
}  // namespace connector::aws
