#include <gtest/gtest.h>

#include "tests/unit/worker/feel/evaluated.h"

namespace worker::feel {
namespace {

TEST(RangeFunctions, BeforeAndAfterTakePointsAndRanges) {
  EXPECT_EQ(evaluated("[before(1, 2), before(1, [1..5]), before(1, (1..5]), before([1..5), 5), "
                      "before([1..5], [5..9]), before([1..5), [5..9])]"),
            "[true,false,true,true,false,true]");
  EXPECT_EQ(evaluated("[after(2, 1), after(5, [1..5]), after(5, [1..5)), after((5..9], 5), "
                      "after([5..9], [1..5])]"),
            "[true,false,true,true,false]");
}

TEST(RangeFunctions, RangesMeetAndOverlap) {
  EXPECT_EQ(evaluated("[meets([1..5], [5..9]), meets([1..5), [5..9]), met by([5..9], [1..5])]"),
            "[true,false,true]");
  EXPECT_EQ(evaluated("[overlaps([1..5], [3..8]), overlaps([1..5), [5..8]), "
                      "overlaps before([1..5], [3..8]), overlaps after([3..8], [1..5]), "
                      "overlaps before([3..8], [1..5])]"),
            "[true,false,true,true,false]");
}

TEST(RangeFunctions, OneLiesInTheOther) {
  EXPECT_EQ(evaluated("[includes([1..10], 5), includes((1..10), 1), includes([1..10], [1..10]), "
                      "during(5, [1..10]), during([1..10), [1..10]), during([1..10], [1..10))]"),
            "[true,false,true,true,true,false]");
}

TEST(RangeFunctions, OneStartsOrEndsTheOther) {
  EXPECT_EQ(evaluated("[starts(1, [1..10]), starts(1, (1..10]), starts([1..5], [1..10]), "
                      "started by([1..10], 1), started by([1..10], [1..5])]"),
            "[true,false,true,true,true]");
  EXPECT_EQ(evaluated("[finishes(10, [1..10]), finishes([5..10], [1..10]), "
                      "finished by([1..10], 10), finished by([1..10], [5..10]), "
                      "finished by(range: 10, point: [1..10])]"),
            "[true,true,true,true,true]");
}

TEST(RangeFunctions, CoincidingIsBeingTheSame) {
  EXPECT_EQ(evaluated("[coincides(5, 5.0), coincides([1..5], [1..5]), coincides([1..5], [1..5)), "
                      "coincides(5, [5..5])]"),
            "[true,true,false,false]");
  EXPECT_EQ(evaluated(R"(coincides(@"10:00:00Z", @"12:00:00+02:00"))"), "false");
}

TEST(RangeFunctions, PointsMayBeTemporal) {
  EXPECT_EQ(evaluated(R"([before(@"2024-01-01", @"2024-01-02"),
                          during(@"PT1H", [@"PT0S"..@"P1D"]),
                          includes([@"10:00:00"..@"11:00:00"], @"10:30:00")])"),
            "[true,true,true]");
}

TEST(RangeFunctions, WhatCannotBeComparedIsNull) {
  EXPECT_EQ(evaluated(R"([before(1, "a"), before("a", "b"), before(1, null),
                          before([1..5], [@"2024-01-01"..@"2024-01-02"]), meets(1, @"P1D")])"),
            "[null,null,null,null,null]");
}

TEST(RangeFunctions, ARelationThatThereIsNotFails) {
  for (const auto* const text :
       {"meets(1, [1..5])", "includes(5, [1..10])", "during([1..10], 5)", "starts([1..10], 1)",
        "finished by(10, [1..10])", "overlaps(1, 2)"}) {
    EXPECT_EQ(evaluated(text), "error") << text;
  }
}

}  // namespace
}  // namespace worker::feel
