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

std::string numbered(std::size_t number) {
  return std::to_string(100'000 + number) + "-is-the-number-of-this-value";
}

void add_numbered(redaction_registry& to, std::size_t from, std::size_t end) {
  for (std::size_t i = from; i < end; ++i) to.add(secret_string(numbered(i)));
}

TEST(RedactionRegistry, ForgetsTheOldestBeyondItsBound) {
  redaction_registry registry;
  add_numbered(registry, 0, redaction_registry::most_values + 1);
  EXPECT_EQ(registry.mask(numbered(0)), numbered(0));
  EXPECT_EQ(registry.mask(numbered(1)), "***");
  EXPECT_EQ(registry.mask(numbered(redaction_registry::most_values)), "***");
}

TEST(RedactionRegistry, ValueUsedAgainIsYoungAgain) {
  redaction_registry registry;
  add_numbered(registry, 0, redaction_registry::most_values);
  registry.add(secret_string(numbered(0)));
  add_numbered(registry, 5000, 5010);
  EXPECT_EQ(registry.mask(numbered(0)), "***");
  EXPECT_EQ(registry.mask(numbered(1)), numbered(1));
  EXPECT_EQ(registry.mask(numbered(10)), numbered(10));
  EXPECT_EQ(registry.mask(numbered(11)), "***");
}

// The way of a long call: others come and go, in numbers that would have pushed it out long ago.
TEST(RedactionRegistry, ValueThatIsHeldStaysKnown) {
  redaction_registry registry;
  auto held = registry.add(secret_string("held-by-a-call"));
  auto again = registry.add(secret_string("held-by-a-call"));
  add_numbered(registry, 0, 2 * redaction_registry::most_values);
  EXPECT_EQ(registry.mask("held-by-a-call"), "***");
  held.reset();
  add_numbered(registry, 20'000, 20'000 + redaction_registry::most_values);
  EXPECT_EQ(registry.mask("held-by-a-call"), "***");
  again.reset();
  add_numbered(registry, 30'000, 30'002 + redaction_registry::most_values);
  EXPECT_EQ(registry.mask("held-by-a-call"), "held-by-a-call");
}

TEST(RedactionRegistry, KeepsAllThatIsHeldAndComesBackToItsBound) {
  redaction_registry registry;
  std::vector<redaction_registry::hold> held;
  const auto many = 2 * redaction_registry::most_values;
  for (std::size_t i = 0; i < many; ++i) held.push_back(registry.add(secret_string(numbered(i))));
  EXPECT_EQ(registry.mask(numbered(0)), "***");
  EXPECT_EQ(registry.mask(numbered(many - 1)), "***");
  held.clear();
  add_numbered(registry, many, many + redaction_registry::most_values);
  for (std::size_t i = 0; i < many; ++i) ASSERT_EQ(registry.mask(numbered(i)), numbered(i));
  EXPECT_EQ(registry.mask(numbered(many)), "***");
}

TEST(RedactionRegistry, LargeValuesAreBoundedByTheirBytes) {
  redaction_registry registry;
  const auto large = [](std::size_t number) {
    return numbered(number) + std::string(64 * 1024, '"');
  };
  for (std::size_t i = 0; i < 40; ++i) registry.add(secret_string(large(i)));
  EXPECT_EQ(registry.mask(large(0)), large(0));
  EXPECT_EQ(registry.mask(large(39)), "***");
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

TEST(Redactor, ForgetsAValueAndNotWhatItSharesWithOthers) {
  const auto first = std::make_shared<const secret_forms>(secret_string("shared-start-1"));
  const auto second = std::make_shared<const secret_forms>(secret_string("shared-start-2"));
  redactor before;
  before.add(first);
  before.add(second);
  redactor after = before;
  after.remove(first);
  after.remove(first);
  EXPECT_EQ(after.mask("shared-start-1 shared-start-2"), "shared-start-1 ***");
  EXPECT_EQ(before.mask("shared-start-1 shared-start-2"), "*** ***");
  after.remove(second);
  EXPECT_TRUE(after.empty());
  EXPECT_EQ(after.mask("shared-start-2"), "shared-start-2");
}

TEST(RedactorFront, IsTheFrontOfWhatMaskGives) {
  const auto masks = of({"marked-value", "value-of-it", "aaaa"});
  const std::string text = "see marked-value-of-it and aaaaaa, marked-value again: marked-val";
  const auto whole = masks.mask(text);
  for (std::size_t most = 0; most < text.size() + 5; ++most) {
    EXPECT_EQ(masks.mask_front(text, most), whole.substr(0, most)) << most;
  }
  EXPECT_EQ(redactor().mask_front("plain", 3), "pla");
}

TEST(RedactorFront, ValueThatLiesAcrossTheEndIsMasked) {
  const auto masks = of({"marked-value"});
  EXPECT_EQ(masks.mask_front("before marked-value after", 12), "before *** a");
  EXPECT_EQ(masks.mask_front("before marked-value after", 9), "before **");
  EXPECT_EQ(masks.mask_front("euro \xE2\x82\xAC\xE2\x82\xAC marked-value", 10),
            "euro \xE2\x82\xAC");
}

TEST(RedactorCut, RestAfterACutCharacterIsMasked) {
  const std::string value = "sch\xC3\xBCssel-\xE2\x82\xAC-\xF0\x9F\x94\x91-wert";
  const auto masks = of({value.c_str()});
  const std::string lost = "\xEF\xBF\xBD";
  EXPECT_EQ(masks.mask_cut(lost + "ssel-\xE2\x82\xAC-\xF0\x9F\x94\x91-wert."), "***.");
  EXPECT_EQ(masks.mask_cut(lost + lost + "-\xF0\x9F\x94\x91-wert."), "***.");
  EXPECT_EQ(masks.mask_cut(lost + lost + lost + "-wert."), "***.");
  EXPECT_EQ(masks.mask_cut(lost + "plain"), lost + "plain");
  EXPECT_EQ(masks.mask_cut(lost + "plain " + value), lost + "plain ***");
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
