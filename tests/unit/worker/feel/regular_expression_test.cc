#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/worker/feel/regular_expressions.h"

namespace worker::feel {
namespace {

TEST(RegularExpression, FindsAnywhere) {
  EXPECT_EQ(matches("foobar", "oba"), "yes");
  EXPECT_EQ(matches("foobar", "^fo*bar$"), "yes");
  EXPECT_EQ(matches("foobar", "^oba"), "no");
  EXPECT_EQ(matches("a@b.de", R"(^[^@\s]+@[^@\s]+\.[a-z]{2,}$)"), "yes");
  EXPECT_EQ(matches("", ""), "yes");
}

TEST(RegularExpression, WordsAndDigitsAreAscii) {
  EXPECT_EQ(matches("\xC3\xA4", "\\w"), "no");
  EXPECT_EQ(matches("\xC3\xA4", "\\b"), "no");
  EXPECT_EQ(matches("\xC3\xA4", "\\W"), "yes");
  EXPECT_EQ(matches("\xC3\xA4", "(?U)\\w"), "yes");
  EXPECT_EQ(matches("\xC3\xA4", "(?U)^\\b"), "yes");
  EXPECT_EQ(matches("\xC3\xA4", "(?U)^\\B"), "no");
  EXPECT_EQ(matches("\xD9\xA3", "\\d"), "no");  // an Arabic three
  EXPECT_EQ(matches("\xC2\xA0", "\\s"), "no");
  EXPECT_EQ(matches("\xC2\xA0", "\\h"), "yes");
}

TEST(RegularExpression, WithoutCaseMeansAsciiUnlessUnicodeIsAskedFor) {
  EXPECT_EQ(matches("FOO", "foo", "i"), "yes");
  EXPECT_EQ(matches("FOO", "[a-g]", "i"), "yes");
  EXPECT_EQ(matches("foo", "[A-G]", "i"), "yes");
  EXPECT_EQ(matches("FOO", "[^f]", "i"), "yes");
  EXPECT_EQ(matches("FF", "[^f]", "i"), "no");
  EXPECT_EQ(matches("\xC3\x89", "\xC3\xA9", "i"), "no");
  EXPECT_EQ(matches("\xE2\x84\xAA", "k", "i"), "no");  // the sign of Kelvin
  EXPECT_EQ(matches("\xC3\x89", "(?iu)\xC3\xA9"), "yes");
  EXPECT_EQ(matches("\xC3\x89", "(?iu)[\xC3\xA0-\xC3\xB0]"), "yes");
  EXPECT_EQ(matches("aA", "(?i)(a)\\1"), "yes");
  EXPECT_EQ(matches("aA", "(a)\\1"), "no");
  EXPECT_EQ(matches("FOO", "foo", "z"), "no");
}

TEST(RegularExpression, FlagsHoldUntilTheEndOfTheirGroup) {
  EXPECT_EQ(matches("aB", "a(?i)b"), "yes");
  EXPECT_EQ(matches("aBC", "a((?i)b)c"), "no");
  EXPECT_EQ(matches("aBc", "a(?i:b)c"), "yes");
  EXPECT_EQ(matches("B", "(?i)a|b"), "yes");
  EXPECT_EQ(matches("A", "(?i)(?-i)a"), "no");
}

TEST(RegularExpression, LinesEndAsInJava) {
  EXPECT_EQ(matches("a\nb", "a.b"), "no");
  EXPECT_EQ(matches("a\xC2\x85"
                    "b",
                    "a.b"),
            "no");
  EXPECT_EQ(matches("a\xE2\x80\xA8"
                    "b",
                    "a.b"),
            "no");
  EXPECT_EQ(matches("a\x0B"
                    "b",
                    "a.b"),
            "yes");
  EXPECT_EQ(matches("a\nb", "a.b", "s"), "yes");
  EXPECT_EQ(matches("x\n", "x$"), "yes");
  EXPECT_EQ(matches("x\r\n", "x$"), "yes");
  EXPECT_EQ(matches("x\r\n", "x\r$"), "no");
  EXPECT_EQ(matches("x\n\n", "x$"), "no");
  EXPECT_EQ(matches("x\n", "x\\z"), "no");
  EXPECT_EQ(matches("x\n", "x\\Z"), "yes");
  EXPECT_EQ(matches("a\nb", "^b"), "no");
  EXPECT_EQ(matches("a\nb", "^b", "m"), "yes");
  EXPECT_EQ(matches("a\nb", "a$", "m"), "yes");
  EXPECT_EQ(matches("", "^", "m"), "no");
  EXPECT_EQ(matches("a\n", "^\\z", "m"), "no");
  EXPECT_EQ(matches("x\r", "(?d)x$"), "no");
}

TEST(RegularExpression, CommentsAndBlanksAreLeftOutWhenAsked) {
  EXPECT_EQ(matches("ab", "a b # c", "x"), "yes");
  EXPECT_EQ(matches("abc", "a #c\n b\t[c d]", "x"), "yes");
  EXPECT_EQ(matches("a b", "a\\ b", "x"), "yes");
  EXPECT_EQ(matches("hello world", "hello\\ sworld", "x"), "no");
  EXPECT_EQ(matches("aa", "^a {2} $", "x"), "yes");
}

TEST(RegularExpression, SetsCanBeNestedAndCut) {
  EXPECT_EQ(matches("c", "[a-z&&[^b]]"), "yes");
  EXPECT_EQ(matches("b", "[a-z&&[^b]]"), "no");
  EXPECT_EQ(matches("b", "[^a[b]]"), "no");
  EXPECT_EQ(matches("c", "[^a[b]]"), "yes");
  EXPECT_EQ(matches("m", "[a-d[m-p]]"), "yes");
  EXPECT_EQ(matches("d", "[a-z&&def]"), "yes");
  EXPECT_EQ(matches("g", "[a-z&&def]"), "no");
  EXPECT_EQ(matches("]", "[]a]"), "yes");
  EXPECT_EQ(matches("-", "[\\d-a]"), "yes");
  EXPECT_EQ(matches("-", "[a\\-z]"), "yes");
  EXPECT_EQ(matches("^", "[a^]"), "yes");
  EXPECT_EQ(matches("&", "[a&b]"), "yes");
  EXPECT_EQ(matches("5", "[\\p{L}&&\\P{Lu}]"), "no");
  EXPECT_EQ(matches("x", "[^\\D\\W]"), "no");
  EXPECT_EQ(matches("7", "[^\\D\\W]"), "yes");
  EXPECT_EQ(matches(":", "[[:alpha:]]"), "yes");
}

TEST(RegularExpression, PropertiesHaveTheirJavaNames) {
  EXPECT_EQ(matches("Z", "\\p{Lu}"), "yes");
  EXPECT_EQ(matches("Z", "\\pL"), "yes");
  EXPECT_EQ(matches("Z", "\\PL"), "no");
  EXPECT_EQ(matches("\xCE\xB1", "\\p{IsGreek}"), "yes");
  EXPECT_EQ(matches("\xCE\xB1", "\\p{InGreek}"), "yes");
  EXPECT_EQ(matches("\xCE\xB1", "\\p{script=Latin}"), "no");
  EXPECT_EQ(matches("\xCE\xB1", "\\p{Alpha}"), "no");
  EXPECT_EQ(matches("\xCE\xB1", "(?U)\\p{Alpha}"), "yes");
  EXPECT_EQ(matches("\xCE\xB1", "\\p{IsAlphabetic}"), "yes");
  EXPECT_EQ(matches("a", "\\p{javaLowerCase}"), "yes");
  EXPECT_EQ(matches("A", "\\p{Lower}", "i"), "yes");
  EXPECT_EQ(matches("!", "\\p{Punct}"), "yes");
  EXPECT_EQ(matches("a", "\\p{Foo}"), "refused");
  EXPECT_EQ(matches("a", "\\p{IsNoScript}"), "refused");
  EXPECT_EQ(matches("a", "\\p{"), "refused");
}

TEST(RegularExpression, CharactersAreEscapedAsInJava) {
  for (const auto* const pattern :
       {"^\\x61$", "^\\x{61}$", "^\\u0061$", "^\\0141$", "^\\Qa\\E$", "^\\Qa", "^\\141?a$"}) {
    EXPECT_EQ(matches("a", pattern), pattern == std::string("^\\141?a$") ? "no" : "yes") << pattern;
  }
  EXPECT_EQ(matches("\xF0\x9F\x98\x80", "^\\uD83D\\uDE00$"), "yes");
  EXPECT_EQ(matches("a.c", "^\\Qa.c\\E$"), "yes");
  EXPECT_EQ(matches("abc", "^\\Qa.c\\E$"), "no");
  EXPECT_EQ(matches("*", "\\Q*"), "yes");
  EXPECT_EQ(matches("\x01", "\\cA"), "yes");
  EXPECT_EQ(matches("(*ACCEPT)", "\\(\\*ACCEPT\\)"), "yes");
}

TEST(RegularExpression, WhatJavaRefusesIsRefused) {
  for (const auto* const pattern : {"(",
                                    "a)",
                                    "[a",
                                    "[]",
                                    "a**",
                                    "a+*",
                                    "*a",
                                    "a|*",
                                    "+",
                                    "?",
                                    "{",
                                    "a{",
                                    "a{1",
                                    "a{,3}",
                                    "a{2,1}",
                                    "a{99999999999}",
                                    "\\",
                                    "\\y",
                                    "\\i",
                                    "[z-a]",
                                    "[a-\\d]",
                                    "(?q)a",
                                    "(?P<n>a)",
                                    "(?#c)a",
                                    "(?<n>a)(?<n>b)",
                                    "(?<1>a)",
                                    "(?<a_b>a)",
                                    "\\k<n>",
                                    "(?",
                                    "(?i",
                                    "(*ACCEPT)",
                                    "(?<a",
                                    "[a&&",
                                    "[&&]",
                                    "\\x6",
                                    "\\x{110000}",
                                    "\\u12",
                                    "\\08",
                                    "\\c",
                                    "(?|a)",
                                    "(?R)",
                                    "a(?x)*",
                                    "(?i)+",
                                    "\\b{g}",
                                    "[a[b]",
                                    "\\E"}) {
    EXPECT_EQ(matches("a", pattern), "refused") << pattern;
  }
}

TEST(RegularExpression, WhatJavaTakesIsTaken) {
  for (const auto* const pattern :
       {"}?",     "]?",    "|",       "()",   "a{2}{1}|a",        "a*+",      "a++",
        "a?+",    "a??",   "a{1,}+",  "{3}",  "(?i){2}",          "\\b{1,2}", "(?>a)",
        "(?=a)*", "^*",    "\\b+",    "(?i)", "(?<n1>a)\\k<n1>?", "(a)\\2?",  "[a-]",
        "[-a]",   "\\-|a", "(?x) a ", "\\R?"}) {
    EXPECT_EQ(matches("a", pattern), "yes") << pattern;
  }
}

TEST(RegularExpression, ReferencesNameGroupsThatThereAre) {
  EXPECT_EQ(matches("aa", "(a)\\1"), "yes");
  EXPECT_EQ(matches("aa", "(a)\\2"), "no");
  EXPECT_EQ(matches("aa1", "(a)\\11"), "yes");
  EXPECT_EQ(matches("abcdefghijkk", "(a)(b)(c)(d)(e)(f)(g)(h)(i)(j)(k)\\11"), "yes");
  EXPECT_EQ(matches("abab", "(?<x>ab)\\k<x>"), "yes");
}

TEST(RegularExpression, ReplacementsTakeGroups) {
  EXPECT_EQ(replaced("abcd", "(ab)|(a)", "[1=$1][2=$2]"), "[1=ab][2=]cd");
  EXPECT_EQ(replaced("0123456789", "(\\d{3})(\\d{3})(\\d{4})", "($1) $2-$3"), "(012) 345-6789");
  EXPECT_EQ(replaced("abc", "(?<n>b)", "<${n}>"), "a<b>c");
  EXPECT_EQ(replaced("abc", "(b)", "$10"), "ab0c");
  EXPECT_EQ(replaced("abc", "(b)", "$01"), "abc");
  EXPECT_EQ(replaced("abc", "b", "\\$1"), "a$1c");
  EXPECT_EQ(replaced("abc", "b", "\\\\"), "a\\c");
  EXPECT_EQ(replaced("abc", "b", "$0$0"), "abbc");
  EXPECT_EQ(replaced("abc", "b", ""), "ac");
}

TEST(RegularExpression, BadReplacementsAreRefusedWhereTheyAreNeeded) {
  for (const auto* const by : {"$", "$x", "$1", "\\", "${n}", "${n", "a$"}) {
    EXPECT_EQ(replaced("abc", "b", by), "bad replacement") << by;
    EXPECT_EQ(replaced("abc", "x", by), "abc") << by;
  }
}

TEST(RegularExpression, EmptyMatchesMoveOnByOneCharacter) {
  EXPECT_EQ(replaced("abc", "", "-"), "-a-b-c-");
  EXPECT_EQ(replaced("\xC3\xA4"
                     "b",
                     "", "-"),
            "-\xC3\xA4-b-");
  EXPECT_EQ(replaced("aaa", "a*", "x"), "xx");
  EXPECT_EQ(found("abc", ""), "<><><><>");
  EXPECT_EQ(found("baac", "a*"), "<><aa><><>");
  EXPECT_EQ(found("", "a*"), "<>");
}

}  // namespace
}  // namespace worker::feel
