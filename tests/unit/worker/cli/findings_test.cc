#include "worker/cli/findings.h"

#include <gtest/gtest.h>

#include "connector/base/json_scan.h"

namespace worker::cli {
namespace {

TEST(Findings, EndWithTheSmallestCodeOfWhatIsWrong) {
  findings all(true);
  EXPECT_EQ(all.code(), 0);
  all.ok("fine");
  all.add_issue(4, "no keys");
  all.add_issue(3, "no gateway");
  all.add_issue(5, "no Lambda");
  EXPECT_EQ(all.code(), 3);
}

TEST(Findings, AreJsonForMachines) {
  findings all(true);
  all.ok("settings");
  all.add_issue(3, "gateway \"x\"\n");
  all.add_advice("use http://");
  all.note("not looked at");
  EXPECT_EQ(all.json_text(),
            "{\"exitCode\":3,\"findings\":[\n"
            "  {\"state\":\"ok\",\"text\":\"settings\"},\n"
            "  {\"state\":\"wrong\",\"text\":\"gateway \\\"x\\\"\\n\",\"exitCode\":3,"
            "\"advice\":\"use http://\"},\n"
            "  {\"state\":\"note\",\"text\":\"not looked at\"}\n"
            "]}\n");
  EXPECT_TRUE(connector::json::is_json(all.json_text()));
}

}  // namespace
}  // namespace worker::cli
