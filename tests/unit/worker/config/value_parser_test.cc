#include "worker/config/value_parser.h"

#include <gtest/gtest.h>

namespace worker::config {
namespace {

using std::chrono::milliseconds;

parsed_value good(std::string_view text, setting_type type, const value_bounds& bounds) {
  auto parsed = parse_value(text, type, bounds);
  if (const auto* wrong = std::get_if<std::string>(&parsed)) {
    ADD_FAILURE() << text << ": " << *wrong;
    return {};
  }
  return std::get<parsed_value>(std::move(parsed));
}

std::string allowed(std::string_view text, setting_type type, const value_bounds& bounds) {
  auto parsed = parse_value(text, type, bounds);
  if (const auto* wrong = std::get_if<std::string>(&parsed)) return *wrong;
  ADD_FAILURE() << text << " is taken";
  return {};
}

TEST(ValueParser, TakesDurationsAsNumberUnitOrIso) {
  const value_bounds bounds{0, 3'600'000, {}};
  const auto duration = [&](std::string_view text) {
    return good(text, setting_type::duration, bounds).duration;
  };
  EXPECT_EQ(duration("45000"), milliseconds(45000));
  EXPECT_EQ(duration("250ms"), milliseconds(250));
  EXPECT_EQ(duration("30s"), milliseconds(30000));
  EXPECT_EQ(duration("15m"), milliseconds(900000));
  EXPECT_EQ(duration("1h"), milliseconds(3600000));
  EXPECT_EQ(duration("PT1M30S"), milliseconds(90000));
  EXPECT_EQ(duration(" 10 s "), milliseconds(10000));
}

TEST(ValueParser, RefusesDurationsOutsideTheirBounds) {
  const value_bounds bounds{1000, 60'000, {}};
  for (const auto* text : {"999", "60001", "PT2M", "-1", "1.5s", "abc", "", "10 lightyears",
                           "99999999999999999999", "18446744073709551615h", "1000000000000000000",
                           "9223372036854775808", "18446744073709551615", "PT999999999999H"}) {
    EXPECT_NE(allowed(text, setting_type::duration, bounds).find("from 1 s to 60 s"),
              std::string::npos)
        << text;
  }
}

TEST(ValueParser, GivesExamplesWithinTheBounds) {
  const auto said = [](std::uint64_t least, std::uint64_t most) {
    return allowed("x", setting_type::duration, {least, most, {}});
  };
  EXPECT_NE(
      said(1000, 60'000).find("such as 30s or PT30S; a number without a unit is milliseconds"),
      std::string::npos);
  EXPECT_NE(said(900'000, 43'200'000).find("such as 30m or PT30M"), std::string::npos);
  EXPECT_NE(said(100, 999).find("such as 500ms or PT0.5S"), std::string::npos);
  EXPECT_EQ(said(1, 2).find("such as"), std::string::npos);
}

TEST(ValueParser, TakesSizesInPowersOf1024) {
  const value_bounds bounds{1, std::uint64_t{1} << 40U, {}};
  const auto size = [&](std::string_view text) {
    return good(text, setting_type::size, bounds).number;
  };
  EXPECT_EQ(size("512"), 512U);
  EXPECT_EQ(size("4KB"), 4096U);
  EXPECT_EQ(size("64 mb"), 67108864U);
  EXPECT_EQ(size("2g"), 2147483648U);
  EXPECT_FALSE(allowed("4.5MB", setting_type::size, bounds).empty());
  EXPECT_FALSE(allowed("18446744073709551615KB", setting_type::size, bounds).empty());
}

TEST(ValueParser, BoundsIntegers) {
  const value_bounds bounds{1, 10000, {}};
  EXPECT_EQ(good("10000", setting_type::integer, bounds).number, 10000U);
  for (const auto* text : {"0", "10001", "1s", "0x10", "3.0", "-4"}) {
    EXPECT_EQ(allowed(text, setting_type::integer, bounds), "an integer from 1 to 10000") << text;
  }
}

TEST(ValueParser, TakesTrueAndFalseAlone) {
  EXPECT_TRUE(good("true", setting_type::boolean, {}).flag);
  EXPECT_TRUE(good("TRUE", setting_type::boolean, {}).flag);
  EXPECT_FALSE(good("false", setting_type::boolean, {}).flag);
  for (const auto* text : {"1", "yes", "on", "tru"}) {
    EXPECT_EQ(allowed(text, setting_type::boolean, {}), "true or false") << text;
  }
}

TEST(ValueParser, TakesWordsInAnyCase) {
  constexpr std::string_view words[] = {"listed", "any"};
  const value_bounds bounds{0, 0, words};
  EXPECT_EQ(good("ANY", setting_type::words, bounds).text, "any");
  EXPECT_EQ(allowed("all", setting_type::words, bounds), "one of listed, any");
  EXPECT_EQ(allowed("listed|any", setting_type::words, bounds), "one of listed, any");
}

TEST(ValueParser, SplitsLists) {
  const value_bounds bounds{0, 1000, {}};
  EXPECT_EQ(good("a, b,,c\nd", setting_type::list, bounds).items,
            (std::vector<std::string>{"a", "b", "c", "d"}));
}

TEST(ValueParser, SplitsEntriesAtSemicolonsUnlessThereAreLines) {
  const value_bounds bounds{0, 1000, {}};
  EXPECT_EQ(good("a=1,2; b=3", setting_type::entries, bounds).items,
            (std::vector<std::string>{"a=1,2", "b=3"}));
  EXPECT_EQ(good("a=1;2\nb=3\n", setting_type::entries, bounds).items,
            (std::vector<std::string>{"a=1;2", "b=3"}));
}

TEST(ValueParser, RefusesControlCharactersAndLongText) {
  EXPECT_FALSE(allowed(std::string_view("a\0b", 3), setting_type::text, {}).empty());
  EXPECT_FALSE(allowed("a\tb", setting_type::path, {}).empty());
  EXPECT_FALSE(allowed(std::string(11, 'x'), setting_type::text, {0, 10, {}}).empty());
}

TEST(ValueParser, WritesSizesForPeople) {
  EXPECT_EQ(human_size(1000), "1000 bytes");
  EXPECT_EQ(human_size(65536), "64 KB");
  EXPECT_EQ(human_size(67108864), "64 MB");
  EXPECT_EQ(human_size(2147483648), "2 GB");
}

}  // namespace
}  // namespace worker::config
