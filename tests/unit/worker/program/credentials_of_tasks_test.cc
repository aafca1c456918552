// What redaction and the cache keep of the role sessions that tasks ask for, and what a change of
// the keys' places does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "tests/unit/worker/program/credentials_factory_fixture.h"

namespace worker::program {
namespace {

aws::identity session(const std::string& name) {
  aws::identity who;
  who.region = "us-east-1";
  who.role = aws::assumed_role{};
  who.role->role_arn = role;
  who.role->session_name = name;
  return who;
}

// Each instance of a process may ask for a session of its own.
TEST_F(CredentialsFactory, SessionsOfTasksAreForgottenByRedactionAsTheirSecretsAre) {
  const auto first = keys_of(session("s1"));
  ASSERT_TRUE(first);
  const auto token = std::string(first->session_token.reveal());
  EXPECT_EQ(known_.mask(token), "***");
  EXPECT_FALSE(known_.for_job({})->finds(token));
  for (std::size_t i = 2; i <= most_known; ++i) {
    ASSERT_TRUE(keys_of(session("s" + std::to_string(i))));
  }
  EXPECT_FALSE(known_.mask(token) == "***");
  EXPECT_TRUE(known_.for_job({})->finds(key.secret));
}

}  // namespace
}  // namespace worker::program
