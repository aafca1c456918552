// G13: the login at the gateway under load: tokens that end while streams are open and calls run,
// a token server that is away for longer than a token lives, every token revoked at once. Jobs go
// on with the token that is there, one request for a token serves all calls, and nothing is lost.
#include <gtest/gtest.h>

#include <string>

#include "tests/faults/fault_report.h"
#include "tests/faults/load.h"
#include "tests/sandbox/oauth/token_server.h"

namespace faults {
namespace {

using journey::test_environment;
using sandbox::token_fault;
using sandbox::token_server;

journey::test_environment_options with_login(token_server& tokens) {
  journey::test_environment_options options;
  options.engine.authorize = [&tokens](const std::string& authorization) {
    return tokens.authorize(authorization);
  };
  options.worker = {{"CAMUNDA_CLIENT_ID", token_server::client_id},
                    {"CAMUNDA_CLIENT_SECRET", token_server::client_secret},
                    {"CAMUNDA_OAUTH_URL", tokens.url()}};
  return options;
}

// A token is renewed at four fifths of its life, whatever the number of calls.
void tokens_end() {
  const milliseconds life(is_long() ? 10'000 : 1500);
  token_server tokens;
  tokens.set_life(life);
  test_environment env(with_login(tokens));
  flow jobs(env, journey::call_of("slow", R"({"ms":200})"), 50);
  jobs.pass(life * 5 / 2);
  each_ran_once(env, jobs.keys());
  EXPECT_EQ(tokens.kept_out(), 0) << "a call went out with a token that had ended";
  EXPECT_GE(tokens.given(), 3);
  EXPECT_LE(tokens.asked(), 6);
  report_action("tokens of " + std::to_string(life.count()) + " ms under " +
                std::to_string(jobs.keys().size()) + " jobs: " + std::to_string(tokens.asked()) +
                " requests");
  expect_all_ended(env);
}

void token_server_away() {
  const milliseconds life(is_long() ? 120'000 : 3000);
  const milliseconds away(is_long() ? 300'000 : 5000);
  token_server tokens;
  tokens.set_life(life);
  test_environment env(with_login(tokens));
  EXPECT_EQ(env.run(journey::call_of("echo")).state, journey::job_state::completed);

  // Jobs go on with the old token until its end.
  tokens.set_fault(token_fault::error_500);
  const auto asked = tokens.asked();
  flow jobs(env, journey::call_of("echo"), 50);
  jobs.pass(life / 2);
  for (const auto key : jobs.keys()) {
    EXPECT_EQ(env.wait_ended(key).state, journey::job_state::completed);
  }
  // Then they wait in the engine.
  jobs.pass(away - life / 2);
  EXPECT_FALSE(tokens.is_good(tokens.tokens().back()));
  const auto meanwhile = tokens.asked() - asked;
  EXPECT_LE(meanwhile, 5 + 2 * away.count() / 1000) << "a request for each call";

  tokens.set_fault(token_fault::none);
  each_ran_once(env, jobs.keys(), std::chrono::minutes(2));
  report_action("the token server away for " + std::to_string(away.count()) + " ms, " +
                std::to_string(meanwhile) + " requests meanwhile");
  expect_all_ended(env);
}

// Hundreds of calls are refused at once and ask for one token.
void all_revoked() {
  token_server tokens;
  test_environment env(with_login(tokens));
  flow jobs(env, journey::call_of("slow", R"({"ms":500})"), 200);
  jobs.pass(milliseconds(700));
  const auto given = tokens.given();
  tokens.revoke_all();
  env.engine().close_streams(grpc::StatusCode::UNAUTHENTICATED, "the token has expired");
  jobs.pass(milliseconds(is_long() ? 5000 : 700));
  each_ran_once(env, jobs.keys());
  EXPECT_GT(tokens.kept_out(), 0);
  EXPECT_LE(tokens.given() - given, 2);
  report_action("all tokens revoked, " + std::to_string(tokens.kept_out()) + " calls refused, " +
                std::to_string(tokens.given() - given) + " new tokens");
  expect_all_ended(env);
}

TEST(Faults, G13_TokensEndAndTheirServerIsAway) {
  tokens_end();
  token_server_away();
  all_revoked();
}

}  // namespace
}  // namespace faults
