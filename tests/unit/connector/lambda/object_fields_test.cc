// Single fields of object inputs, and names that stand twice.
#include "connector/lambda/object_fields.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "connector/lambda/input_reader.h"

namespace connector::lambda {
namespace {

using testing::HasSubstr;

std::string put(std::string object, std::string_view path, std::string_view value) {
  auto made = with_field(std::move(object), path, value);
  return made ? *made : made.error().message;
}

TEST(RepeatedName, IsFoundAtAnyDepth) {
  EXPECT_EQ(repeated_name(R"({"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]})"), std::nullopt);
  EXPECT_EQ(repeated_name(R"(["a","a",{"b":"b"}])"), std::nullopt);
  EXPECT_EQ(repeated_name(R"({"a":1,"b":2,"a":3})"), "a");
  EXPECT_EQ(repeated_name(R"({"custom":{"x":{"job":1,"job":2}}})"), "job");
  EXPECT_EQ(repeated_name(R"({"a":[1,{"b":1},{"c":1,"c":2}]})"), "c");
  EXPECT_EQ(repeated_name(R"({"a":{"b":1},"a":{"b":1}})"), "a");
}

TEST(RepeatedName, SeesThroughEscapes) {
  EXPECT_EQ(repeated_name(R"({"custom":1,"\u0063ustom":2})"), "custom");
  EXPECT_EQ(repeated_name(R"({"a\"":1,"a\\\"":2,"b":"\"b\":"})"), std::nullopt);
  EXPECT_EQ(repeated_name(R"({"\ud800":1,"\ud800":2})"), R"(\ud800)");
  EXPECT_EQ(repeated_name(R"( { "a" : "x,y" , "a" : [ ] } )"), "a");
}

TEST(RepeatedName, TakesDeepDocuments) {
  const std::string deep = std::string(500, '[') + std::string(500, ']');
  EXPECT_EQ(repeated_name(deep), std::nullopt);
}

TEST(WithField, PutsOneFieldWhereItsPathSays) {
  EXPECT_EQ(put("{}", "authentication.type", R"("static")"), R"({"type":"static"})");
  EXPECT_EQ(put(R"({"type":"none"})", "authentication.type", R"("static")"),
            R"({"type":"static"})");
  EXPECT_EQ(put(R"({"type":"static"})", "authentication.accessKeyId", R"("A")"),
            R"({"type":"static","accessKeyId":"A"})");
  EXPECT_EQ(put(R"({"client":{"x":1.10}})", "clientContext.custom.region", R"("eu")"),
            R"({"client":{"x":1.10},"custom":{"region":"eu"}})");
  EXPECT_EQ(
      put(R"({"custom":{"a":1,"region":"us"} ,"b":2})", "clientContext.custom.region", R"("eu")"),
      R"({"custom":{"a":1,"region":"eu"} ,"b":2})");
  EXPECT_EQ(put(R"({"custom":{ }})", "clientContext.custom.a.b", "1"),
            R"({"custom":{ "a":{"b":1}}})");
  EXPECT_EQ(put(R"({"custom":null})", "clientContext.custom.region", R"("eu")"),
            R"({"custom":{"region":"eu"}})");
  EXPECT_EQ(put(R"({"\u0063ustom":{"a":1}})", "clientContext.custom.b", "2"),
            R"({"\u0063ustom":{"a":1,"b":2}})");
}

TEST(WithField, RefusesPathsThatLeadNowhere) {
  EXPECT_EQ(put(R"({"custom":"text"})", "clientContext.custom.region", "1"),
            "clientContext.custom.region: custom must be an object, not a string");
  for (const auto* path : {"clientContext.", "clientContext..a", "clientContext.a.",
                           "clientContext.a.b.c.d.e.f.g.h.i"}) {
    EXPECT_THAT(put("{}", path, "1"), HasSubstr("names no field")) << path;
  }
}

std::string object_of(const std::vector<std::pair<std::string, std::string>>& given,
                      std::string_view name = "clientContext") {
  std::vector<input_value> inputs;
  for (const auto& [input, value] : given) inputs.push_back({input, value, false});
  input_reader in(spec_of(operation_id::invoke), std::move(inputs));
  auto object = in.object(name);
  return in.first_error() ? in.first_error()->message : object;
}

TEST(ObjectInputs, TakeSingleFields) {
  EXPECT_EQ(object_of({{"clientContext.custom.region", R"("eu")"}}),
            R"({"custom":{"region":"eu"}})");
  EXPECT_EQ(object_of({{"clientContext", R"({"custom":{"region":"us","a":"b"}})"},
                       {"clientContext.custom.region", R"("eu")"}}),
            R"({"custom":{"region":"eu","a":"b"}})");
  // Whatever their order, and in an object that a header writes as text.
  EXPECT_EQ(object_of({{"authentication.type", R"("none")"},
                       {"authentication", R"("{\"type\":\"default\"}")"}},
                      "authentication"),
            R"({"type":"none"})");
  // The longer path wins over what the shorter one gives.
  EXPECT_EQ(object_of({{"clientContext.custom.region", R"("eu")"},
                       {"clientContext.custom", R"("{\"region\":\"us\",\"a\":1}")"}}),
            R"({"custom":{"region":"eu","a":1}})");
  // Text stays text, but for objects and lists.
  EXPECT_EQ(object_of({{"clientContext.custom.count", R"("5")"}}), R"({"custom":{"count":"5"}})");
  EXPECT_EQ(object_of({{"clientContext.custom.list", R"("[1,2]")"}}),
            R"({"custom":{"list":[1,2]}})");
  // Empty is absent.
  EXPECT_EQ(object_of({{"clientContext.custom.region", R"("")"}}), "");
}

TEST(ObjectInputs, OfSingleFieldsAreCheckedAsWhole) {
  EXPECT_THAT(object_of({{"clientContext.custom.x", "\"" + std::string(3000, 'x') + "\""}}),
              HasSubstr("clientContext: longer than"));
  EXPECT_THAT(
      object_of({{"clientContext", R"({"custom":1})"}, {"clientContext.custom.x", R"("1")"}}),
      HasSubstr("must be an object"));
  EXPECT_THAT(object_of({{"clientcontext.custom.x", R"("1")"}}),
              HasSubstr("clientcontext.custom.x: there is no such input"));
  EXPECT_THAT(object_of({{"payload.x", R"("1")"}}), HasSubstr("there is no such input"));
  input_reader in(spec_of(operation_id::invoke), {{"clientContext.custom.x", R"("1")", false}});
  EXPECT_TRUE(in.has("clientContext"));
  EXPECT_FALSE(in.has("authentication"));
}

TEST(ObjectInputs, RefuseNamesThatStandTwice) {
  EXPECT_THAT(object_of({{"clientContext", R"({"custom":{"a":1},"custom":{"job":{}}})"}}),
              HasSubstr("clientContext: the name custom stands in it twice"));
  EXPECT_THAT(object_of({{"clientContext", R"({"custom":{"a":1,"\u0061":2}})"}}),
              HasSubstr("the name a stands in it twice"));
  EXPECT_THAT(
      object_of({{"authentication", R"({"type":"none","type":"default"})"}}, "authentication"),
      HasSubstr("authentication: the name type stands in it twice"));
  EXPECT_THAT(
      object_of({{"authentication", R"({"sessionTags":{"a":"1","a":"2"}})"}}, "authentication"),
      HasSubstr("the name a stands in it twice"));
  // A single field does not hide it.
  EXPECT_THAT(object_of({{"authentication", R"({"type":"none","type":"default"})"},
                         {"authentication.type", R"("none")"}},
                        "authentication"),
              HasSubstr("stands in it twice"));
}

}  // namespace
}  // namespace connector::lambda
