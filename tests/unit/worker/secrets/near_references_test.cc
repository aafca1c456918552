#include "worker/secrets/near_references.h"

#include <gtest/gtest.h>

namespace worker::secrets {
namespace {

task_value value_of(std::string name, std::string json, origin from) {
  task_value out;
  out.input.name = std::move(name);
  out.input.value = std::move(json);
  out.from = from;
  return out;
}

TEST(NearReferences, AreFoundWithWhatIsMeant) {
  const struct {
    const char* text;
    const char* near;
    const char* name;
  } rows[] = {
      {R"({"key":"{{secret.API_KEY}}"})", "{{secret.API_KEY}}", "API_KEY"},
      {"{{Secrets.KEY}}", "{{Secrets.KEY}}", "KEY"},
      {"{{SECRETS.KEY}} and more", "{{SECRETS.KEY}}", "KEY"},
      {"{{ secret.team/aws.KEY-1 }}", "{{ secret.team/aws.KEY-1 }}", "team/aws.KEY-1"},
      {"{{secrets KEY}}", "{{secrets KEY}}", "KEY"},
      {"{{secrets.KEY}", "{{secrets.KEY}", "KEY"},
      {"{{secrets.KEY", "{{secrets.KEY", "KEY"},
      {"{secrets.KEY}}", "{secrets.KEY}}", "KEY"},
      {"{{secrets.A}} {{secret.B}}", "{{secret.B}}", "B"},
  };
  for (const auto& row : rows) {
    const auto found = near_miss_in(row.text);
    ASSERT_TRUE(found) << row.text;
    EXPECT_EQ(found->text, row.near);
    EXPECT_EQ(found->name, row.name);
  }
}

TEST(NearReferences, WhatIsAReferenceOrSomethingElseIsNone) {
  for (const char* text :
       {"", "{", "{{", "{{secret", "{{secrets.", "{{secrets.}}", "{{secrets.KEY}}",
        "{{ secrets.K }}", "secrets.KEY", "secret.KEY", "{{user.name}}",
        "{{secret santa brings it}}", "{{secretary.X}}", "{secret.x}", R"({"secret":"x"})",
        R"({"secrets":{"a":1}})", "{{ {{ }}", "{{secret.KEY}"}) {
    EXPECT_FALSE(near_miss_in(text)) << text;
  }
}

TEST(NearReferences, AreNamedWithTheirInput) {
  auto found =
      near_reference_in({value_of("functionName", R"("f")", origin::variable),
                         value_of("payload", R"({"key":"{{secret.API_KEY}}"})", origin::variable)});
  ASSERT_TRUE(found);
  EXPECT_FALSE(found->of_credentials);
  EXPECT_EQ(found->input, "payload");
  EXPECT_EQ(found->sentence,
            "The input payload holds {{secret.API_KEY}}, which is text and names no secret: write "
            "{{secrets.API_KEY}} if a secret is meant.");
  found = near_reference_in(
      {value_of("authentication.secretAccessKey", R"("{{secret.K}}")", origin::header)});
  ASSERT_TRUE(found);
  EXPECT_TRUE(found->of_credentials);
  EXPECT_EQ(found->sentence.find("The custom header authentication.secretAccessKey holds"), 0U);
  EXPECT_TRUE(near_reference_in({value_of("authentication", R"({"accessKeyId":"{{secret.K}}"})",
                                          origin::variable)})
                  ->of_credentials);
}

TEST(NearReferences, HeadersWithExpressionsAreNotLookedAt) {
  EXPECT_FALSE(near_reference_in(
      {value_of("resultExpression", R"("={a: \"{{secret.K}}\"}")", origin::header)}));
}

// Each byte is looked at a few times, whatever stands there.
TEST(NearReferences, LongTextsOfBracesTakeNoLongerThanOthers) {
  std::string text;
  for (int i = 0; i < 100'000; ++i) text += "{{secret." + std::string(20, 'a');
  EXPECT_FALSE(near_miss_in(text));
  EXPECT_FALSE(near_miss_in(std::string(1'000'000, '{')));
  EXPECT_FALSE(near_miss_in("{{secret." + std::string(1'000'000, 'a') + "}}"));
}

}  // namespace
}  // namespace worker::secrets
