#include "worker/secrets/listing.h"

#include <gtest/gtest.h>

namespace worker::secrets {
namespace {

using name_list = std::vector<std::string>;

TEST(Listing, TakesNamesAndNamesWithAPlace) {
  const auto listed = listing::read(R"( A, b/c ,, payload.x:D,payload["a,b:c"] : E )");
  ASSERT_TRUE(listed);
  EXPECT_EQ(listed->without_place(), (name_list{"A", "b/c"}));
  EXPECT_EQ(listed->entries(), (name_list{"A", "b/c", "payload.x:D", R"(payload["a,b:c"] : E)"}));
  const auto at = [](std::string_view text) { return place_of_text(text); };
  EXPECT_TRUE(listed->counts("A", at("anything.at[0].all")));
  EXPECT_TRUE(listed->counts("A", std::nullopt));
  EXPECT_TRUE(listed->counts("D", at("payload.x")));
  EXPECT_FALSE(listed->counts("D", at("payload.y")));
  EXPECT_FALSE(listed->counts("D", std::nullopt));
  EXPECT_TRUE(listed->counts("E", at(R"(payload["a,b:c"])")));
  EXPECT_FALSE(listed->counts("OTHER", at("payload.x")));
}

TEST(Listing, NameMayBeListedForSeveralPlaces) {
  const auto listed = listing::read("payload.a:T,payload.b:T");
  ASSERT_TRUE(listed);
  EXPECT_TRUE(listed->counts("T", place_of_text("payload.a")));
  EXPECT_TRUE(listed->counts("T", place_of_text("payload.b")));
  EXPECT_FALSE(listed->counts("T", place_of_text("payload.c")));
}

TEST(Listing, EmptyListHasNone) {
  ASSERT_TRUE(listing::read(""));
  EXPECT_TRUE(listing::read(" , ")->entries().empty());
}

TEST(Listing, NothingElseIsAnEntry) {
  for (const auto* text :
       {"A,{{secrets.B}}", "../A", "a b", ":A", "payload.x:", "payload.x:{{secrets.A}}",
        "payload.[0]:A", "payload..x:A", R"(payload["x:A)", "payload.x:A:"}) {
    EXPECT_FALSE(listing::read(text)) << text;
  }
}

TEST(Listing, HasAHundredEntriesAtMost) {
  std::string many;
  for (std::size_t i = 0; i < listing::max_entries; ++i) many += "N" + std::to_string(i) + ",";
  EXPECT_TRUE(listing::read(many));
  EXPECT_FALSE(listing::read(many + "ONE_MORE"));
}

}  // namespace
}  // namespace worker::secrets
