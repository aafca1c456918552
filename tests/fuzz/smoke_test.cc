// A few thousand inputs of each target, the same on every machine.
#include <gtest/gtest.h>

#include <ostream>

#include "tests/fuzz/generator.h"
#include "tests/fuzz/target.h"

namespace fuzz {

// The name that ctest shows.
// NOLINTNEXTLINE(readability-identifier-naming): GoogleTest looks for this name.
void PrintTo(const target& of, std::ostream* out) { *out << of.name; }

namespace {

class FuzzSmoke : public testing::TestWithParam<target> {};

TEST_P(FuzzSmoke, FindsNothing) {
  const target& of = GetParam();
  for (std::uint64_t number = 0; number < of.smoke_inputs; ++number) {
    const auto input = input_of(of, number);
    const auto wrong = of.run(input);
    ASSERT_EQ(wrong, "") << "input " << number << ": " << testing::PrintToString(input);
  }
}

INSTANTIATE_TEST_SUITE_P(Each, FuzzSmoke, testing::ValuesIn(targets().begin(), targets().end()),
                         [](const auto& info) { return std::string(info.param.name); });

TEST(FuzzGenerator, GivesTheSameInputForTheSameNumber) {
  const target of = json_scan();
  for (const std::uint64_t number : {0ULL, 100ULL, 3999ULL}) {
    EXPECT_EQ(input_of(of, number), input_of(of, number));
  }
  EXPECT_NE(input_of(of, 100), input_of(of, 101));
}

TEST(FuzzGenerator, BoundsWhatItMakes) {
  const target of = json_scan();
  for (std::uint64_t number = 0; number < 1000; ++number) {
    ASSERT_LE(input_of(of, number).size(), 4096u) << number;
  }
}

// A target that cannot complain would be no test.
TEST(FuzzGenerator, ReachesGoodAndBadDocuments) {
  const target of = json_scan();
  int good = 0;
  for (std::uint64_t number = 0; number < 1000; ++number) {
    const auto input = input_of(of, number);
    good += !input.empty() && (input.front() == '{' || input.front() == '[') &&
            (input.back() == '}' || input.back() == ']');
  }
  EXPECT_GT(good, 200);
  EXPECT_LT(good, 900);
}

}  // namespace
}  // namespace fuzz
