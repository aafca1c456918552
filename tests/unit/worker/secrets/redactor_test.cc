#include "worker/secrets/redactor.h"

#include <gtest/gtest.h>

#include <thread>

#include "connector/base/base64.h"

namespace worker::secrets {
namespace {

using connector::secret_string;

redactor of(std::initializer_list<const char*> values) {
  redactor made;
  for (const auto* value : values) made.add(secret_string(value));
  return made;
}

TEST(Redactor, MasksEveryOccurrence) {
  const auto mask = of({"s3cr3t-value"});
  EXPECT_EQ(mask.mask("s3cr3t-value, again s3cr3t-value."), "***, again ***.");
  EXPECT_EQ(mask.mask("nothing here"), "nothing here");
  EXPECT_EQ(mask.mask(""), "");
}

TEST(Redactor, MasksEncodedForms) {
  const auto mask = of({"pa\"ss/wo rd"});
  EXPECT_EQ(mask.mask(R"({"k":"pa\"ss/wo rd"})"), R"({"k":"***"})");
  EXPECT_EQ(mask.mask("?k=pa%22ss%2Fwo%20rd&"), "?k=***&");
  EXPECT_EQ(mask.mask("k=" + connector::base64_encode("pa\"ss/wo rd")), "k=***");
}

TEST(Redactor, MasksBase64AtAnyAlignment) {
  const std::string value = "correct-horse-battery";
  const auto mask = of({value.c_str()});
  for (std::size_t before = 0; before < 5; ++before) {
    for (std::size_t after = 0; after < 4; ++after) {
      const auto text = std::string(before, 'u') + ":" + value + ":" + std::string(after, 'p');
      const auto masked = mask.mask(connector::base64_encode(text));
      EXPECT_NE(masked.find("***"), std::string::npos) << text;
      // What is left over cannot hold more than the ends that share a character with others.
      EXPECT_LE(masked.size(), 3 + (before + after + 6) * 2) << masked;
    }
  }
}

TEST(Redactor, LeavesShortValuesAlone) {
  EXPECT_TRUE(of({"abc"}).empty());
  EXPECT_EQ(of({"abc"}).mask("abcdef abc"), "abcdef abc");
  EXPECT_EQ(of({"abcd"}).mask("abcd abc"), "*** abc");
}

TEST(Redactor, MasksOverlappingValuesWhole) {
  const auto mask = of({"abcdef", "defghi", "cdefg"});
  EXPECT_EQ(mask.mask("<abcdefghi>"), "<***>");
  EXPECT_EQ(mask.mask("<abcdef><defghi>"), "<***><***>");
}

TEST(Redactor, PrefersTheLongerOfTwoThatStartAlike) {
  const auto mask = of({"token", "token-and-more"});
  EXPECT_EQ(mask.mask("token-and-more token"), "*** ***");
}

TEST(Redactor, MasksAtBothEndsAndSideBySide) {
  const auto mask = of({"aaaa"});
  EXPECT_EQ(mask.mask("aaaa"), "***");
  EXPECT_EQ(mask.mask("aaaaa"), "***");
  EXPECT_EQ(mask.mask("aaaabaaaa"), "***b***");
}

TEST(RedactionRegistry, MasksWhatWasAddedLater) {
  redaction_registry registry;
  EXPECT_EQ(registry.mask("first-secret"), "first-secret");
  registry.add(secret_string("first-secret"));
  registry.add(std::vector<secret_string>{secret_string("second-secret")});
  registry.add(secret_string("first-secret"));
  EXPECT_EQ(registry.mask("first-secret second-secret"), "*** ***");
}

TEST(RedactionRegistry, ForgetsTheOldestBeyondItsBound) {
  redaction_registry registry;
  std::vector<secret_string> values;
  for (std::size_t i = 0; i <= redaction_registry::most_values; ++i) {
    values.emplace_back("value-number-" + std::to_string(i) + "-of-many");
  }
  registry.add(values);
  EXPECT_EQ(registry.mask("value-number-0-of-many"), "value-number-0-of-many");
  EXPECT_EQ(registry.mask("value-number-1-of-many"), "***");
  EXPECT_EQ(registry.mask("value-number-1000-of-many"), "***");
}

TEST(RedactionRegistry, IsReadByOtherThreadsWhileItGrows) {
  redaction_registry registry;
  registry.add(secret_string("always-there"));
  bool good = true;
  std::thread reader([&] {
    for (int i = 0; i < 2000; ++i) good = good && registry.mask("<always-there>") == "<***>";
  });
  for (int i = 0; i < 50; ++i) registry.add(secret_string("value-" + std::to_string(i)));
  reader.join();
  EXPECT_TRUE(good);
  EXPECT_EQ(registry.mask("value-49"), "***");
}

TEST(RedactorCut, RestOfAValueAtTheStartIsMasked) {
  const auto masks = of({"marked-value"});
  EXPECT_EQ(masks.mask_cut("ed-value and more"), "*** and more");
  EXPECT_EQ(masks.mask_cut("arked-value, marked-value"), "***, ***");
  EXPECT_EQ(masks.mask_cut("marked-value"), "***");
  // Less than four bytes are left alone, as values so short are.
  EXPECT_EQ(masks.mask_cut("lue of it"), "lue of it");
  EXPECT_EQ(masks.mask_cut("plain"), "plain");
  EXPECT_EQ(masks.mask_cut(""), "");
}

}  // namespace
}  // namespace worker::secrets
