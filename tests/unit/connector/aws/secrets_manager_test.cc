#include "connector/aws/secrets_manager.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <memory>

#include "connector/http/pooled_client.h"
#include "tests/sandbox/aws/secrets_manager.h"

namespace connector::aws {
namespace {

using testing::AllOf;
using testing::HasSubstr;

class fixed_keys : public credentials_provider {
 public:
  boost::asio::awaitable<result<credentials>> get(identity, deadline) override { co_return keys; }
  void expired(const identity&, const std::string& access_key_id) override {
    called_expired = access_key_id;
  }
  [[nodiscard]] std::string describe() const override { return "fixed"; }

  credentials keys;
  std::string called_expired;
};

struct SecretsManager : testing::Test {
  SecretsManager() {
    const sandbox::access_key key;
    keys.keys.access_key_id = key.id;
    std::string secret = key.secret;
    keys.keys.secret_access_key = secret_string::take(secret);
  }

  // "ok TEXT", or class and message.
  std::string get(const std::string& id, const std::string& region = "us-east-1") {
    secrets_manager_settings how;
    how.secret_id = id;
    how.region = region;
    how.endpoint_of = [this](std::string_view) { return parse_endpoint(url); };
    how.user_agent = "test";
    boost::asio::io_context loop;
    auto client = http::make_client(loop.get_executor(), {});
    secrets_manager from(how, *client, keys);
    std::string out;
    boost::asio::co_spawn(loop, from.get(boot_clock::now() + std::chrono::seconds(20)),
                          [&](std::exception_ptr bug, result<secret_string> got) {
                            if (bug != nullptr) std::rethrow_exception(bug);
                            out = got ? "ok " + std::string(got->reveal())
                                      : std::string(name_of(got.error().failure)) + " " +
                                            got.error().message;
                            client->close_idle();
                          });
    loop.run_for(std::chrono::seconds(30));
    return out;
  }

  sandbox::secrets_manager server;
  std::string url = server.url();
  fixed_keys keys;
};

TEST_F(SecretsManager, CorrectsAWrongClock) {
  server.put("orders", "{}");
  for (const auto ahead : {std::chrono::minutes(40), -std::chrono::minutes(40)}) {
    server.set_clock(ahead);
    EXPECT_EQ(get("orders"), "ok {}") << ahead.count();
  }
  EXPECT_EQ(server.count(), 2U);
}

TEST_F(SecretsManager, SaysThatTheClocksDifferWhenItCannotBeCorrected) {
  server.fail(400, "RequestExpired");
  EXPECT_THAT(get("orders"), AllOf(HasSubstr("not started"), HasSubstr("RequestExpired"),
                                   HasSubstr("The clocks of the service and of this machine")));
}

TEST_F(SecretsManager, GivesTheTextOfASecret) {
  server.put("orders", R"({"a":"b\"c"})");
  EXPECT_EQ(get("orders"), R"(ok {"a":"b\"c"})");
  EXPECT_EQ(server.count(), 1U);
}

TEST_F(SecretsManager, RefusalsNameTheSecretAndWhatToDo) {
  EXPECT_THAT(get("none"), AllOf(HasSubstr("permanent"), HasSubstr("secret none"),
                                 HasSubstr("ResourceNotFoundException"), HasSubstr("region")));
  server.fail(400, "AccessDeniedException");
  EXPECT_THAT(get("orders"), AllOf(HasSubstr("permanent"), HasSubstr("secretsmanager:GetSecret")));
  EXPECT_THAT(get("orders", ""), AllOf(HasSubstr("permanent"), HasSubstr("AWS_REGION")));
}

TEST_F(SecretsManager, WhatMayPassIsNotForGood) {
  server.fail(500, "InternalServiceError");
  EXPECT_THAT(get("orders"), HasSubstr("not started"));
  server.fail(400, "ThrottlingException");
  EXPECT_THAT(get("orders"), HasSubstr("not started"));
  url = "http://127.0.0.1:1";
  EXPECT_THAT(get("orders"), HasSubstr("not started"));
}

TEST_F(SecretsManager, ExpiredCredentialsAreReported) {
  server.fail(400, "ExpiredTokenException");
  EXPECT_THAT(get("orders"), HasSubstr("not started"));
  EXPECT_EQ(keys.called_expired, keys.keys.access_key_id);
}

TEST_F(SecretsManager, KeysThatTheServiceDoesNotKnowAreReported) {
  server.fail(400, "UnrecognizedClientException");
  EXPECT_THAT(get("orders"), HasSubstr("not started"));
  EXPECT_EQ(keys.called_expired, keys.keys.access_key_id);
}

TEST(SecretsManagerParts, RegionOfAnArnCounts) {
  EXPECT_EQ(region_of_secret("arn:aws:secretsmanager:eu-west-1:123456789012:secret:a-b"),
            "eu-west-1");
  EXPECT_EQ(region_of_secret("orders"), "");
  EXPECT_EQ(region_of_secret("arn:"), "");
  EXPECT_EQ(region_of_secret("arn:aws"), "");
}

TEST(SecretsManagerParts, AnswersThatAreNoSecretAreRefused) {
  for (const char* body : {"", "[]", "{}", R"({"SecretBinary":"AAAA"})", R"({"SecretString":5})",
                           R"({"SecretString":"a")"}) {
    EXPECT_TRUE(read_secret_value(body, "orders").has_error()) << body;
  }
}

}  // namespace
}  // namespace connector::aws
