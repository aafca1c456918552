#include <gtest/gtest.h>

#include <map>
#include <optional>
#include <string>

#include "connector/aws/credentials/environment_credentials.h"
#include "connector/aws/credentials/static_credentials.h"

namespace connector::aws {
namespace {

variables from(std::map<std::string, std::string> values) {
  return [values = std::move(values)](std::string_view name) -> std::optional<std::string> {
    const auto found = values.find(std::string(name));
    if (found == values.end()) return std::nullopt;
    return found->second;
  };
}

TEST(EnvironmentCredentials, AreAbsentWithoutVariables) {
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

TEST(StaticCredentials, CannotAddHeaders) {
  const auto code = [](const char* id, const char* secret, const char* token) {
    const auto made = static_credentials(id, secret_string(secret), secret_string(token), "test");
    if (made) return std::string("taken");
    EXPECT_EQ(made.error().message.find("s3cret"), std::string::npos);
    EXPECT_EQ(made.error().failure, failure_class::permanent);
    return std::string(name_of(made.error().code));
  };
  EXPECT_EQ(code("AKID", "s3cret/+", "tok=="), "taken");
  EXPECT_EQ(code("AKID\r\nX: y", "s3cret", ""), "CREDENTIALS_ERROR");
  EXPECT_EQ(code("AKID/20260101", "s3cret", ""), "CREDENTIALS_ERROR");
  EXPECT_EQ(code("AKID, Signature=x", "s3cret", ""), "CREDENTIALS_ERROR");
  EXPECT_EQ(code("AKID", "s3cret", "tok\nX: y"), "CREDENTIALS_ERROR");
  EXPECT_EQ(code("AKID", "s3cret\ns3cret", ""), "CREDENTIALS_ERROR");
  EXPECT_EQ(code(std::string(129, 'A').c_str(), "s3cret", ""), "CREDENTIALS_ERROR");
  EXPECT_EQ(code("AKID", "s3cret", std::string(20'000, 'A').c_str()), "CREDENTIALS_ERROR");
}

TEST(StaticCredentials, AreTrimmed) {
  const auto made = static_credentials(" AKID\n", secret_string("s3cret/+\r\n"),
                                       secret_string("tok== \t"), "test");
  ASSERT_TRUE(made);
  EXPECT_EQ(made->access_key_id, "AKID");
  EXPECT_EQ(made->secret_access_key.reveal(), "s3cret/+");
  EXPECT_EQ(made->session_token.reveal(), "tok==");
  EXPECT_FALSE(static_credentials(" \n", secret_string("s"), {}, "test"));
}

TEST(StaticCredentials, SayWhatIsWrongWithThem) {
  const auto message = [](const char* id, const char* secret, const char* token) {
    const auto made = static_credentials(id, secret_string(secret), secret_string(token), "test");
    return made ? std::string("taken") : made.error().message;
  };
  EXPECT_EQ(message("AK\nID", "s", ""), "accessKeyId has a line break inside.");
  EXPECT_EQ(message("AK ID", "s", ""), "accessKeyId has a blank inside.");
  EXPECT_EQ(message("\"AKID\"", "s", ""), "accessKeyId is written in quotes; take them away.");
  EXPECT_EQ(message("AK\xC3\xA9", "s", ""),
            "accessKeyId holds a character that no access key id has.");
  EXPECT_EQ(message("A", "'s3'", ""), "secretAccessKey is written in quotes; take them away.");
  EXPECT_EQ(message("A", "s", "t\tt"), "sessionToken has a blank inside.");
  EXPECT_EQ(message("A", std::string(600, 's').c_str(), ""),
            "secretAccessKey has more than 512 bytes.");
}

}  // namespace
}  // namespace connector::aws
