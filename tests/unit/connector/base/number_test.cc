// Whole numbers out of text from outside.
#include "connector/base/number.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <string>

namespace connector {
namespace {

TEST(IntegerIn, TakesWhatStandsThereWithinItsRange) {
  EXPECT_EQ(integer_in("42", 1, 50), 42);
  EXPECT_EQ(integer_in("-0", 0, 50), 0);
  EXPECT_EQ(integer_in("007", 1, 50), 7);
  EXPECT_EQ(integer_in<std::uint64_t>("18446744073709551615", 0, UINT64_MAX), UINT64_MAX);
  EXPECT_EQ(integer_in("-9223372036854775808", INT64_MIN, INT64_MAX), INT64_MIN);
  EXPECT_EQ(integer_in("10FFFF", 0U, 0x10FFFFU, 16), 0x10FFFFU);
}

TEST(IntegerIn, RefusesEverythingElse) {
  const std::string many(400, '9');
  for (const std::string& bad :
       {std::string(), many, "-" + many, "0." + many, many + "e-2147483639", std::string("0"),
        std::string("51"), std::string("-1"), std::string("+1"), std::string(" 1"),
        std::string("1 "), std::string("1.0"), std::string("1e1"), std::string("0x1"),
        std::string("1\0", 2), std::string("0.00000000001e-2147483639"), std::string("nan")}) {
    EXPECT_EQ(integer_in(bad, 1, 50), std::nullopt) << bad;
  }
}

TEST(TakeInteger, TakesTheFrontOff) {
  std::string_view text = "30s";
  EXPECT_EQ(take_integer(text, 30U), 30U);
  EXPECT_EQ(text, "s");
  EXPECT_EQ(take_integer(text, 30U), std::nullopt);
  EXPECT_EQ(text, "s");
  std::string_view above = "31s";
  EXPECT_EQ(take_integer(above, 30U), std::nullopt);
  EXPECT_EQ(above, "31s");
}

TEST(IntegerUpTo, TakesALargerNumberForTheMost) {
  EXPECT_EQ(integer_up_to("7", 60U), 7U);
  EXPECT_EQ(integer_up_to("61", 60U), 60U);
  EXPECT_EQ(integer_up_to(std::string(400, '9'), 60U), 60U);
  for (const auto* bad : {"", "-1", "+1", "1.5", "99999999999999999999x", "x", " 1"}) {
    EXPECT_EQ(integer_up_to(bad, 60U), std::nullopt) << bad;
  }
}

}  // namespace
}  // namespace connector
