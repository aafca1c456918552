// Regular expressions that would take too long, are too deep, or meet texts that are none.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/unit/worker/feel/regular_expressions.h"

namespace worker::feel {
namespace {

TEST(RegularExpression, ASearchThatTakesTooLongEnds) {
  EXPECT_EQ(matches(std::string(40, 'a') + "!", "^(a+)+$"), "limit");
  EXPECT_EQ(replaced(std::string(40, 'a') + "!", "^(a+)+$", ""), "limit");
  const auto every = regular_expression::compile("a");
  match_bounds tight;
  tight.bytes = 100;
  EXPECT_EQ(every->replace_all(std::string(20, 'a'), "0123456789", tight).how,
            regular_expression::ending::too_long);
}

TEST(RegularExpression, DeepPatternsAreRefused) {
  EXPECT_EQ(matches("a", std::string(101, '(') + "a" + std::string(101, ')')), "refused");
  EXPECT_EQ(matches("a", std::string(90, '(') + "a" + std::string(90, ')')), "yes");
  EXPECT_EQ(matches("a", std::string(60'000, '(')), "refused");
  EXPECT_EQ(matches("a", std::string(60'000, '[')), "refused");
}

// With the square of their lengths these would take minutes to be read.
TEST(RegularExpression, LongSetsAreReadOnce) {
  std::string all = "[";
  std::string sets = "[";
  for (int at = 0; at < 500'000; ++at) all += '!';
  for (int at = 0; at < 100'000; ++at) sets += "[^b]";
  const auto listed = translate_pattern(all + "]", {});
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->pattern.size(), 500'000 * sizeof("x{21}") + 2);
  const auto nested = translate_pattern(sets + "]", {});
  ASSERT_TRUE(nested);
  EXPECT_LT(nested->pattern.size(), 2 * sets.size());
}

TEST(RegularExpression, LongPatternsAreRefused) {
  const auto set = [](std::size_t size) { return "[" + std::string(size - 2, '!') + "]"; };
  EXPECT_EQ(matches("!", set(16 * 1024)), "yes");
  EXPECT_EQ(matches("!", set(16 * 1024 + 1)), "refused");
  EXPECT_EQ(matches("!", set(1'000'000)), "refused");
}

TEST(RegularExpression, SetsAreNotCutWithoutEnd) {
  std::string pattern = "[a";
  for (int at = 0; at < 90; ++at) pattern += "&&a";
  EXPECT_EQ(matches("a", pattern + "]"), "yes");
  for (int at = 0; at < 1'000; ++at) pattern += "&&a";
  EXPECT_EQ(matches("a", pattern + "]"), "refused");
}

TEST(RegularExpression, TextThatIsNoUtf8EndsTheSearch) {
  EXPECT_EQ(matches("a\xFF", "a"), "limit");
}

TEST(RegularExpression, TheLastOnesUsedAreKept) {
  const auto first = regular_expression::cached("kept");
  EXPECT_EQ(regular_expression::cached("kept"), first);
  EXPECT_NE(regular_expression::cached("kept", flags_of("i")), first);
  for (int at = 0; at < 100; ++at) regular_expression::cached("other" + std::to_string(at));
  EXPECT_NE(regular_expression::cached("kept"), first);
  const std::string large(5'000, 'a');
  EXPECT_NE(regular_expression::cached(large), regular_expression::cached(large));
}

}  // namespace
}  // namespace worker::feel
