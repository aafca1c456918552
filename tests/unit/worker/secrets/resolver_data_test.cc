// References in the data of a process: which ones are resolved, how values are escaped, the bounds.
#include <gtest/gtest.h>

#include <string>

#include "connector/base/json.h"
#include "tests/unit/worker/secrets/resolver_fixture.h"

namespace worker::secrets {
namespace {

namespace json = connector::json;
using connector::error_code;
using connector::failure_class;

TEST_F(Resolver, NeverLooksIntoTheValueOfASecret) {
  EXPECT_EQ(first({header("a", "{{secrets.NESTED}}")}), R"("{{secrets.TOKEN}}")");
}

TEST_F(Resolver, LeavesDataAloneUnlessListed) {
  const std::string data = R"({"file":"secrets.json","t":"secrets.TOKEN","s":"secrets.a b"})";
  EXPECT_EQ(first({variable("payload", data)}), data);
  EXPECT_EQ(secrets_.asked, 0);
}

TEST_F(Resolver, PutsListedSecretsIntoData) {
  EXPECT_EQ(first({variable("payload", R"({"a":"x {{secrets.TOKEN}}","b":"secrets.TOKEN"})"),
                   header("secrets", "OTHER, TOKEN")}),
            R"({"a":"x t0ken","b":"t0ken"})");
  EXPECT_EQ(first({variable("payload", R"({"a":"secrets.json"})"), header("secrets", "TOKEN")}),
            R"({"a":"secrets.json"})");
}

TEST_F(Resolver, RefusesUnlistedReferencesInDataAndGivesTheHeader) {
  const auto wrong =
      failure({header("secrets", "OTHER"), variable("payload", R"({"a":"{{secrets.TOKEN}}"})")});
  EXPECT_EQ(wrong.code, error_code::invalid_input);
  EXPECT_EQ(wrong.failure, failure_class::permanent);
  EXPECT_NE(wrong.message.find("secrets=OTHER,payload.a:TOKEN"), std::string::npos)
      << wrong.message;
  EXPECT_NE(wrong.message.find("payload"), std::string::npos) << wrong.message;
  EXPECT_EQ(secrets_.asked, 0);
}

TEST_F(Resolver, RefusesUnlistedReferencesThatAreEscaped) {
  const auto wrong = failure({variable("payload", R"({"a":"\u007b\u007b\u0073ecrets.TOKEN}}"})")});
  EXPECT_EQ(wrong.code, error_code::invalid_input);
}

TEST_F(Resolver, KeepsAllOtherBytes) {
  const std::string before =
      R"( {"n":12345678901234567890 ,"d":1.10,"e":1e400,"z":"\u0000\u00e9","a":1,"a":2,)"
      R"("s":"{{secrets.TOKEN}}","u":"\/"} )";
  const std::string after =
      R"( {"n":12345678901234567890 ,"d":1.10,"e":1e400,"z":"\u0000\u00e9","a":1,"a":2,)"
      R"("s":"t0ken","u":"\/"} )";
  EXPECT_EQ(first({variable("payload", before), header("secrets", "TOKEN")}), after);
}

TEST_F(Resolver, EscapesAValueForTheStringItStandsIn) {
  EXPECT_EQ(
      first({variable("payload", R"({"a":"<{{secrets.QUOTES}}>"})"), header("secrets", "QUOTES")}),
      R"({"a":"<a\"b\\c\nd>"})");
}

TEST_F(Resolver, KeepsJsonTextInAStringWellFormed) {
  const auto done =
      resolve({variable("payload", json::quote(R"({"k":"{{secrets.QUOTES}}","n":1.10})")),
               header("secrets", "QUOTES")});
  ASSERT_TRUE(done);
  const auto& input = done->values.front().input;
  EXPECT_FALSE(input.literal_text);
  EXPECT_EQ(json::text_of(input.value), R"({"k":"a\"b\\c\nd","n":1.10})");
}

TEST_F(Resolver, KeepsJsonTextInsideJsonTextWellFormed) {
  const auto inner = R"({"k":"{{secrets.QUOTES}}"})";
  EXPECT_EQ(first({variable("payload", R"({"body":)" + json::quote(inner) + "}"),
                   header("secrets", "QUOTES")}),
            R"({"body":)" + json::quote(R"({"k":"a\"b\\c\nd"})") + "}");
}

TEST_F(Resolver, KeepsTextTextEvenWhenTheSecretIsJson) {
  const auto done =
      resolve({header("payload", "{{secrets.JSONLIKE}}"), header("plain", "{\"y\":2}")});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->values[0].input.value, R"("{\"x\":1}")");
  EXPECT_TRUE(done->values[0].input.literal_text);
  EXPECT_FALSE(done->values[1].input.literal_text);
}

TEST_F(Resolver, WithAnyTakesAllReferencesInData) {
  EXPECT_EQ(first({variable("payload", R"({"a":"{{secrets.TOKEN}}","b":"secrets.TOKEN"})")},
                  data_mode::any),
            R"({"a":"t0ken","b":"t0ken"})");
  const std::string text = R"({"file":"secrets.yaml"})";
  EXPECT_EQ(first({variable("payload", text)}, data_mode::any), text);
  EXPECT_EQ(failure({variable("payload", R"({"a":"{{secrets.yaml}}"})")}, data_mode::any).code,
            error_code::secret_error);
}

TEST_F(Resolver, BoundsWhatDataCanMakeOfATask) {
  std::string many = "[";
  for (int i = 0; i < 1000; ++i) many += R"("{{secrets.TOKEN}}",)";
  many += "1]";
  resolve_limits limits;
  limits.inserted_bytes = 4999;
  EXPECT_EQ(
      failure({variable("payload", many), header("secrets", "TOKEN")}, data_mode::listed, limits)
          .code,
      error_code::request_too_large);
  limits.inserted_bytes = 5000;
  EXPECT_TRUE(
      resolve({variable("payload", many), header("secrets", "TOKEN")}, data_mode::listed, limits));
}

TEST_F(Resolver, BoundsHowManySecretsDataCanAskFor) {
  std::string bare = "[";
  for (int i = 0; i < 1000; ++i) bare += "\"secrets.N" + std::to_string(i) + "\",";
  bare += "1]";
  EXPECT_EQ(first({variable("payload", bare)}, data_mode::any), bare);
  EXPECT_LE(secrets_.asked, 100);
  resolve_limits one;
  one.names = 1;
  EXPECT_EQ(
      failure({header("a", "{{secrets.TOKEN}}{{secrets.QUOTES}}")}, data_mode::listed, one).code,
      error_code::invalid_input);
}

TEST_F(Resolver, RefusesAReferenceBesideHalfASurrogatePair) {
  const auto listed = header("secrets", "TOKEN");
  EXPECT_EQ(failure({variable("payload", R"({"a":"\ud800{{secrets.TOKEN}}"})"), listed}).code,
            error_code::invalid_input);
  const std::string harmless = R"({"a":"\ud800 \u0041","b":"{{secrets.TOKEN}}"})";
  EXPECT_EQ(first({variable("payload", harmless), listed}), R"({"a":"\ud800 \u0041","b":"t0ken"})");
}

TEST_F(Resolver, NeverShowsAValueInItsMessages) {
  resolve_limits limits;
  limits.inserted_bytes = 3;
  const auto wrong = failure({header("a", "{{secrets.TOKEN}}")}, data_mode::listed, limits);
  EXPECT_EQ(wrong.message.find("t0ken"), std::string::npos);
}

}  // namespace
}  // namespace worker::secrets
