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
            regular_expression::ending::limit_reached);
}

TEST(RegularExpression, DeepPatternsAreRefused) {
  EXPECT_EQ(matches("a", std::string(101, '(') + "a" + std::string(101, ')')), "refused");
  EXPECT_EQ(matches("a", std::string(90, '(') + "a" + std::string(90, ')')), "yes");
  EXPECT_EQ(matches("a", std::string(60'000, '(')), "refused");
  EXPECT_EQ(matches("a", std::string(60'000, '[')), "refused");
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
