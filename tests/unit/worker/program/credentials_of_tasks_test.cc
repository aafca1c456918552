// What redaction and the cache keep of the role sessions that tasks ask for, and what a change of
// the keys' places does.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
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

// Bounded: a change is looked for once a second.
std::string secret_after_change(const std::function<std::string()>& get, const std::string& old) {
  const auto bound = std::chrono::steady_clock::now() + std::chrono::seconds(10);
  auto now = get();
  while (now == old && std::chrono::steady_clock::now() < bound) now = get();
  return now;
}

TEST_F(CredentialsFactory, KeysOfAProfileAreReadAgainWhenTheyChange) {
  folder_.write("key", "old-secret");
  folder_.write("STORED", "old-stored-secret");
  auto& file = profile("file", from::keys);
  file.access_key_id = "AKIDFILE";
  file.secret_access_key.file = folder_.at("key");
  auto& stored = profile("stored", from::keys);
  stored.access_key_id = "AKIDSTORED";
  stored.secret_access_key.secret = "STORED";
  const auto secret_of = [this](const std::string& name) {
    return [this, name] {
      const auto keys = keys_of(named(name));
      return keys ? std::string(keys->secret_access_key.reveal()) : keys.error().message;
    };
  };
  ASSERT_EQ(secret_of("file")(), "old-secret");
  ASSERT_EQ(secret_of("stored")(), "old-stored-secret");
  folder_.write("key", "new-secret");
  folder_.write("STORED", "new-stored-secret");
  EXPECT_EQ(secret_after_change(secret_of("file"), "old-secret"), "new-secret");
  EXPECT_EQ(secret_after_change(secret_of("stored"), "old-stored-secret"), "new-stored-secret");
  EXPECT_EQ(known_.for_job({})->mask("new-secret new-stored-secret"), "*** ***");
}

}  // namespace
}  // namespace worker::program
