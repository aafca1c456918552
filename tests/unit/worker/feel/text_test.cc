#include "worker/feel/text.h"

#include <gtest/gtest.h>

#include <string>

#include "worker/feel/special_casing.h"

namespace worker::feel {
namespace {

constexpr std::string_view face = "\xF0\x9F\x98\x80";  // U+1F600, two units of UTF-16

TEST(Text, LengthsAreCountedInUtf16Units) {
  EXPECT_EQ(utf16_length(""), 0U);
  EXPECT_EQ(utf16_length("foo"), 3U);
  EXPECT_EQ(utf16_length("\xC3\xA9"), 1U);
  EXPECT_EQ(utf16_length("\xE6\x97\xA5\xE6\x9C\xAC"), 2U);
  EXPECT_EQ(utf16_length(face), 2U);
  EXPECT_EQ(utf16_length("a\xFF\xC3"), 3U);
}

TEST(Text, CutsCountUtf16Units) {
  const std::string text = "a" + std::string(face) + "b";
  EXPECT_EQ(utf16_substring(text, 0, 4), text);
  EXPECT_EQ(utf16_substring(text, 3, 4), "b");
  EXPECT_EQ(utf16_substring(text, 1, 3), face);
  EXPECT_EQ(utf16_substring(text, 1, 1), "");
  EXPECT_EQ(utf16_substring(text, 4, 9), "");
}

TEST(Text, APairThatIsCutLeavesAQuestionMark) {
  const std::string text = "a" + std::string(face) + "b";
  EXPECT_EQ(utf16_substring(text, 2, 4), "?b");
  EXPECT_EQ(utf16_substring(text, 0, 2), "a?");
}

TEST(Text, OrderIsThatOfUtf16Units) {
  EXPECT_EQ(compare_utf16("abc", "abc"), 0);
  EXPECT_LT(compare_utf16("ab", "abc"), 0);
  EXPECT_GT(compare_utf16("b", "abc"), 0);
  EXPECT_LT(compare_utf16("Z", "a"), 0);
  EXPECT_LT(compare_utf16(face, "\xEE\x80\x80"), 0);  // U+E000
  EXPECT_GT(compare_utf16("\xEF\xBF\xBD", face), 0);  // U+FFFD
  EXPECT_GT(compare_utf16(face, "\xED\x9F\xBF"), 0);  // U+D7FF
}

TEST(Text, UpperCaseMayBeLonger) {
  EXPECT_EQ(upper_case("aBc4"), "ABC4");
  EXPECT_EQ(upper_case("stra\xC3\x9F"
                       "e"),
            "STRASSE");
  EXPECT_EQ(upper_case("\xC4\xB1"), "I");
  EXPECT_EQ(upper_case("\xC7\x86 \xEF\xAC\x81"), "\xC7\x84 FI");
  EXPECT_EQ(upper_case("\xC5\x89"), "\xCA\xBCN");
  EXPECT_EQ(upper_case("a\xFF"), "A\xEF\xBF\xBD");
}

TEST(Text, SpecialCasesAreFoundAtBothEndsOfTheirTable) {
  EXPECT_EQ(special_upper_case(0xDF), U"SS");
  EXPECT_EQ(special_upper_case(0xFB17), U"\u0544\u053D");
  EXPECT_EQ(special_upper_case('a'), U"");
  EXPECT_EQ(special_upper_case(0x10FFFF), U"");
}

TEST(Text, LowerCaseKnowsTheFinalSigma) {
  EXPECT_EQ(lower_case("aBC4"), "abc4");
  EXPECT_EQ(lower_case("\xC3\x84\xC3\x96"), "\xC3\xA4\xC3\xB6");
  EXPECT_EQ(lower_case("\xCE\xA3\xCE\x91\xCE\xA3"), "\xCF\x83\xCE\xB1\xCF\x82");
  EXPECT_EQ(lower_case("\xCE\xA3"), "\xCF\x83");
  EXPECT_EQ(lower_case("\xCE\x91\xCE\xA3 \xCE\x91"), "\xCE\xB1\xCF\x82 \xCE\xB1");
  EXPECT_EQ(lower_case("\xCE\x91\xCE\xA3'\xCE\x91"), "\xCE\xB1\xCF\x83'\xCE\xB1");
  EXPECT_EQ(lower_case("\xCE\x91\xCE\xA3."), "\xCE\xB1\xCF\x82.");
  EXPECT_EQ(lower_case("1\xCE\xA3"), "1\xCF\x83");
  EXPECT_EQ(lower_case("\xC4\xB0"), "i\xCC\x87");
}

TEST(Text, FindsTheFirstPlace) {
  for (const std::string_view sought : {"", "a", "b", "ab", "ba", "aab", "abab", "abaabab", "c"}) {
    for (const std::string_view text : {"", "a", "aabab", "abaabab", "aaaaaaaaab"}) {
      EXPECT_EQ(find_in(text, sought), text.find(sought)) << text << " " << sought;
    }
  }
  EXPECT_EQ(find_in({}, {}), 0U);
  EXPECT_EQ(find_in({}, "a"), std::string_view::npos);
}

TEST(Text, TrimmingTakesControlCharactersAndSpacesOfAscii) {
  EXPECT_EQ(trimmed("  hello world \t\n"), "hello world");
  EXPECT_EQ(trimmed(std::string_view("\0x\0", 3)), "x");
  EXPECT_EQ(trimmed("\xC2\xA0x"), "\xC2\xA0x");
  EXPECT_EQ(trimmed(" "), "");
}

TEST(Text, BlankIsWhiteSpaceOfUnicodeThatBreaks) {
  EXPECT_TRUE(is_blank(""));
  EXPECT_TRUE(is_blank(" \t\n\x0B\x1F"));
  EXPECT_TRUE(is_blank("\xE2\x80\x83\xE3\x80\x80\xE2\x80\xA8"));  // em space, CJK space, line end
  EXPECT_FALSE(is_blank("\xC2\xA0"));
  EXPECT_FALSE(is_blank("\xE2\x80\xAF"));
  EXPECT_FALSE(is_blank(" x"));
  EXPECT_FALSE(is_blank("\xC2\x85"));
}

}  // namespace
}  // namespace worker::feel
