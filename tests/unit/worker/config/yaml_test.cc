#include "worker/config/yaml.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace worker::config {
namespace {

using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

yaml_node good(std::string_view text) {
  auto document = read_yaml(text);
  for (const auto& each : document.issues) ADD_FAILURE() << each.line << ": " << each.text;
  return std::move(document.root);
}

yaml_issue problem(std::string_view text, const yaml_limits& limits = {}) {
  const auto document = read_yaml(text, limits);
  EXPECT_THAT(document.issues, SizeIs(1)) << text;
  return document.issues.empty() ? yaml_issue{} : document.issues.front();
}

TEST(Yaml, ReadsMappingsListsAndTextWithTheirLines) {
  const auto root = good("a: one\n# a comment\nb:\n  - x\n  - \"y z\"\nc: {d: 1, e: [true]}\n");
  ASSERT_EQ(root.type, yaml_node::kind::mapping);
  ASSERT_THAT(root.members, SizeIs(3));
  EXPECT_EQ(root.members[0].key, "a");
  EXPECT_EQ(root.members[0].value.text, "one");
  EXPECT_FALSE(root.members[0].value.quoted);
  const auto& list = root.members[1].value;
  ASSERT_EQ(list.type, yaml_node::kind::list);
  ASSERT_THAT(list.items, SizeIs(2));
  EXPECT_EQ(list.items[1].text, "y z");
  EXPECT_TRUE(list.items[1].quoted);
  EXPECT_EQ(list.items[1].line, 5);
  const auto& flow = root.members[2].value;
  EXPECT_EQ(root.members[2].line, 6);
  EXPECT_EQ(flow.members[0].value.text, "1");
  EXPECT_EQ(flow.members[1].value.items.front().text, "true");
}

TEST(Yaml, GuessesNoTypes) {
  const auto root = good("a: no\nb: 0123\nc: 1:30\nd: 1.10\n");
  EXPECT_EQ(root.members[0].value.text, "no");
  EXPECT_EQ(root.members[1].value.text, "0123");
  EXPECT_EQ(root.members[2].value.text, "1:30");
  EXPECT_EQ(root.members[3].value.text, "1.10");
}

TEST(Yaml, KnowsNullFromText) {
  const auto root = good("a:\nb: ~\nc: null\nd: ''\ne: 'null'\n");
  for (std::size_t i = 0; i < 3; ++i) EXPECT_TRUE(root.members[i].value.is_null()) << i;
  EXPECT_FALSE(root.members[3].value.is_null());
  EXPECT_FALSE(root.members[4].value.is_null());
}

TEST(Yaml, NothingIsAnEmptyMapping) {
  for (const auto* text : {"", "\n\n", "# only a comment\n", "---\n# x\n"}) {
    const auto root = good(text);
    EXPECT_THAT(root.members, IsEmpty()) << text;
  }
}

TEST(Yaml, RefusesWhatCouldGrowOrHide) {
  EXPECT_THAT(problem("a: &x 1\nb: 2\n").text, HasSubstr("anchors"));
  EXPECT_THAT(problem("a: &x [1]\n").text, HasSubstr("anchors"));
  EXPECT_THAT(problem("a: *x\n").text, HasSubstr("aliases"));
  EXPECT_THAT(problem("a: !!str 1\n").text, HasSubstr("tags"));
  EXPECT_THAT(problem("a: !x {b: 1}\n").text, HasSubstr("tags"));
  EXPECT_THAT(problem("a: 1\n---\nb: 1\n").text, HasSubstr("one document"));
  EXPECT_THAT(problem("? [a]\n: 1\n").text, HasSubstr("a key must be text"));
}

TEST(Yaml, RefusesABombOfAliasesAtItsFirstLine) {
  const auto found =
      problem("a: &a [x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a]\nc: &c [*b,*b,*b,*b,*b,*b]\n");
  EXPECT_EQ(found.line, 1);
  EXPECT_THAT(found.text, HasSubstr("anchors"));
}

TEST(Yaml, EndsAtItsBounds) {
  EXPECT_THAT(problem(std::string(300, '[')).text, HasSubstr("deeper"));
  EXPECT_THAT(problem(std::string(200'000, '[')).text, HasSubstr("deeper"));
  EXPECT_THAT(problem(std::string(300'000, ' ')).text, HasSubstr("larger than"));
  std::string many = "a: [";
  for (int i = 0; i < 30'000; ++i) many += "1,";
  EXPECT_THAT(problem(many + "]").text, HasSubstr("more than 10000"));
  yaml_limits small;
  small.depth = 2;
  EXPECT_THAT(read_yaml("a: [1]", small).issues, IsEmpty());
  EXPECT_THAT(problem("a: [[1]]", small).text, HasSubstr("deeper than 2"));
}

TEST(Yaml, NamesTheLineOfASyntaxError) {
  const auto found = problem("a: 1\nb: [1, 2\nc: 3\n");
  EXPECT_GE(found.line, 2);
  EXPECT_THAT(found.text, HasSubstr("no YAML"));
  EXPECT_EQ(problem("a: 1\n\tb: 2\n").line, 2);
  EXPECT_THAT(problem("a: \"\xff\"\n").text, HasSubstr("UTF-8"));
  EXPECT_THAT(problem(std::string_view("a: \0", 4)).text, HasSubstr("no YAML"));
}

TEST(Yaml, NamesEveryKeyThatStandsTwiceAndKeepsTheFirst) {
  const auto document = read_yaml("a: 1\na: 2\nb: {c: 1, c: 2}\n");
  ASSERT_THAT(document.issues, SizeIs(2));
  EXPECT_EQ(document.issues[0].line, 2);
  EXPECT_THAT(document.issues[0].text, HasSubstr("'a' stands twice, first in line 1"));
  EXPECT_EQ(document.root.members[0].value.text, "1");
}

TEST(Yaml, ValuesThatBeginWithAStarStandInQuotes) {
  const auto document = read_yaml("a: [*.example.org]\n");
  ASSERT_EQ(document.issues.size(), 1U);
  EXPECT_NE(document.issues.front().text.find("stand in quotes"), std::string::npos);
}

}  // namespace
}  // namespace worker::config
