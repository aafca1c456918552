// The login at the gateway: tokens that end, a token server that is away, refusals, streams.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <optional>

#include "connector/base/log.h"
#include "tests/journey/login_fixture.h"
#include "tests/journey/test_environment.h"
#include "tests/sandbox/lambda/certificates.h"
#include "tests/sandbox/oauth/token_server.h"
#include "tests/unit/worker/temporary_folder.h"

namespace journey {
namespace {

using sandbox::token_fault;
using sandbox::token_server;
using sandbox::engine::rpc;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using namespace std::chrono_literals;

using JourneyLogin = login_fixture;

TEST_F(JourneyLogin, CallsCarryTheTokenOfOneRequest) {
  start();
  for (int i = 0; i < 20; ++i) expect_completed(env->engine().create(call_of("echo")));
  EXPECT_EQ(tokens.asked(), 1);
  EXPECT_EQ(tokens.kept_out(), 0);
  EXPECT_GT(tokens.let_in(), 20);
  EXPECT_THAT(tokens.last_form(),
              testing::UnorderedElementsAre(std::pair("grant_type", "client_credentials"),
                                            std::pair("client_id", "worker"),
                                            std::pair("client_secret", token_server::client_secret),
                                            // The gateway's host, when nothing else is set.
                                            std::pair("audience", "127.0.0.1")));
}

TEST_F(JourneyLogin, TokenIsRenewedBeforeItEnds) {
  tokens.set_life(1500ms);
  start();
  while (tokens.given() < 4) expect_completed(env->engine().create(call_of("echo")));
  EXPECT_EQ(tokens.kept_out(), 0);
}

TEST_F(JourneyLogin, TokenServerGoesAwayAndComesBack) {
  // given
  tokens.set_life(2000ms);
  start();
  expect_completed(env->engine().create(call_of("echo")));

  // when
  tokens.stop();
  // The token is still good: jobs go on, although renewing it fails.
  expect_completed(env->engine().create(call_of("echo")));
  // After its end no call is made.
  const auto polls = [this] { return env->engine().calls(rpc::activate_jobs); };
  ASSERT_TRUE(env->wait([this] { return !tokens.is_good(tokens.tokens().back()); }));
  const auto late = env->engine().create(call_of("echo"));
  tokens.start();

  // then
  expect_completed(late);
  EXPECT_GT(polls(), 0U);
  EXPECT_GE(tokens.given(), 2);
}

TEST_F(JourneyLogin, RefusedTokenIsRenewedOnceAndTheCallMadeAgain) {
  start();
  expect_completed(env->engine().create(call_of("echo")));
  tokens.revoke_all();
  for (int i = 0; i < 10; ++i) expect_completed(env->engine().create(call_of("echo")));
  EXPECT_EQ(tokens.given(), 2);
}

TEST_F(JourneyLogin, StreamIsOpenedAgainWithTheNewToken) {
  // given
  start();
  ASSERT_TRUE(env->wait([this] { return env->engine().open_streams() == 1; }));

  // when
  tokens.revoke_all();
  env->engine().close_streams(grpc::StatusCode::UNAUTHENTICATED, "the token has expired");

  // then
  ASSERT_TRUE(
      env->wait([this] { return env->engine().open_streams() == 1 && tokens.given() == 2; }));
  expect_completed(env->engine().create(call_of("echo")));
}

TEST_F(JourneyLogin, GatewayThatRefusesEveryTokenIsNotAskedForTokensByEachCall) {
  tokens.want_audience("zeebe-api");
  start();
  ASSERT_TRUE(env->wait([this] { return tokens.kept_out() > 10; }));
  EXPECT_LE(tokens.asked(), 2);
}

TEST_F(JourneyLogin, AudienceScopeAndResourceAreSent) {
  tokens.want_audience("zeebe-api");
  start({{"ZEEBE_TOKEN_AUDIENCE", "zeebe-api"},
         {"CAMUNDA_TOKEN_SCOPE", "a b"},
         {"CAMUNDA_TOKEN_RESOURCE", "urn:x"}});
  expect_completed(env->engine().create(call_of("echo")));
  const auto form = tokens.last_form();
  EXPECT_EQ(form.at("scope"), "a b");
  EXPECT_EQ(form.at("resource"), "urn:x");
}

TEST_F(JourneyLogin, BrokenAnswersOfTheTokenServerPass) {
  for (const auto fault : {token_fault::closed, token_fault::error_500, token_fault::huge,
                           token_fault::garbage, token_fault::no_token, token_fault::blank_token,
                           token_fault::life_zero, token_fault::life_negative}) {
    env.reset();
    tokens.set_fault(fault, 1);
    start();
    expect_completed(env->engine().create(call_of("echo")));
    EXPECT_EQ(tokens.kept_out(), 0) << static_cast<int>(fault);
  }
}

TEST_F(JourneyLogin, WithoutTokenNoCallIsMade) {
  start({{"CAMUNDA_CLIENT_SECRET", "wrong"}});
  ASSERT_TRUE(env->wait([this] { return tokens.asked() > 1; }));
  EXPECT_EQ(tokens.let_in() + tokens.kept_out(), 0);
  EXPECT_EQ(env->engine().calls(rpc::activate_jobs), 0U);
}

TEST_F(JourneyLogin, TokenInTheFileOutlivesTheWorker) {
  // given
  const auto file =
      std::filesystem::temp_directory_path() / ("lc-credentials-" + std::to_string(::getpid()));
  std::filesystem::remove(file);
  start({{"CAMUNDA_CLIENT_CONFIG_PATH", file.string()}});
  expect_completed(env->engine().create(call_of("echo")));
  EXPECT_EQ(tokens.asked(), 1);

  // when
  env.reset();
  start({{"ZEEBE_CLIENT_CONFIG_PATH", file.string()}});
  expect_completed(env->engine().create(call_of("echo")));

  // then
  EXPECT_EQ(tokens.asked(), 1) << "the second worker took the first one's token over";
  // when: the token in the file was revoked meanwhile
  env.reset();
  tokens.revoke_all();
  start({{"CAMUNDA_CLIENT_CONFIG_PATH", file.string()}});
  expect_completed(env->engine().create(call_of("echo")));

  // then
  EXPECT_EQ(tokens.asked(), 2);
  EXPECT_EQ(std::filesystem::status(file).permissions(), std::filesystem::perms(0600));
  // when: there is another kind of file
  env.reset();
  std::ofstream(file) << "a note\n";
  start({{"CAMUNDA_CLIENT_CONFIG_PATH", file.string()}});
  expect_completed(env->engine().create(call_of("echo")));

  // then
  EXPECT_EQ(tokens.asked(), 3);
  std::string line;
  std::getline(std::ifstream(file), line);
  EXPECT_EQ(line, "a note");
  std::filesystem::remove(file);
}

TEST_F(JourneyLogin, NoLineOfTheLogHoldsTokenOrSecret) {
  // given
  testing::internal::CaptureStdout();
  connector::log::set_up(connector::log::level::debug, connector::log::format::json);
  tokens.set_life(1500ms);
  start();
  expect_completed(env->engine().create(call_of("echo")));

  // when
  tokens.revoke_all();
  tokens.set_fault(token_fault::error_500, 1);
  expect_completed(env->engine().create(call_of("echo")));
  env.reset();
  connector::log::shut_down();

  // then
  const auto lines = testing::internal::GetCapturedStdout();
  EXPECT_THAT(lines, HasSubstr("status 500"));
  EXPECT_THAT(lines, Not(HasSubstr(token_server::client_secret)));
  EXPECT_THAT(lines, Not(HasSubstr("AbC-_~")));
}

TEST(JourneyBasicLogin, CallsCarryUserAndPassword) {
  std::atomic<int> kept_out = 0;
  test_environment_options options;
  options.engine.authorize = [&](const std::string& authorization) {
    if (authorization == "Basic d29ya2VyOnM6M2NyZXQ=") return grpc::Status::OK;
    ++kept_out;
    return grpc::Status(grpc::StatusCode::UNAUTHENTICATED, "no");
  };
  options.worker = {{"CAMUNDA_BASIC_AUTH_USERNAME", "worker"},
                    {"CAMUNDA_BASIC_AUTH_PASSWORD", "s:3cret"}};
  test_environment env(std::move(options));
  EXPECT_EQ(env.run(call_of("echo")).state, job_state::completed);
  EXPECT_EQ(kept_out, 0);
}

}  // namespace
}  // namespace journey
