#include "worker/secrets/redaction_registry.h"

#include <gtest/gtest.h>

#include <thread>

namespace worker::secrets {
namespace {

using connector::secret_string;

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

// Tests of many values use a low bound: each new value costs time in proportion to those that are
// known.
constexpr std::size_t few = 50;

void add_numbered(redaction_registry& to, std::size_t from, std::size_t end) {
  for (std::size_t i = from; i < end; ++i) to.add(secret_string(numbered(i)));
}

TEST(RedactionRegistry, ForgetsTheOldestBeyondItsBound) {
  redaction_registry registry;
  add_numbered(registry, 0, redaction_registry::max_values + 1);
  EXPECT_EQ(registry.mask(numbered(0)), numbered(0));
  EXPECT_EQ(registry.mask(numbered(1)), "***");
  EXPECT_EQ(registry.mask(numbered(redaction_registry::max_values)), "***");
}

TEST(RedactionRegistry, ValueUsedAgainIsYoungAgain) {
  redaction_registry registry(few);
  add_numbered(registry, 0, few);
  registry.add(secret_string(numbered(0)));
  add_numbered(registry, 5000, 5010);
  EXPECT_EQ(registry.mask(numbered(0)), "***");
  EXPECT_EQ(registry.mask(numbered(1)), numbered(1));
  EXPECT_EQ(registry.mask(numbered(10)), numbered(10));
  EXPECT_EQ(registry.mask(numbered(11)), "***");
}

// The way of a long call: others come and go, in numbers that would have pushed it out long ago.
TEST(RedactionRegistry, ValueThatIsHeldStaysKnown) {
  redaction_registry registry(few);
  auto held = registry.add(secret_string("held-by-a-call"));
  auto again = registry.add(secret_string("held-by-a-call"));
  add_numbered(registry, 0, 2 * few);
  EXPECT_EQ(registry.mask("held-by-a-call"), "***");
  held.reset();
  add_numbered(registry, 20'000, 20'000 + few);
  EXPECT_EQ(registry.mask("held-by-a-call"), "***");
  again.reset();
  add_numbered(registry, 30'000, 30'002 + few);
  EXPECT_EQ(registry.mask("held-by-a-call"), "held-by-a-call");
}

TEST(RedactionRegistry, KeepsAllThatIsHeldAndComesBackToItsBound) {
  redaction_registry registry(few);
  std::vector<redaction_registry::handle> held;
  const auto many = 2 * few;
  for (std::size_t i = 0; i < many; ++i) held.push_back(registry.add(secret_string(numbered(i))));
  EXPECT_EQ(registry.mask(numbered(0)), "***");
  EXPECT_EQ(registry.mask(numbered(many - 1)), "***");
  held.clear();
  add_numbered(registry, many, many + few);
  for (std::size_t i = 0; i < many; ++i) ASSERT_EQ(registry.mask(numbered(i)), numbered(i));
  EXPECT_EQ(registry.mask(numbered(many)), "***");
}

TEST(RedactionRegistry, LargeValuesAreBoundedByTheirBytes) {
  redaction_registry registry;
  const auto large = [](std::size_t number) {
    return numbered(number) + std::string(64 * 1024, '"');
  };
  for (std::size_t i = 0; i < 100; ++i) registry.add(secret_string(large(i)));
  EXPECT_TRUE(registry.mask(large(0)) == large(0));
  EXPECT_EQ(registry.mask(large(99)), "***");
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

TEST(RedactionRegistry, JobIsMaskedWithItsOwnValuesAndTheWorkersKeys) {
  redaction_registry registry;
  const auto key = registry.add_own(secret_string("key-of-the-worker"));
  const auto own = registry.add(secret_string("value-of-the-job"));
  registry.add(secret_string("value-of-another-job"));
  const std::string text = "key-of-the-worker value-of-the-job value-of-another-job";
  EXPECT_EQ(registry.for_job({own})->mask(text), "*** *** value-of-another-job");
  EXPECT_EQ(registry.for_job({})->mask(text), "*** value-of-the-job value-of-another-job");
  EXPECT_EQ(registry.mask(text), "*** *** ***");
}

TEST(RedactionRegistry, KeyOfTheWorkerIsLetGoOf) {
  redaction_registry registry;
  auto first = registry.add_own(secret_string("first-key"));
  auto again = registry.add_own(secret_string("first-key"));
  first.reset();
  const auto second = registry.add_own(secret_string("second-key"));
  EXPECT_EQ(registry.for_job({})->mask("first-key second-key"), "*** ***");
  again.reset();
  const auto third = registry.add_own(secret_string("third-key"));
  EXPECT_EQ(registry.for_job({})->mask("first-key second-key third-key"), "first-key *** ***");
  EXPECT_EQ(registry.mask("first-key"), "***");  // in the log it may still turn up
  EXPECT_EQ(registry.add_own(secret_string("abc")), nullptr);
}

TEST(RedactionRegistry, FrontCutsNoValueInTwo) {
  redaction_registry registry;
  registry.add(secret_string("marked-value"));
  EXPECT_EQ(registry.front("see marked-value and more", 8), "see marked-value");
}

}  // namespace
}  // namespace worker::secrets
