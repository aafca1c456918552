// Base64, percent-encoding, UTF-8 and durations: the small codecs of base.
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "connector/base/base64.h"
#include "connector/base/duration.h"
#include "connector/base/percent.h"
#include "connector/base/utf8.h"

namespace connector {
namespace {

using namespace std::string_literals;
using namespace std::chrono_literals;

TEST(Base64, GivesTheVectorsOfRfc4648) {
  const std::vector<std::pair<std::string, std::string>> vectors = {{"", ""},
                                                                    {"f", "Zg=="},
                                                                    {"fo", "Zm8="},
                                                                    {"foo", "Zm9v"},
                                                                    {"foob", "Zm9vYg=="},
                                                                    {"fooba", "Zm9vYmE="},
                                                                    {"foobar", "Zm9vYmFy"}};
  for (const auto& [bytes, text] : vectors) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text), bytes);
  }
}

TEST(Base64, KeepsEveryByte) {
  std::string all;
  for (int c = 0; c < 256; ++c) all += static_cast<char>(c);
  for (std::size_t length = 0; length <= 256; ++length) {
    EXPECT_EQ(base64_decode(base64_encode(all.substr(0, length))), all.substr(0, length));
  }
}

TEST(Base64, RefusesOtherTexts) {
  for (const std::string bad : {"Zg", "Zg=", "Zg===", "=", "====", "Z===", "Zm9v\n", " Zm9v",
                                "Zm 9v", "Zg==Zg==", "Zm9_", "Zm9-", "Z\xC3\xA9=", "Zm=v"}) {
    EXPECT_EQ(base64_decode(bad), std::nullopt) << bad;
  }
}

TEST(Percent, EncodesAllButTheUnreserved) {
  EXPECT_EQ(percent_encode("AZaz09-._~"), "AZaz09-._~");
  EXPECT_EQ(percent_encode("a b+c/d:$\xC3\xA9"), "a%20b%2Bc%2Fd%3A%24%C3%A9");
  EXPECT_EQ(percent_encode("\0\x7f"s), "%00%7F");
  EXPECT_EQ(percent_encode_path("/a/b c"), "/a/b%20c");
}

TEST(Percent, DecodesAndSaysWhenItCannot) {
  EXPECT_EQ(percent_decode("a%20b%2bc+"), "a b+c+");
  EXPECT_EQ(percent_decode("%00"), "\0"s);
  for (const std::string bad : {"%", "%2", "%zz", "a%2", "%%20"}) {
    EXPECT_EQ(percent_decode(bad), std::nullopt) << bad;
  }
}

TEST(Utf8, MeasuresOneCharacter) {
  EXPECT_EQ(utf8_length(""), 0U);
  EXPECT_EQ(utf8_length("a"), 1U);
  EXPECT_EQ(utf8_length("\0"s), 1U);
  EXPECT_EQ(utf8_length("\xC3\xA9x"), 2U);
  EXPECT_EQ(utf8_length("\xE2\x82\xACx"), 3U);
  EXPECT_EQ(utf8_length("\xF0\x9F\x98\x80x"), 4U);
  EXPECT_EQ(utf8_length("\xC3"), 0U);
  EXPECT_EQ(utf8_length("\x80"), 0U);
}

TEST(Utf8, IsFoundWhereverItStands) {
  // The check takes eight bytes at a time: try every place in such a block.
  for (std::size_t before = 0; before < 20; ++before) {
    const std::string ascii(before, 'a');
    EXPECT_TRUE(is_utf8(ascii + "\xC3\xA9" + ascii));
    EXPECT_FALSE(is_utf8(ascii + "\xC3" + ascii));
    EXPECT_FALSE(is_utf8(ascii + "\xED\xA0\x80" + ascii));
    EXPECT_EQ(repaired_utf8(ascii + "\xFF" + ascii), ascii + "\xEF\xBF\xBD" + ascii);
  }
  EXPECT_TRUE(is_utf8(""));
  EXPECT_EQ(repaired_utf8("\xE2\x82"), "\xEF\xBF\xBD\xEF\xBF\xBD");
}

TEST(Utf8, IsCutBetweenCharacters) {
  const std::string text = "a\xC3\xA9\xF0\x9F\x98\x80";
  EXPECT_EQ(cut_utf8(text, 0), "");
  EXPECT_EQ(cut_utf8(text, 1), "a");
  EXPECT_EQ(cut_utf8(text, 2), "a");
  EXPECT_EQ(cut_utf8(text, 3), "a\xC3\xA9");
  EXPECT_EQ(cut_utf8(text, 6), "a\xC3\xA9");
  EXPECT_EQ(cut_utf8(text, 7), text);
  EXPECT_EQ(cut_utf8(text, 100), text);
}

TEST(IsoDuration, TakesDaysToSeconds) {
  EXPECT_EQ(parse_iso_duration("PT30S"), 30s);
  EXPECT_EQ(parse_iso_duration("PT0S"), 0s);
  EXPECT_EQ(parse_iso_duration("PT1.5S"), 1500ms);
  EXPECT_EQ(parse_iso_duration("PT0.0019S"), 1ms);
  EXPECT_EQ(parse_iso_duration("PT15M30S"), 15min + 30s);
  EXPECT_EQ(parse_iso_duration("P1DT2H3M4S"), 26h + 3min + 4s);
  EXPECT_EQ(parse_iso_duration("P2D"), 48h);
  EXPECT_EQ(parse_iso_duration("PT90M"), 90min);
}

TEST(IsoDuration, RefusesEverythingElse) {
  for (const std::string bad : {"",        "P",     "PT",    "P1DT",   "30",
                                "30s",     "pt30s", "PT30",  "PTS",    "-PT1S",
                                "PT-1S",   "P1Y",   "P1M",   "P1W",    "PT1S1M",
                                "PT1S2S",  "PT1.S", "PT.5S", "PT1.5M", "P1H",
                                "PT1D",    "PTT1S", " PT1S", "PT1S ",  "PT99999999999999999999S",
                                "P99999D", "PT1,5S"}) {
    EXPECT_EQ(parse_iso_duration(bad), std::nullopt) << bad;
  }
  EXPECT_EQ(parse_iso_duration("PT" + std::string(70, '1') + "S"), std::nullopt);
}

TEST(IsoDuration, NeverOverflows) {
  EXPECT_EQ(parse_iso_duration("P3660D"), 24h * 3660);
  for (const std::string large :
       {"PT999999999999H", "PT9223372036854775807S", "P18446744073709551615D", "P3661D",
        "P3660DT1S", "PT316224000.001S", "P3660DT87840H5270400M316224000S"}) {
    EXPECT_EQ(parse_iso_duration(large), std::nullopt) << large;
  }
}

TEST(HumanDuration, PicksTheUnit) {
  EXPECT_EQ(human(0ms), "0 ms");
  EXPECT_EQ(human(250ms), "250 ms");
  EXPECT_EQ(human(1500ms), "1.5 s");
  EXPECT_EQ(human(60s), "60 s");
  EXPECT_EQ(human(90s), "90 s");
  EXPECT_EQ(human(15min), "15 min");
  EXPECT_EQ(human(30min + 30s), "30 min 30 s");
}

}  // namespace
}  // namespace connector
