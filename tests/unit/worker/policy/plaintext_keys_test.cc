#include "worker/policy/plaintext_keys.h"

#include <gtest/gtest.h>

#include "connector/base/json.h"

namespace worker::policy {
namespace {

using secrets::data_mode;
using secrets::origin;
using secrets::task_value;

task_value variable(std::string json_text) {
  return {{"authentication", std::move(json_text), false}, origin::variable};
}
task_value header(std::string name, std::string_view text) {
  return {{std::move(name), connector::json::quote(text), false}, origin::header};
}
std::optional<std::string> clear_key(std::string json_text) {
  return plaintext_key_in({variable(std::move(json_text))}, data_mode::listed);
}

TEST(ClearKeys, AreNamed) {
  EXPECT_EQ(clear_key(R"({"type":"static","secretAccessKey":"abc"})"),
            "authentication.secretAccessKey");
  EXPECT_EQ(clear_key(R"({"sessionToken":"abc","accessKeyId":"AKIA"})"),
            "authentication.sessionToken");
  EXPECT_EQ(clear_key(R"({"secretKey":"x"})"), "authentication.secretKey");
  EXPECT_EQ(clear_key(R"({"secret\u0041ccessKey":"x"})"), "authentication.secretAccessKey");
  EXPECT_EQ(clear_key(R"({"secretAccessKey":12345})"), "authentication.secretAccessKey");
}

TEST(ClearKeys, AreLookedForByTheirOrigin) {
  const std::vector<task_value> both{variable(R"({"secretAccessKey":"abc"})"),
                                     header("authentication.sessionToken", "def")};
  EXPECT_EQ(plaintext_key_in(both, data_mode::listed, origin::header),
            "authentication.sessionToken");
  EXPECT_EQ(plaintext_key_in(both, data_mode::listed, origin::variable),
            "authentication.secretAccessKey");
  EXPECT_EQ(plaintext_key_in({both[0]}, data_mode::listed, origin::header), std::nullopt);
}

TEST(ClearKeys, AreGivenToBeMaskedWhateverTheirOrigin) {
  const std::vector<task_value> task{
      variable(R"({"type":"static","accessKeyId":"AKIA","secretAccessKey":"a\u0062c",)"
               R"("sessionToken":"{{secrets.A}}","secretKey":12345})"),
      header("authentication.sessionToken", "def"),
      header("authentication", R"({"secret":"ghi"})"),
      {{"payload", R"({"secretAccessKey":"mine"})", false}, origin::variable}};
  std::vector<std::string> found;
  for (const auto& key : plaintext_keys(task, data_mode::listed)) {
    found.emplace_back(key.reveal());
  }
  EXPECT_EQ(found, (std::vector<std::string>{"abc", "12345", "def", "ghi"}));
  // No key is that long, and masks cost by length.
  EXPECT_TRUE(plaintext_keys({variable(R"({"secret":")" + std::string(20'000, 'x') + R"("})")},
                             data_mode::listed)
                  .empty());
}

TEST(ClearKeys, StandInTheTextOfAHeaderToo) {
  const auto in_header = [](std::string_view text) {
    return plaintext_key_in({header("authentication", text)}, data_mode::listed);
  };
  EXPECT_EQ(in_header(R"({"secretAccessKey":"abc"})"), "authentication.secretAccessKey");
  EXPECT_EQ(in_header(R"({"secretAccessKey":"{{secrets.A}}"})"), std::nullopt);
  EXPECT_EQ(in_header(R"({"secretAccessKey":"secrets.A"})"), std::nullopt);
}

TEST(ClearKeys, StandInHeadersOfSingleFields) {
  const auto field = [](std::string name, std::string_view text) {
    return plaintext_key_in({header(std::move(name), text)}, data_mode::listed);
  };
  EXPECT_EQ(field("authentication.secretAccessKey", "abc"), "authentication.secretAccessKey");
  EXPECT_EQ(field("authentication.secretAccessKey", "secrets.A"), std::nullopt);
  EXPECT_EQ(field("authentication.sessionToken", "{{secrets.A}}"), std::nullopt);
  EXPECT_EQ(field("authentication.accessKeyId", "AKIA"), std::nullopt);
  EXPECT_EQ(field("authenticationsecretKey", "abc"), std::nullopt);
}

TEST(ClearKeys, ReferencesDoNotCount) {
  EXPECT_EQ(clear_key(R"({"secretAccessKey":"{{secrets.A}}"})"), std::nullopt);
  EXPECT_EQ(clear_key(R"({"secretAccessKey":"{{secrets.A"})"), "authentication.secretAccessKey");
}

// Where it does not count it is text, which AWS would be sent as the key.
TEST(ClearKeys, BareReferenceInAVariableIsOneOnlyWhereItCounts) {
  const auto bare = variable(R"({"secretAccessKey":"secrets.A"})");
  EXPECT_EQ(plaintext_key_in({bare}, data_mode::listed), "authentication.secretAccessKey");
  EXPECT_EQ(plaintext_key_in({bare}, data_mode::any), std::nullopt);
  EXPECT_EQ(plaintext_key_in({bare, header("secrets", "A")}, data_mode::listed), std::nullopt);
  EXPECT_EQ(plaintext_key_in({bare, header("secrets", "authentication.secretAccessKey:A")},
                             data_mode::listed),
            std::nullopt);
  EXPECT_EQ(plaintext_key_in({bare, header("secrets", "authentication.sessionToken:A")},
                             data_mode::listed),
            "authentication.secretAccessKey");
}

TEST(ClearKeys, NothingElseIsOne) {
  for (const auto* text : {R"({"type":"static","accessKeyId":"AKIA"})", R"({"secretAccessKey":""})",
                           R"({"secretAccessKey":null})", "{}", "null", "[1]", R"("{{secrets.A}}")",
                           "\"no json\"", "7", ""}) {
    EXPECT_EQ(clear_key(text), std::nullopt) << text;
  }
}

}  // namespace
}  // namespace worker::policy
