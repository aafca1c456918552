#include "worker/secrets/encodings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace worker::secrets {
namespace {

using testing::Contains;
using testing::Each;
using testing::Ge;
using testing::SizeIs;

TEST(Encodings, HoldTheValueItself) { EXPECT_THAT(forms_of("p@ss word"), Contains("p@ss word")); }

TEST(Encodings, EscapeForJsonOnceAndTwice) {
  const auto forms = forms_of("a\"b\\c/d");
  EXPECT_THAT(forms, Contains(R"(a\"b\\c/d)"));
  EXPECT_THAT(forms, Contains(R"(a\"b\\c\/d)"));
  EXPECT_THAT(forms, Contains(R"(a\\\"b\\\\c/d)"));
}

TEST(Encodings, EscapeOtherLettersAsAsciiWritersDo) {
  const auto forms = forms_of("k\xC3\xA9y\xF0\x9F\x94\x91");
  EXPECT_THAT(forms, Contains("k\\u00e9y\\ud83d\\udd11"));
  EXPECT_THAT(forms, Contains("k\\u00E9y\\uD83D\\uDD11"));
}

TEST(Encodings, PercentEncodeInBothCases) {
  const auto forms = forms_of("a/b c+d");
  EXPECT_THAT(forms, Contains("a%2Fb%20c%2Bd"));
  EXPECT_THAT(forms, Contains("a%2fb%20c%2bd"));
  EXPECT_THAT(forms, Contains("a%2Fb+c%2Bd"));
}

TEST(Encodings, EncodeInBase64WithBothAlphabets) {
  const auto forms = forms_of("\xFF\xFE~~>?");
  EXPECT_THAT(forms, Contains("//5+fj4/"));
  EXPECT_THAT(forms, Contains("__5-fj4_"));
}

TEST(Encodings, AreNeverShorterThanFourBytes) {
  for (const auto* value : {"abcd", "abcde", "\xC3\xA9\xC3\xA9"}) {
    EXPECT_THAT(forms_of(value), Each(SizeIs(Ge(4U)))) << value;
  }
}

}  // namespace
}  // namespace worker::secrets
