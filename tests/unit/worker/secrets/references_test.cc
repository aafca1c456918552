#include "worker/secrets/references.h"

#include <gtest/gtest.h>

namespace worker::secrets {
namespace {

std::vector<std::string> names(std::string_view text) {
  std::vector<std::string> found;
  for (const auto& each : references_in(text)) found.emplace_back(each.name);
  return found;
}

TEST(References, AreFoundAnywhereInAString) {
  EXPECT_EQ(names("Bearer {{secrets.TOKEN}}, {{secrets.b}}"),
            (std::vector<std::string>{"TOKEN", "b"}));
  const auto found = references_in("x{{secrets.A}}y");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at, 1U);
  EXPECT_EQ(found[0].length, 13U);
}

TEST(References, MayHaveBlanksInsideTheBraces) {
  EXPECT_EQ(names("{{ secrets.A }}{{\tsecrets.B\n}}"), (std::vector<std::string>{"A", "B"}));
}

TEST(References, TakeNamesWithDotsSlashesAndDashes) {
  EXPECT_EQ(names("{{secrets.db/prod-1.pass_word}}"),
            (std::vector<std::string>{"db/prod-1.pass_word"}));
}

TEST(References, LeaveWhatIsNoNameAsText) {
  for (const auto* text :
       {"{{secrets.}}", "{{secrets.a b}}", "{{secrets..a}}", "{{secrets./etc}}", "{{secrets.-a}}",
        "{secrets.A}", "{{secrets.A}", "{{ secrets .A}}", "{{secretsA}}", "{{xsecrets.A}}",
        "secrets.A", "{{secrets.\xC3\xA9}}", "{{secrets.a{{secrets.b"}) {
    EXPECT_TRUE(names(text).empty()) << text;
  }
}

TEST(References, TakeTheInnermostBraces) {
  const auto found = references_in("{{{secrets.A}}}");
  ASSERT_EQ(found.size(), 1U);
  EXPECT_EQ(found[0].at, 1U);
  EXPECT_EQ(found[0].length, 13U);
}

TEST(References, DoNotShareBraces) {
  EXPECT_EQ(names("{{secrets.A}}{{secrets.B}}secrets.C}}"), (std::vector<std::string>{"A", "B"}));
}

TEST(References, AreBoundedInLength) {
  const std::string longest(longest_name, 'a');
  EXPECT_EQ(names("{{secrets." + longest + "}}").size(), 1U);
  EXPECT_TRUE(names("{{secrets." + longest + "a}}").empty());
  EXPECT_FALSE(is_name(longest + "a"));
}

TEST(References, AreFoundInLinearTimeInBlanks) {
  // Would take minutes if each candidate walked the blanks again.
  std::string text = "{{";
  for (int i = 0; i < 200'000; ++i) text += "          ";
  for (int i = 0; i < 200'000; ++i) text += "secrets.";
  EXPECT_TRUE(names(text).empty());
}

TEST(References, AreBareOnlyAsTheWholeText) {
  EXPECT_EQ(bare_name("secrets.TOKEN"), "TOKEN");
  EXPECT_EQ(bare_name("secrets.json"), "json");
  EXPECT_FALSE(bare_name(" secrets.TOKEN"));
  EXPECT_FALSE(bare_name("secrets.TOKEN "));
  EXPECT_FALSE(bare_name("secrets."));
  EXPECT_FALSE(bare_name("my secrets.TOKEN"));
}

TEST(References, AreSuspectedInEscapedTextToo) {
  EXPECT_TRUE(may_hold_reference(R"("{{secrets.A}}")"));
  EXPECT_TRUE(may_hold_reference(R"("\u007b\u007b\u0073ecrets.A}}")"));
  EXPECT_TRUE(may_hold_reference(R"("\u00e9\u002e")"));
  EXPECT_FALSE(may_hold_reference(R"({"a":"plain","b":[1,2],"c":"\u00e9\u0000\u00"})"));
}

}  // namespace
}  // namespace worker::secrets
