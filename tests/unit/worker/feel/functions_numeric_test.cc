#include <gtest/gtest.h>

#include "tests/unit/worker/feel/evaluated.h"

namespace worker::feel {
namespace {

TEST(NumericFunctions, RoundingHasAScaleAndAMode) {
  EXPECT_EQ(evaluated("[decimal(2.5, 0), decimal(3.5, 0), decimal(1/3, 2)]"), "[2,4,0.33]");
  EXPECT_EQ(evaluated(R"([decimal(-2.5, 0, "half_up"), decimal(-2.5, 0, "CEILING"),
                          decimal(-2.5, 0, "up"), decimal(2.5, 0, "half_down")])"),
            "[-3,-2,-3,2]");
  EXPECT_EQ(evaluated("[floor(-1.5), ceiling(-1.5), floor(-1.56, 1), ceiling(151, -1)]"),
            "[-2,-1,-1.6,160]");
  EXPECT_EQ(evaluated("[round up(-1.126, 2), round down(-1.129, 2), round half up(0.5, 0), "
                      "round half down(0.5, 0)]"),
            "[-1.13,-1.12,1,0]");
  EXPECT_EQ(evaluated("string(decimal(1.5, 3))"), R"("1.500")");
}

TEST(NumericFunctions, WhatCannotBeRoundedIsNull) {
  EXPECT_EQ(evaluated(R"([decimal(1.5, 0, "foo"), decimal(1.5, 0, "unnecessary"),
                          decimal(1.5, 1, "unnecessary"), decimal(1.5, 99999999999)])"),
            "[null,null,1.5,null]");
}

TEST(NumericFunctions, TheScaleOfTwoFunctionsIsNamedScala) {
  EXPECT_EQ(evaluated("[floor(n: 1.56, scala: 1), floor(n: 1.56, scale: 1)]"), "[1.5,null]");
  EXPECT_EQ(evaluated("[round half down(n: 1.55, scala: 1), round half down(n: 1.5, scale: 1)]"),
            "[1.5,null]");
}

TEST(NumericFunctions, ModuloHasTheSignOfTheDivisor) {
  EXPECT_EQ(evaluated("[modulo(12, 5), modulo(-12, 5), modulo(12, -5), modulo(-12, -5)]"),
            "[2,3,-3,-2]");
  EXPECT_EQ(evaluated("string(modulo(10.10, 4.5))"), R"("1.10")");
  EXPECT_EQ(evaluated("modulo(10**30, 7)"), "1");
  EXPECT_EQ(evaluated("modulo(5, 0)"), "error");
  EXPECT_EQ(evaluated("modulo(10**40, 7)"), "error");
}

TEST(NumericFunctions, OddAndEvenAreOfWholeNumbers) {
  EXPECT_EQ(evaluated("[odd(-3), even(-4), odd(2.5), even(2.5), even(2.0), even(10**40)]"),
            "[true,true,false,false,true,true]");
}

TEST(NumericFunctions, RootsAndLogarithmsAreDoubles) {
  EXPECT_EQ(evaluated("[sqrt(16), sqrt(2), sqrt(-1), log(1), exp(0)]"),
            "[4,1.4142135623730951,null,0,1]");
  EXPECT_EQ(evaluated("string(sqrt(16))"), R"("4.0")");
  EXPECT_EQ(evaluated("log(0)"), "error");
  EXPECT_EQ(evaluated("exp(1000)"), "error");
}

TEST(NumericFunctions, AbsTakesDurationsToo) {
  EXPECT_EQ(evaluated(R"([abs(-1.5), abs(@"-PT1H"), abs(@"-P14M"), abs(n: -1), abs("a")])"),
            R"([1.5,"PT1H","P1Y2M",1,null])");
}

TEST(NumericFunctions, ARandomNumberIsBelowOne) {
  environment fixed = at_a_fixed_moment();
  fixed.random = [] { return 0xFFFF'FFFF'FFFF'FFFFU; };
  EXPECT_EQ(evaluated("random number()", "{}", fixed), "0.9999999999999999");
  fixed.random = [] { return 1U << 11U; };
  EXPECT_EQ(evaluated("random number()", "{}", fixed), "1.1102230246251565E-16");
}

}  // namespace
}  // namespace worker::feel
