#include "worker/feel/expression_cache.h"

#include <gtest/gtest.h>

namespace worker::feel {
namespace {

TEST(ExpressionCache, RemembersGoodAndBadTexts) {
  expression_cache cache;
  EXPECT_EQ(cache.get("1 + 1")->text(), "1 + 1");
  // One tree, so the same text in the same place.
  EXPECT_EQ(&cache.get("1 + 1")->text(), &cache.get("1 + 1")->text());
  EXPECT_EQ(cache.get("1 +").error().offset, cache.get("1 +").error().offset);
  EXPECT_EQ(cache.size(), 2u);
}

TEST(ExpressionCache, DropsTheLeastRecentlyUsed) {
  expression_cache cache(2);
  const auto* first = &cache.get("1")->text();
  cache.get("2");
  EXPECT_EQ(&cache.get("1")->text(), first);
  cache.get("3");
  EXPECT_EQ(cache.size(), 2u);
  EXPECT_EQ(&cache.get("1")->text(), first);
}

TEST(ExpressionCache, KeepsNoMoreBytesThanItMay) {
  expression_cache cache(256, 500'000);
  // A tree takes up to a hundred times the bytes of its text.
  for (const std::string_view part : {"a,", "-1,", "a.a[b],", "{a:1},"}) {
    std::string text = "[";
    while (text.size() < 2'000) text += part;
    for (int at = 0; at < 8; ++at) {
      ASSERT_TRUE(cache.get(text + std::to_string(at) + "]")) << part;
    }
    EXPECT_LT(cache.size(), 8U) << part;
    EXPECT_GE(cache.size(), 1U) << part;
  }
  for (int at = 0; at < 300; ++at) cache.get("[" + std::to_string(at) + "]");
  EXPECT_EQ(cache.size(), 256U);
}

TEST(ExpressionCache, CountsTheBytesOfMistakes) {
  expression_cache cache(8, 100'000);
  for (int at = 0; at < 8; ++at) cache.get(std::string(60'000, ' ') + std::to_string(at) + "+");
  EXPECT_EQ(cache.size(), 1U);
}

TEST(ExpressionCache, DoesNotKeepWhatIsTooLong) {
  expression_cache cache;
  EXPECT_FALSE(cache.get(std::string(max_text + 1, '1')));
  EXPECT_EQ(cache.size(), 0u);
}

}  // namespace
}  // namespace worker::feel
