#include "worker/dropin/durations.h"

#include <gtest/gtest.h>

namespace worker::dropin {
namespace {

constexpr std::int64_t day = std::int64_t{24} * 60 * 60 * 1000;

// The answers are Java's.
TEST(DropInDurations, AreReadAsJavaReadsThem) {
  const struct {
    std::string_view text;
    std::optional<std::int64_t> milliseconds;
  } rows[] = {
      {"PT30S", 30'000},
      {"PT0S", 0},
      {"PT5M", 300'000},
      {"pt5m", 300'000},
      {"P2D", 2 * day},
      {"P1DT2H3M4.5S", day + 2 * 3'600'000 + 3 * 60'000 + 4500},
      {"PT1,25S", 1250},
      {"PT1.S", 1000},
      {"PT0.0019S", 1},
      {"PT0.123456789S", 123},
      {"+PT1S", 1000},
      {"-PT1S", -1000},
      {"PT-1.5S", -1500},
      {"-PT-6H+3M", 6 * 3'600'000 - 3 * 60'000},
      {"P-1DT1H", -day + 3'600'000},
      {"PT100H", 100 * 3'600'000},
      {"P1W", std::nullopt},
      {"P1M", std::nullopt},
      {"P1Y", std::nullopt},
      {"PT", std::nullopt},
      {"P", std::nullopt},
      {"P1DT", std::nullopt},
      {"", std::nullopt},
      {"30", std::nullopt},
      {"PT30", std::nullopt},
      {"PT30SS", std::nullopt},
      {" PT30S", std::nullopt},
      {"PT30S ", std::nullopt},
      {"PT1S1M", std::nullopt},
      {"PT1.5M", std::nullopt},
      {"PT0.1234567891S", std::nullopt},
      {"PT.5S", std::nullopt},
      {"soon", std::nullopt},
      // Java takes longer ones; a job of this worker does not wait for ten years.
      {"P99999D", std::nullopt},
      {"PT999999999999999999999S", std::nullopt},
  };
  for (const auto& row : rows) {
    const auto read = parse_java_duration(row.text);
    const auto count = read ? std::optional(read->count()) : std::nullopt;
    EXPECT_EQ(count, row.milliseconds) << row.text;
  }
}

std::string normal(const std::string& name, const std::string& text) {
  std::map<std::string, std::string> headers{{name, text}};
  const auto wrong = normalise_durations(headers);
  return wrong ? "!" + wrong->message : headers.at(name);
}

TEST(DropInDurations, HeadersAreWrittenInOneForm) {
  EXPECT_EQ(normal("retryBackoff", "pt1h0.5s"), "PT3600.500S");
  EXPECT_EQ(normal("retryBackoff", "-PT5S"), "PT0.000S");
  EXPECT_EQ(normal("jobTimeout", "P1D"), "PT86400.000S");
  EXPECT_EQ(normal("retryBackoff", ""), "");
  EXPECT_EQ(normal("retryBackoff", "= backoff(job.retries)"), "= backoff(job.retries)");
  EXPECT_EQ(normal("resultVariable", "soon"), "soon");
}

TEST(DropInDurations, UnreadableHeaderIsNamedWithoutItsValue) {
  const auto wrong = normal("retryBackoff", "s3cret");
  EXPECT_NE(wrong.find("retryBackoff"), std::string::npos) << wrong;
  EXPECT_EQ(wrong.find("s3cret"), std::string::npos) << wrong;
  EXPECT_EQ(normal("jobTimeout", "PT0S").front(), '!');
  EXPECT_EQ(normal("jobTimeout", "-PT1S").front(), '!');
  EXPECT_EQ(normal("jobTimeout", "PT0.0009S").front(), '!');
}

}  // namespace
}  // namespace worker::dropin
