#include "worker/guards/clear_keys.h"

#include <gtest/gtest.h>

namespace worker::guards {
namespace {

TEST(ClearKeys, AreNamed) {
  EXPECT_EQ(clear_key_in(R"({"type":"static","secretAccessKey":"abc"})"), "secretAccessKey");
  EXPECT_EQ(clear_key_in(R"({"sessionToken":"abc","accessKeyId":"AKIA"})"), "sessionToken");
  EXPECT_EQ(clear_key_in(R"({"secretKey":"x"})"), "secretKey");
  EXPECT_EQ(clear_key_in(R"({"secret\u0041ccessKey":"x"})"), "secretAccessKey");
  EXPECT_EQ(clear_key_in(R"({"secretAccessKey":12345})"), "secretAccessKey");
}

TEST(ClearKeys, StandInTheTextOfAHeaderToo) {
  EXPECT_EQ(clear_key_in(R"("{\"secretAccessKey\":\"abc\"}")"), "secretAccessKey");
  EXPECT_EQ(clear_key_in(R"("{\"secretAccessKey\":\"{{secrets.A}}\"}")"), std::nullopt);
}

TEST(ClearKeys, ReferencesAreNone) {
  EXPECT_EQ(clear_key_in(R"({"secretAccessKey":"{{secrets.A}}","sessionToken":"secrets.B"})"),
            std::nullopt);
  EXPECT_EQ(clear_key_in(R"({"secretAccessKey":"{{secrets.A"})"), "secretAccessKey");
}

TEST(ClearKeys, NothingElseIsOne) {
  for (const auto* text : {R"({"type":"static","accessKeyId":"AKIA"})", R"({"secretAccessKey":""})",
                           R"({"secretAccessKey":null})", "{}", "null", "[1]", R"("{{secrets.A}}")",
                           "\"no json\"", "7", ""}) {
    EXPECT_EQ(clear_key_in(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace worker::guards
