#include "tests/bench/report.h"

#include <gtest/gtest.h>

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <boost/json/value.hpp>
#include <stdexcept>

namespace bench {
namespace {

using std::chrono::milliseconds;

round_figures round(double jobs, double cpu, double rss) { return {jobs, cpu, 20, rss, 32, 0, 0}; }

figures sample() {
  figures out;
  out.rss_mb_idle = 12.3456;
  out.start_ms = 17;
  out.floor_rss_mb_idle = 9.3456;
  out.floor_start_ms = 8;
  for (const int slots : {1, 32, 500}) {
    const double possible = slots * 10;
    out.points.push_back({{slots, milliseconds(0)}, round(10000, 50, 15), round(7000, 80, 30), {}});
    out.points.push_back(
        {{slots, milliseconds(100)}, round(possible, 50, 15), round(possible * 0.98, 80, 30), {}});
  }
  return out;
}

TEST(Json, HasEveryKeyThatTheReadmePromises) {
  const auto parsed = boost::json::parse(json(sample()));
  const auto& all = parsed.as_object();
  for (const char* key : {"floor_ratio_1", "floor_ratio_32", "floor_ratio_500", "cpu_us_per_job_32",
                          "cpu_us_per_job_500", "rss_mb_idle", "rss_mb_500", "start_ms",
                          "rss_mb_idle_above_floor", "floor_rss_mb_idle", "floor_start_ms",
                          "slots_used_32_100ms", "slots_used_500_100ms", "points"}) {
    EXPECT_TRUE(all.contains(key)) << key;
  }
  EXPECT_EQ(all.at("floor_ratio_32").as_double(), 0.7);
  EXPECT_EQ(all.at("slots_used_32_100ms").as_double(), 0.98);
  EXPECT_EQ(all.at("rss_mb_idle").as_double(), 12.346);
  EXPECT_EQ(all.at("rss_mb_idle_above_floor").to_number<double>(), 3);
}

TEST(Json, WritesNumbersAsPeopleDo) {
  EXPECT_NE(json(sample()).find("\"cpu_us_per_job_500\": 80,"), std::string::npos);
  EXPECT_NE(json(sample()).find("\"rss_mb_idle\": 12.346,"), std::string::npos);
}

TEST(Json, HasNoFiguresOfAWorkerThatWasNotThere) {
  figures alone = sample();
  alone.with_worker = false;
  const auto parsed = boost::json::parse(json(alone));
  EXPECT_EQ(parsed.as_object().size(), 1u);
}

TEST(Json, HasTheRatioToTheGoWorkerWhereThatWasMeasured) {
  EXPECT_EQ(json(sample()).find("peer_ratio"), std::string::npos);
  auto measured = sample();
  measured.points[2].peer = round(3000, 200, 60);
  const auto parsed = boost::json::parse(json(measured));
  EXPECT_EQ(parsed.as_object().at("peer_ratio_32").to_number<double>(), 2.5);
  EXPECT_FALSE(parsed.as_object().contains("peer_ratio_500"));
  EXPECT_NE(table(measured).find("2.50 times the worker's processor time"), std::string::npos);
}

TEST(Table, SaysWhyTheGoWorkerWasNotMeasured) {
  auto alone = sample();
  alone.without_peer = "there is no go";
  EXPECT_NE(table(alone).find("go: not measured, there is no go\n"), std::string::npos);
}

TEST(Verdict, SaysThatAllIsMet) {
  EXPECT_TRUE(verdict(sample()).starts_with("bench: settled")) << verdict(sample());
}

TEST(Verdict, NamesWhatMissesWithItsBound) {
  figures slow = sample();
  slow.points[2].worker.cpu_us_per_job = 130;
  const auto said = verdict(slow);
  EXPECT_TRUE(said.starts_with("bench: missed cpu_over_floor_32 2.600 (<= 1.9)")) << said;
}

TEST(Verdict, HoldsStartAndIdleMemoryAgainstTheirBounds) {
  figures slow = sample();
  slow.start_ms = 51;
  slow.floor_rss_mb_idle = 8;
  const auto said = verdict(slow);
  EXPECT_TRUE(said.starts_with(
      "bench: missed start_ms 51.0 (<= 50), rss_mb_idle_above_floor 4.346 (<= 4); met "))
      << said;
}

TEST(Table, ShowsBothPeersOfEachPoint) {
  const auto shown = table(sample());
  EXPECT_EQ(std::count(shown.begin(), shown.end(), '\n'), 2 + 12 + 2);
  EXPECT_NE(shown.find("0.70 of the floor"), std::string::npos);
}

TEST(Counts, CrossThePipeUnchanged) {
  counts sent;
  sent.at = std::chrono::nanoseconds(1234567890123);
  sent.completed = 7;
  sent.requests = 9;
  const auto got = counts_of(to_line(sent));
  EXPECT_EQ(got.at, sent.at);
  EXPECT_EQ(got.completed, 7u);
  EXPECT_EQ(got.requests, 9u);
  EXPECT_THROW(counts_of("no counts"), std::runtime_error);
}

}  // namespace
}  // namespace bench
