#include "worker/secrets/secret_cache.h"

#include <gtest/gtest.h>

namespace worker::secrets {
namespace {

using namespace std::chrono_literals;
using connector::boot_clock;
using state = lookup_result::state;

connector::secret_string secret(std::string text) { return connector::secret_string::take(text); }

struct KeptCopy : testing::Test {
  state look(std::string_view name, boot_clock::duration after) {
    last = copy.look_up(name, start + after);
    return last.result;
  }

  secret_cache copy;
  boot_clock::time_point start{1h};
  lookup_result last;
};

TEST_F(KeptCopy, BeforeItIsReadEverythingIsAway) {
  EXPECT_EQ(look("a", 0s), state::unavailable);
  copy.failed("the store refuses");
  EXPECT_EQ(look("a", 0s), state::unavailable);
  EXPECT_EQ(last.reason, "the store refuses");
}

TEST_F(KeptCopy, GivesValuesHoweverOldTheyAre) {
  ASSERT_FALSE(copy.replace(secret(R"({"a":"x\ny","n":5,"o":{"p":1}})"), start).has_error());
  EXPECT_EQ(copy.size(), 3U);
  EXPECT_EQ(look("a", 0s), state::found);
  EXPECT_EQ(last.value.reveal(), "x\ny");
  EXPECT_EQ(look("n", 0s), state::found);
  EXPECT_EQ(last.value.reveal(), "5");
  EXPECT_EQ(look("o", 48h), state::found);
  EXPECT_EQ(last.value.reveal(), R"({"p":1})");
}

TEST_F(KeptCopy, ReadsAnObjectBehindAByteOrderMark) {
  ASSERT_FALSE(copy.replace(secret("\xEF\xBB\xBF{\"a\":\"b\"}"), start).has_error());
  EXPECT_EQ(look("a", 0s), state::found);
  EXPECT_EQ(last.value.reveal(), "b");
}

TEST_F(KeptCopy, NameThatIsMissingIsOnlyBelievedInAFreshCopy) {
  ASSERT_FALSE(copy.replace(secret(R"({"a":"b"})"), start).has_error());
  EXPECT_EQ(look("new", 1s), state::missing);
  EXPECT_EQ(look("new", 1min), state::stale);
  copy.failed("the store refuses");
  EXPECT_EQ(look("new", 1min), state::stale);
  EXPECT_EQ(last.reason, "the store refuses");
  ASSERT_FALSE(copy.replace(secret(R"({"new":"c"})"), start + 1min).has_error());
  EXPECT_EQ(look("new", 1min), state::found);
  EXPECT_EQ(look("a", 1min), state::missing);
}

TEST_F(KeptCopy, TextThatIsNoObjectLeavesTheCopyAsItWas) {
  ASSERT_FALSE(copy.replace(secret(R"({"a":"b"})"), start).has_error());
  for (const char* wrong : {"", "[]", "plain", R"({"a":"\ud800"})", R"({"a":1}x)"}) {
    EXPECT_TRUE(copy.replace(secret(wrong), start).has_error()) << wrong;
  }
  EXPECT_EQ(look("a", 0s), state::found);
}

}  // namespace
}  // namespace worker::secrets
