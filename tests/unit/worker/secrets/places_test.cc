#include "worker/secrets/places.h"

#include <gtest/gtest.h>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"

namespace worker::secrets {
namespace {

step member(std::string name) { return {step::kind::member, std::move(name), 0}; }
step element(std::size_t index) { return {step::kind::element, {}, index}; }
const step any{step::kind::any_element, {}, 0};

TEST(Places, AreReadAsTheyAreWritten) {
  EXPECT_EQ(place_of_text("payload"), (place{member("payload")}));
  EXPECT_EQ(place_of_text("payload.items[0].token"),
            (place{member("payload"), member("items"), element(0), member("token")}));
  EXPECT_EQ(place_of_text("payload[*][12]"), (place{member("payload"), any, element(12)}));
  EXPECT_EQ(place_of_text(R"(payload["a.b \"\u0041"].c)"),
            (place{member("payload"), member("a.b \"A"), member("c")}));
  for (const std::string text : {"payload", "payload.items[0].token", "payload[*][12]",
                                 R"(payload["a.b"].c)", R"(payload[""])", R"(payload[","][":"])"}) {
    const auto read = place_of_text(text);
    ASSERT_TRUE(read) << text;
    EXPECT_EQ(text_of_place(*read), text);
  }
}

TEST(Places, NothingElseIsOne) {
  for (const std::string text : {"",
                                 ".",
                                 "payload.",
                                 ".payload",
                                 "payload..a",
                                 "payload[",
                                 "payload[]",
                                 "payload[-1]",
                                 "payload[1",
                                 "payload[x]",
                                 "payload[1]a",
                                 "payload.[1]",
                                 "[0]",
                                 R"(["payload"])",
                                 R"(payload["a)",
                                 R"(payload["a"b])",
                                 R"(payload["\x"])",
                                 "pay load",
                                 "payload]",
                                 "payload[99999999999999999999]",
                                 "payload a"}) {
    EXPECT_FALSE(place_of_text(text)) << text;
  }
  EXPECT_TRUE(place_of_text(std::string(longest_place, 'a')));
  EXPECT_FALSE(place_of_text(std::string(longest_place + 1, 'a')));
}

TEST(Places, StarCoversEveryElementAndNoMember) {
  const auto listed = place_of_text("payload.items[*].token").value();
  EXPECT_TRUE(covers(listed, place_of_text("payload.items[0].token").value()));
  EXPECT_TRUE(covers(listed, place_of_text("payload.items[70].token").value()));
  EXPECT_FALSE(covers(listed, place_of_text("payload.items.0.token").value()));
  EXPECT_FALSE(covers(listed, place_of_text("payload.items[0]").value()));
  EXPECT_FALSE(covers(listed, place_of_text("payload.items[0].token.x").value()));
}

// The way to each string of a document, names of members as "(name)".
std::vector<std::string> ways(std::string_view text) {
  std::vector<std::string> out;
  place_tracker way("p");
  const auto same = way.rewrite_strings(text, [&](std::string_view token) {
    const auto here = way.here();
    out.push_back((here ? text_of_place(*here) : "(name)") + "=" + std::string(token));
    return std::nullopt;
  });
  EXPECT_EQ(same, text);
  EXPECT_EQ(way.here(), place_of_text("p"));
  return out;
}

TEST(Places, WayLeadsToEachString) {
  EXPECT_EQ(ways(R"("a")"), (std::vector<std::string>{R"(p="a")"}));
  EXPECT_EQ(ways(R"( {"a":"1" , "b\u002e" : ["2",{"c":[],"d":"3"},"4\"]}"], "e":"5"} )"),
            (std::vector<std::string>{R"((name)="a")", R"(p.a="1")", R"((name)="b\u002e")",
                                      R"(p["b."][0]="2")", R"((name)="c")", R"((name)="d")",
                                      R"(p["b."][1].d="3")", R"(p["b."][2]="4\"]}")",
                                      R"((name)="e")", R"(p.e="5")"}));
}

TEST(Places, WayGoesOnInsideAString) {
  place_tracker way("p");
  std::string found;
  const auto out = way.rewrite_strings(
      R"({"a":[0,"inner"]})", [&](std::string_view token) -> std::optional<std::string> {
        if (token != "\"inner\"") return std::nullopt;
        const std::string text = R"([{"b":"x"}])";
        return connector::json::quote(way.rewrite_strings(text, [&](std::string_view each) {
          if (each == "\"x\"") found = text_of_place(way.here().value());
          return each == "\"x\"" ? std::optional<std::string>("7") : std::nullopt;
        }));
      });
  EXPECT_EQ(found, "p.a[1][0].b");
  EXPECT_EQ(out, R"({"a":[0,"[{\"b\":7}]"]})");
}

}  // namespace
}  // namespace worker::secrets
