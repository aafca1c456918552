#include "worker/feel/number.h"

#include <gtest/gtest.h>

#include "tests/unit/worker/feel/evaluated.h"

namespace worker::feel {
namespace {

number of(std::string_view text) { return number::parse(text).value(); }

TEST(FeelNumber, KeepsItsScale) {
  EXPECT_EQ(of("1.50").to_string(), "1.50");
  EXPECT_EQ((of("1.10") * of("1.10")).to_string(), "1.2100");
  EXPECT_EQ((of("1.0") + of("2")).to_string(), "3.0");
  EXPECT_EQ((of("10") / of("4")).to_string(), "2.5");
  EXPECT_TRUE(of("1.50") == of("1.5"));
}

TEST(FeelNumber, Has34DigitsAndRoundsHalfEven) {
  EXPECT_EQ((of("1") / of("3")).to_string(), "0.3333333333333333333333333333333333");
  EXPECT_EQ((of("2") / of("3")).to_string(), "0.6666666666666666666666666666666667");
  EXPECT_EQ((of("0.1") + of("0.2")).to_string(), "0.3");
  EXPECT_EQ(of("12345678901234567890123456789012345").to_string(),
            "1.234567890123456789012345678901234E+34");
  EXPECT_EQ(of("12345678901234567890123456789012355").to_string(),
            "1.234567890123456789012345678901236E+34");
  EXPECT_EQ(of("99999999999999999999999999999999999").to_string(),
            "1.000000000000000000000000000000000E+35");
}

TEST(FeelNumber, ReadsWhatBigDecimalReads) {
  for (const char* text : {"1", "-1", "+1", "1.", ".5", "1e3", "1E-3", "007"}) {
    EXPECT_TRUE(number::parse(text)) << text;
  }
  for (const char* text : {"", "-", ".", "e3", "1e", "1e+", " 1", "1 ", "0x1", "inf", "nan", "--1",
                           "+-1", "1.2.3", "1,5"}) {
    EXPECT_FALSE(number::parse(text)) << text;
  }
}

TEST(FeelNumber, IsWrittenAsBigDecimalIs) {
  EXPECT_EQ(of("1E+2").to_string(), "1E+2");
  EXPECT_EQ(of("1E+2").to_plain_string(), "100");
  EXPECT_EQ(of("0.0000001").to_string(), "1E-7");
  EXPECT_EQ(of("0.000001").to_string(), "0.000001");
  EXPECT_EQ(of("12.5E-9").to_string(), "1.25E-8");
  EXPECT_EQ(of("-0").to_string(), "0");
  EXPECT_EQ(of("-0.0").to_string(), "0.0");
}

TEST(FeelNumber, RoundsInAllDirections) {
  const auto rounded = [](std::string_view text, int scale, rounding mode) {
    return of(text).rounded(scale, mode).to_string();
  };
  EXPECT_EQ(rounded("2.5", 0, rounding::half_even), "2");
  EXPECT_EQ(rounded("3.5", 0, rounding::half_even), "4");
  EXPECT_EQ(rounded("2.5", 0, rounding::half_up), "3");
  EXPECT_EQ(rounded("-2.5", 0, rounding::half_up), "-3");
  EXPECT_EQ(rounded("2.5", 0, rounding::half_down), "2");
  EXPECT_EQ(rounded("2.51", 0, rounding::half_down), "3");
  EXPECT_EQ(rounded("-2.1", 0, rounding::floor), "-3");
  EXPECT_EQ(rounded("-2.9", 0, rounding::ceiling), "-2");
  EXPECT_EQ(rounded("2.1", 0, rounding::up), "3");
  EXPECT_EQ(rounded("-2.9", 0, rounding::down), "-2");
  EXPECT_EQ(rounded("1234", -2, rounding::half_up), "1.2E+3");
  EXPECT_EQ(rounded("1.2", 3, rounding::half_up), "1.200");
  EXPECT_EQ(rounded("0.004", 2, rounding::up), "0.01");
  EXPECT_EQ(rounded("5", -60, rounding::half_up), "0E+60");
}

TEST(FeelNumber, HasPowersToTheLastDigit) {
  EXPECT_EQ(of("2").power(10)->to_string(), "1024");
  EXPECT_EQ(of("1.1").power(2)->to_string(), "1.21");
  EXPECT_EQ(of("1.1").power(100)->to_string(), "13780.61233982227018411833717208964");
  EXPECT_EQ(of("2").power(-2)->to_string(), "0.25");
  EXPECT_EQ(of("-2").power(3)->to_string(), "-8");
  EXPECT_EQ(of("7").power(0)->to_string(), "1");
  EXPECT_FALSE(of("0").power(-1));
  EXPECT_FALSE(of("2").power(1'000'000'000));
  EXPECT_FALSE(of("10").power(999'999'999)->is_finite());
}

TEST(FeelNumber, KeepsMoreDigitsThatWereWritten) {
  const std::string ones(38, '1');
  EXPECT_EQ(evaluated("string(" + ones + ")"), '"' + ones + '"');
  EXPECT_EQ(evaluated("string(-" + ones + " - 1)"), "\"-" + std::string(37, '1') + "2\"");
  EXPECT_EQ(evaluated("string(v + 1)", "{\"v\":" + ones + "}"), '"' + std::string(37, '1') + "2\"");
  EXPECT_EQ(evaluated("string(1 + " + ones + ")"), "\"1.111111111111111111111111111111111E+37\"");
  EXPECT_EQ(evaluated("string(" + ones + " / 3)"), "\"3703703703703703703703703703703703703.7\"");
  EXPECT_EQ(evaluated("string(0." + ones + " + 1)"), "\"1.1111111111111111111111111111111111111\"");
}

TEST(FeelNumber, GivesIntegersThatFit) {
  EXPECT_EQ(of("9223372036854775807").to_int64(), 9223372036854775807);
  EXPECT_EQ(of("-9223372036854775808").to_int64(), std::numeric_limits<std::int64_t>::min());
  EXPECT_FALSE(of("9223372036854775808").to_int64());
  EXPECT_EQ(of("1.00").to_int64(), 1);
  EXPECT_FALSE(of("1.5").to_int64());
  EXPECT_EQ(of("1E+3").to_int64(), 1000);
  EXPECT_EQ(of("4294967297.9").to_int32(), 1);
  EXPECT_EQ(of("-1.9").to_int32(), -1);
}

TEST(FeelNumber, WritesDoublesAsJavaDoes) {
  EXPECT_EQ(java_text(100), "100.0");
  EXPECT_EQ(java_text(0.001), "0.001");
  EXPECT_EQ(java_text(0.0001), "1.0E-4");
  EXPECT_EQ(java_text(9999999.5), "9999999.5");
  EXPECT_EQ(java_text(1e7), "1.0E7");
  EXPECT_EQ(java_text(-1.25e-300), "-1.25E-300");
  EXPECT_EQ(java_text(0), "0.0");
  EXPECT_FALSE(number::from_double(std::numeric_limits<double>::infinity()));
}

}  // namespace
}  // namespace worker::feel
