// ASCII letters, blanks, lists, and lists of allowed words.
#include "connector/base/ascii.h"

#include <gtest/gtest.h>

#include "connector/base/words.h"

namespace connector::ascii {
namespace {

TEST(Ascii, LowersLettersOfAsciiAlone) {
  EXPECT_EQ(lower("AZaz09-_ \xC3\x84"), "azaz09-_ \xC3\x84");
  EXPECT_EQ(lower('['), '[');
  EXPECT_EQ(lower('@'), '@');
}

TEST(Ascii, ComparesWithoutCase) {
  EXPECT_TRUE(equal_without_case("Content-LENGTH", "content-length"));
  EXPECT_FALSE(equal_without_case("content-length", "content-lengt"));
  EXPECT_FALSE(equal_without_case("[", "{"));
}

TEST(Ascii, TrimsBlanksAtBothEndsAlone) {
  EXPECT_EQ(trim(" \t\r\n a b \n"), "a b");
  EXPECT_EQ(trim(" \t\r\n"), "");
  EXPECT_EQ(trim("\v\xC2\xA0"), "\v\xC2\xA0");
}

TEST(Ascii, SplitsWithEmptyParts) {
  using parts = std::vector<std::string_view>;
  EXPECT_EQ(split("", ':'), parts({""}));
  EXPECT_EQ(split("a:b", ':'), parts({"a", "b"}));
  EXPECT_EQ(split(":a::", ':'), parts({"", "a", "", ""}));
}

constexpr std::string_view fruits[] = {"apple", "fig"};

TEST(WordList, HoldsWholeWordsAlone) {
  EXPECT_TRUE(contains(fruits, "fig"));
  for (const auto* other : {"", "Fig", "fi", "apple|fig"}) {
    EXPECT_FALSE(contains(fruits, other)) << other;
  }
}

TEST(WordList, IsJoinedForPeople) {
  EXPECT_EQ(joined(fruits, ", "), "apple, fig");
  EXPECT_EQ(joined(fruits, ", ", "'"), "'apple', 'fig'");
  EXPECT_EQ(joined({}, ", "), "");
}

}  // namespace
}  // namespace connector::ascii
