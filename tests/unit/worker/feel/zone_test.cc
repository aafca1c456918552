#include "worker/feel/zone.h"

#include <gtest/gtest.h>

#include <string>

namespace worker::feel {
namespace {

// "name offset" in January 2024, or "none".
std::string seen(const std::optional<zone>& found) {
  if (!found) return "none";
  return found->name() + " " + offset_text(found->at(1'704'067'200).offset);
}

TEST(Zone, NamesAreReadAsJavaReadsThem) {
  EXPECT_EQ(seen(zone::of("Europe/Berlin")), "Europe/Berlin +01:00");
  EXPECT_EQ(seen(zone::of("Etc/GMT+5")), "Etc/GMT+5 -05:00");
  EXPECT_EQ(seen(zone::of("Z")), " Z");
  EXPECT_EQ(seen(zone::of("+3")), " +03:00");
  EXPECT_EQ(seen(zone::of("-0330")), " -03:30");
  EXPECT_EQ(seen(zone::of("+01:02:03")), " +01:02:03");
  EXPECT_EQ(seen(zone::of("UTC")), "UTC Z");
  EXPECT_EQ(seen(zone::of("UTC+3")), "UTC+03:00 +03:00");
  EXPECT_EQ(seen(zone::of("GMT-03:30")), "GMT-03:30 -03:30");
  EXPECT_EQ(seen(zone::of("UT+0")), "UT Z");
}

TEST(Zone, NoZoneHasSuchAName) {
  for (const auto* const name : {"",
                                 "z",
                                 "utc",
                                 "Foo/Bar",
                                 "europe/berlin",
                                 "EST",
                                 "Factory",
                                 "posixrules",
                                 "posix/Europe/Berlin",
                                 "right/UTC",
                                 "tzdata.zi",
                                 "zone.tab",
                                 "+19",
                                 "+18:01",
                                 "UTC+",
                                 "+1:00",
                                 "+01:0",
                                 "+123",
                                 "Europe/",
                                 "Europe//Berlin",
                                 "Europe/./Berlin",
                                 "Europe/../Europe/Berlin",
                                 "../../etc/passwd",
                                 "/etc/localtime",
                                 "Europe/Berlin ",
                                 "file:UTC"}) {
    EXPECT_EQ(seen(zone::of(name)), "none") << name;
  }
  EXPECT_EQ(seen(zone::of(std::string(5'000, 'A'))), "none");
}

TEST(Zone, InATextOffsetsAreWrittenInFull) {
  EXPECT_EQ(seen(zone::in_text("+02:00")), " +02:00");
  EXPECT_EQ(seen(zone::in_text("UTC+01:00")), "UTC+01:00 +01:00");
  EXPECT_EQ(seen(zone::in_text("Etc/GMT+5")), "Etc/GMT+5 -05:00");
  EXPECT_EQ(seen(zone::in_text("GMT0")), "GMT0 Z");
  EXPECT_EQ(seen(zone::in_text("UTC+1")), "none");
  EXPECT_EQ(seen(zone::in_text("+2")), "none");
}

TEST(Zone, SummerIsAnHourAhead) {
  const zone berlin = zone::of("Europe/Berlin").value();
  EXPECT_EQ(berlin.at(1'719'792'000).offset, 7'200);          // 2024-07-01
  EXPECT_EQ(berlin.at(29'360'000'000).offset, 7'200);         // the summer of 2900
  EXPECT_EQ(berlin.at(-3'786'825'600).offset, 53 * 60 + 28);  // 1850, the sun's time
  EXPECT_EQ(berlin.standard_offset(), 3'600);
}

TEST(Zone, ASkippedHourMovesOnAndADoubleOneIsTheFirst) {
  const zone berlin = zone::of("Europe/Berlin").value();
  const std::int64_t skipped = 1'711'852'200;  // 2024-03-31T02:30
  EXPECT_EQ(berlin.from_local(skipped).local, skipped + 3'600);
  EXPECT_EQ(berlin.from_local(skipped).offset, 7'200);
  const std::int64_t twice = 1'729'996'200;  // 2024-10-27T02:30
  EXPECT_EQ(berlin.from_local(twice).offset, 7'200);
  EXPECT_EQ(berlin.from_local(twice, 3'600).offset, 3'600);
  EXPECT_EQ(berlin.from_local(twice, 7'200).offset, 7'200);
  EXPECT_EQ(berlin.from_local(twice, 0).offset, 7'200);
}

}  // namespace
}  // namespace worker::feel
