// A worker that logs in at the gateway with tokens of an embedded token server.
#pragma once

#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "tests/journey/test_environment.h"
#include "tests/sandbox/oauth/token_server.h"

namespace journey {

class login_fixture : public testing::Test {
 protected:
  void start(environment_variables more = {}) {
    test_environment_options options;
    options.engine.authorize = [this](const std::string& authorization) {
      return tokens.authorize(authorization);
    };
    options.worker = {{"CAMUNDA_CLIENT_ID", sandbox::token_server::client_id},
                      {"CAMUNDA_CLIENT_SECRET", sandbox::token_server::client_secret},
                      {"CAMUNDA_OAUTH_URL", tokens.url()}};
    for (auto& [name, value] : more) options.worker[name] = value;
    env.emplace(std::move(options));
  }

  void expect_completed(std::int64_t job) {
    const auto ended = env->wait_ended(job);
    EXPECT_EQ(ended.state, job_state::completed) << ended.incident_message;
    EXPECT_EQ(ended.fails, 0U);
  }

  sandbox::token_server tokens;
  std::optional<test_environment> env;
};

}  // namespace journey
