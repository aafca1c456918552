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
  EXPECT_EQ(trim(" \t\r\n x \n"), "x");
  EXPECT_EQ(trim("   "), "");
  EXPECT_EQ(trim("\fx\v"), "\fx\v");
  EXPECT_EQ(trim("\v\xC2\xA0"), "\v\xC2\xA0");
}

TEST(Ascii, SplitsWithEmptyParts) {
  using parts = std::vector<std::string_view>;
  EXPECT_EQ(split("", ':'), parts({""}));
  EXPECT_EQ(split("a:b", ':'), parts({"a", "b"}));
  EXPECT_EQ(split(":a::", ':'), parts({"", "a", "", ""}));
}

TEST(Ascii, ItemsOfAListAreTrimmedAndNeverEmpty) {
  using list = std::vector<std::string>;
  EXPECT_EQ(items(" a, b c ,,\t,d,"), list({"a", "b c", "d"}));
  EXPECT_EQ(items(" , "), list{});
  EXPECT_EQ(items(""), list{});
  EXPECT_EQ(items("a,b\nc", ",\n"), list({"a", "b", "c"}));
}

TEST(Ascii, KnowsLettersAndDigitsOfAsciiAlone) {
  for (int code = 0; code < 256; ++code) {
    const char c = static_cast<char>(code);
    const bool digit = std::string_view("0123456789").find(c) != std::string_view::npos;
    const bool letter =
        std::string_view("abcdefghijklmnopqrstuvwxyz").find(lower(c)) != std::string_view::npos;
    EXPECT_EQ(is_digit(c), digit) << code;
    EXPECT_EQ(is_letter(c), letter) << code;
    EXPECT_EQ(is_letter_or_digit(c), digit || letter) << code;
  }
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
