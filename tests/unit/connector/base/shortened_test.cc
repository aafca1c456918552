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

TEST(Shortened, CutsNoSecretInTwo) {
  const std::string text = "a MARKED-SECRET b";
  EXPECT_EQ(shortened(text, 8), "a MARKED");
  const hidden_word hidden;
  EXPECT_EQ(shortened(text, 8), "a MARKED-SECRET");
  EXPECT_EQ(shortened(text, 2), "a ");
  EXPECT_EQ(shortened(text, 16), "a MARKED-SECRET ");
}

}  // namespace
}  // namespace connector
