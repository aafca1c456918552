#include "connector/base/shortened.h"

#include <gtest/gtest.h>

#include "tests/unit/connector/hidden_word.h"

namespace connector {
namespace {

TEST(Shortened, CutsAtTheEndOfACharacter) {
  EXPECT_EQ(shortened("plain", 10), "plain");
  EXPECT_EQ(shortened("plain", 3), "pla");
  EXPECT_EQ(shortened("\xE2\x82\xAC\xE2\x82\xAC", 5), "\xE2\x82\xAC");
}

TEST(Shortened, MasksBeforeItCuts) {
  const std::string text = "a MARKED-SECRET b";
  EXPECT_EQ(shortened(text, 8), "a MARKED");
  const hidden_word hidden;
  EXPECT_EQ(shortened(text, 8), "a *** b");
  EXPECT_EQ(shortened(text, 5), "a ***");
}

}  // namespace
}  // namespace connector
