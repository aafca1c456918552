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

TEST(ExpressionCache, DoesNotKeepWhatIsTooLong) {
  expression_cache cache;
  EXPECT_FALSE(cache.get(std::string(max_text + 1, '1')));
  EXPECT_EQ(cache.size(), 0u);
}

}  // namespace
}  // namespace worker::feel
