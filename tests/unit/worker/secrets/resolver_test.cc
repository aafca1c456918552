#include "worker/secrets/resolver.h"

#include <gtest/gtest.h>

#include "connector/base/json.h"
#include "tests/unit/worker/secrets/resolver_fixture.h"
#include "tests/unit/worker/temporary_folder.h"
#include "worker/secrets/environment_source.h"
#include "worker/secrets/file_source.h"

namespace worker::secrets {
namespace {

namespace json = connector::json;
using connector::error_code;
using connector::failure_class;
using connector::secret_string;
using tests::resolve_now;

TEST_F(Resolver, PutsSecretsIntoHeaders) {
  EXPECT_EQ(first({header("functionName", "fn-{{secrets.TOKEN}}")}), R"("fn-t0ken")");
  EXPECT_EQ(first({header("functionName", "secrets.TOKEN")}), R"("t0ken")");
  EXPECT_EQ(first({header("x", "{{ secrets.TOKEN }}/{{secrets.TOKEN}}")}), R"("t0ken/t0ken")");
}

// It may be built with text that a user typed, as any variable.
TEST_F(Resolver, RefusesUnlistedReferencesInAuthenticationAndGivesBothWays) {
  const auto wrong = failure({variable("authentication", R"({"externalId":"{{secrets.TOKEN}}"})")});
  EXPECT_EQ(wrong.code, error_code::invalid_input);
  for (const auto* part : {"{{secrets.TOKEN}}", "secrets=authentication.externalId:TOKEN",
                           "the custom header authentication.externalId"}) {
    EXPECT_NE(wrong.message.find(part), std::string::npos) << wrong.message;
  }
  for (const auto* object :
       {R"({"sessionTags":{"customer":"{{secrets.TOKEN}}"}})",
        R"({"sessionTags":{"{{secrets.TOKEN}}":"x"}})",
        R"("{\"accessKeyId\":\"{{secrets.TOKEN}}\"}")", R"("{{secrets.TOKEN}}")"}) {
    EXPECT_EQ(failure({variable("authentication", object)}).code, error_code::invalid_input)
        << object;
  }
  const std::string bare = R"({"externalId":"secrets.TOKEN"})";
  EXPECT_EQ(first({variable("authentication", bare)}), bare);
  EXPECT_EQ(secrets_.asked, 0);
}

TEST_F(Resolver, PutsListedSecretsIntoAuthentication) {
  EXPECT_EQ(
      first({variable("authentication",
                      R"({"type":"static","secretAccessKey":"{{secrets.TOKEN}}", "n": 1.10})"),
             header("secrets", "TOKEN")}),
      R"({"type":"static","secretAccessKey":"t0ken", "n": 1.10})");
  EXPECT_EQ(first({variable("authentication", R"({"k":"secrets.TOKEN"})"),
                   header("secrets", "authentication.k:TOKEN")}),
            R"({"k":"t0ken"})");
  EXPECT_EQ(first({header("authentication.secretAccessKey", "{{secrets.TOKEN}}")}), R"("t0ken")");
}

TEST_F(Resolver, WithAnyTakesAllReferencesInAuthentication) {
  EXPECT_EQ(first({variable("authentication", R"({"k":"secrets.TOKEN","s":"{{secrets.TOKEN}}"})")},
                  data_mode::any),
            R"({"k":"t0ken","s":"t0ken"})");
}

TEST_F(Resolver, EntryWithAPlaceCountsAtThatPlaceAlone) {
  const auto listed = header("secrets", "payload.items[1].token:TOKEN");
  EXPECT_EQ(
      first({variable("payload", R"({"items":[1,{"token":"x {{secrets.TOKEN}}"}]})"), listed}),
      R"({"items":[1,{"token":"x t0ken"}]})");
  for (const auto* other :
       {R"({"items":[{"token":"{{secrets.TOKEN}}"}]})", R"({"token":"{{secrets.TOKEN}}"})",
        R"({"items":[1,{"token":{"a":"{{secrets.TOKEN}}"}}]})", R"("{{secrets.TOKEN}}")",
        R"({"items":[1,{"{{secrets.TOKEN}}":1}]})", R"({"items":[1,"{{secrets.TOKEN}}"]})"}) {
    EXPECT_EQ(failure({variable("payload", other), listed}).code, error_code::invalid_input)
        << other;
  }
  EXPECT_EQ(
      failure({variable("clientContext", R"({"items":[1,{"token":"{{secrets.TOKEN}}"}]})"), listed})
          .code,
      error_code::invalid_input);
  const std::string bare = R"({"comment":"secrets.TOKEN","items":[1,{"token":"secrets.TOKEN"}]})";
  EXPECT_EQ(first({variable("payload", bare), listed}),
            R"({"comment":"secrets.TOKEN","items":[1,{"token":"t0ken"}]})");
}

// What a user typed may look like the document around it.
TEST_F(Resolver, PlaceGoesThroughJsonTextInStrings) {
  const auto listed = header("secrets", "payload.body.token:TOKEN, functionName:QUOTES");
  const auto body = [](std::string_view name) {
    return "{\"" + std::string(name) +
           "\":" + json::quote(R"({"a":[1,{}],"token":"{{secrets.TOKEN}}"})") + "}";
  };
  EXPECT_EQ(first({variable("payload", body("body")), listed}),
            R"({"body":)" + json::quote(R"({"a":[1,{}],"token":"t0ken"})") + "}");
  EXPECT_EQ(first({variable("payload", json::quote(body("body"))), listed}),
            json::quote(R"({"body":)" + json::quote(R"({"a":[1,{}],"token":"t0ken"})") + "}"));
  EXPECT_EQ(failure({variable("payload", body("comment")), listed}).code,
            error_code::invalid_input);
}

// What the message says to add makes the task work, wherever the reference stands.
TEST_F(Resolver, MessageGivesTheEntryThatIsMissing) {
  for (const auto* payload :
       {R"("{{secrets.TOKEN}}")", R"({"a":{"b":["x",[{"c":"{{secrets.TOKEN}}"}]]}})",
        R"({"a.b":{"c d":{"":"{{secrets.TOKEN}}"}}})", R"(["{\"k\":\"{{secrets.TOKEN}}\"}"])",
        R"({"\u007b,:[\"]":"{{secrets.TOKEN}}"})", R"({"{{secrets.TOKEN}}":1})"}) {
    const auto wrong = failure({variable("payload", payload), header("secrets", "OTHER")});
    const std::string before = "add the custom header secrets=";
    const auto at = wrong.message.find(before) + before.size();
    const auto entries = wrong.message.substr(at, wrong.message.find(" to the task") - at);
    EXPECT_EQ(entries.find("OTHER,"), 0U) << wrong.message;
    const auto done = first({variable("payload", payload), header("secrets", entries)});
    EXPECT_NE(done.find("t0ken"), std::string::npos) << entries << ": " << done;
  }
}

TEST_F(Resolver, TellsWhichSecretsWereUsed) {
  const auto done = resolve({header("a", "{{secrets.TOKEN}}"), header("b", "{{secrets.TOKEN}}"),
                             header("c", "{{secrets.QUOTES}}")});
  ASSERT_TRUE(done);
  ASSERT_EQ(done->secrets.size(), 2U);
  EXPECT_EQ(secrets_.asked, 2);
}

TEST_F(Resolver, AsksNoSourceForANameThatAListRefuses) {
  const refusing_list list = [](std::string_view name) {
    return name == "TOKEN" ? std::string_view() : std::string_view("ALLOWED_SECRETS");
  };
  const resolver with({&secrets_});
  EXPECT_TRUE(resolve_now(with, {header("a", "{{secrets.TOKEN}}")}, list));
  EXPECT_EQ(secrets_.asked, 1);
  const auto refused = resolve_now(with, {header("a", "{{secrets.QUOTES}}")}, list);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, error_code::secret_error);
  EXPECT_EQ(refused.error().failure, failure_class::permanent);
  EXPECT_NE(refused.error().message.find("ALLOWED_SECRETS"), std::string::npos);
  // Whether there is such a secret is not told either.
  const auto unknown = resolve_now(with, {header("a", "{{secrets.NOWHERE}}")}, list);
  ASSERT_FALSE(unknown);
  EXPECT_NE(unknown.error().message.find("ALLOWED_SECRETS"), std::string::npos);
  EXPECT_EQ(secrets_.asked, 1);
}

TEST_F(Resolver, NeverResolvesHeadersThatSteer) {
  for (const auto* name :
       {"resultVariable", "resultExpression", "errorExpression", "outputs", "bpmnErrors"}) {
    EXPECT_EQ(failure({header(name, "a {{secrets.TOKEN}}")}).code, error_code::invalid_input)
        << name;
    EXPECT_EQ(failure({header(name, "secrets.TOKEN")}).code, error_code::invalid_input) << name;
    EXPECT_EQ(first({header(name, "plain")}), R"("plain")");
  }
  EXPECT_EQ(first({header("onError", "{{secrets.TOKEN}}")}), R"("t0ken")");
  EXPECT_EQ(secrets_.asked, 1);
}

TEST_F(Resolver, RefusesABrokenListOfNames) {
  for (const auto* list : {"{{secrets.TOKEN}}", "a b", "../x"}) {
    const auto wrong = failure({header("secrets", list), variable("payload", "1")});
    EXPECT_EQ(wrong.code, error_code::invalid_input) << list;
    EXPECT_NE(wrong.message.find("header secrets"), std::string::npos) << wrong.message;
  }
}

TEST_F(Resolver, FailsForGoodWhenASecretIsMissing) {
  const auto wrong = failure({header("authentication", "{{secrets.NOT_THERE}}")});
  EXPECT_EQ(wrong.code, error_code::secret_error);
  EXPECT_EQ(wrong.failure, failure_class::permanent);
  EXPECT_NE(wrong.message.find("NOT_THERE"), std::string::npos);
}

TEST_F(Resolver, SaysWhereItLookedForASecretThatIsMissing) {
  scripted_names second;
  const resolver both({&secrets_, &second});
  const auto wrong = resolve_now(both, {header("a", "{{secrets.NOWHERE}}")});
  ASSERT_TRUE(wrong.has_error());
  EXPECT_NE(wrong.error().message.find("Looked for in fake, fake:"), std::string::npos)
      << wrong.error().message;
  EXPECT_NE(failure({header("a", "{{secrets.NOWHERE}}")}).message.find("Looked for in fake:"),
            std::string::npos);
}

// A folder that was not mounted is no reason to correct the name.
TEST_F(Resolver, DoesNotBlameTheNameWhenNotEverywhereCouldBeLooked) {
  const tests::temporary_folder folder;
  file_source files(folder.at("none"));
  const resolver both({&files, &secrets_});
  EXPECT_EQ(both.look_up("TOKEN").result, lookup_result::state::found);
  const auto wrong = resolve_now(both, {header("a", "{{secrets.NOWHERE}}")});
  ASSERT_TRUE(wrong.has_error());
  EXPECT_EQ(wrong.error().failure, failure_class::not_started);
  for (const auto& part : {folder.at("none"), std::string("No such file or directory"),
                           std::string("Looked for in files in"), std::string("NOWHERE")}) {
    EXPECT_NE(wrong.error().message.find(part), std::string::npos) << wrong.error().message;
  }
  EXPECT_EQ(wrong.error().message.find("does not exist"), std::string::npos);
}

// Credential profiles are the operator's.
TEST_F(Resolver, RefusesTasksAFileOfTheWorkersOwn) {
  auto own = lookup_result::found(secret_string("login"));
  own.named_by = "CAMUNDA_CLIENT_SECRET_FILE";
  secrets_.answers["LOGIN"] = std::move(own);
  const auto wrong = failure({header("a", "{{secrets.LOGIN}}")});
  EXPECT_EQ(wrong.code, error_code::secret_error);
  EXPECT_EQ(wrong.failure, failure_class::permanent);
  EXPECT_NE(wrong.message.find("LOGIN, which cannot be used: its file is the worker's own, which "
                               "CAMUNDA_CLIENT_SECRET_FILE names"),
            std::string::npos)
      << wrong.message;
  EXPECT_EQ(resolver({&secrets_}).look_up("LOGIN").value.reveal(), "login");
}

TEST_F(Resolver, MayWorkLaterWhenASourceIsAway) {
  secrets_.answers["REMOTE"] = lookup_result::unavailable("the store does not answer");
  const auto wrong = failure({header("a", "{{secrets.REMOTE}}")});
  EXPECT_EQ(wrong.code, error_code::secret_error);
  EXPECT_EQ(wrong.failure, failure_class::not_started);
}

TEST_F(Resolver, RefusesASecretThatIsNoText) {
  put("BINARY", "\xFF\xFE\x01\x02");
  const auto wrong = failure({header("a", "{{secrets.BINARY}}")});
  EXPECT_EQ(wrong.code, error_code::secret_error);
  EXPECT_EQ(wrong.failure, failure_class::permanent);
  EXPECT_NE(wrong.message.find("UTF-8"), std::string::npos) << wrong.message;
}

TEST_F(Resolver, AsksTheNextSourceOnlyWhenOneHasNothing) {
  scripted_names second;
  second.answers["TOKEN"] = lookup_result::found(secret_string("of the second"));
  second.answers["LATER"] = lookup_result::found(secret_string("later"));
  second.answers["GONE"] = lookup_result::found(secret_string("must not be used"));
  secrets_.answers["GONE"] = lookup_result::unavailable("away");
  const resolver both({&secrets_, &second});
  EXPECT_EQ(both.look_up("TOKEN").value.reveal(), "t0ken");
  EXPECT_EQ(both.look_up("LATER").value.reveal(), "later");
  EXPECT_EQ(both.look_up("GONE").result, lookup_result::state::unavailable);
}

// A call may take longer than it takes others to use a thousand secrets.
TEST_F(Resolver, ValuesAreKnownToRedactionWhileTheirTaskLives) {
  constexpr std::size_t bound = 50;
  redaction_registry known(bound);
  const resolver with({&secrets_}, data_mode::listed, {}, &known);
  auto done = resolve_now(with, {header("a", "{{secrets.TOKEN}} {{secrets.QUOTES}}")});
  ASSERT_TRUE(done);
  EXPECT_EQ(done->known.size(), 2U);
  const auto others = [&known](std::size_t from) {
    for (std::size_t i = from; i < from + bound + 2; ++i) {
      known.add(secret_string("another-" + std::to_string(i) + "-value"));
    }
  };
  others(10'000);
  EXPECT_EQ(known.mask("<t0ken>"), "<***>");
  done = connector::bad_input("ended");
  others(20'000);
  EXPECT_EQ(known.mask("<t0ken>"), "<t0ken>");
}

TEST_F(Resolver, ValueThatWasLookedUpIsKnownToRedaction) {
  redaction_registry known;
  const resolver with({&secrets_}, data_mode::listed, {}, &known);
  EXPECT_EQ(known.mask("t0ken"), "t0ken");
  const auto found = with.look_up("TOKEN");
  EXPECT_EQ(known.mask("t0ken"), "***");
  EXPECT_TRUE(found.known);
}

TEST_F(Resolver, AsksTheNextSourceWhenOneIsStale) {
  scripted_names second;
  second.answers["TOKEN"] = lookup_result::found(secret_string("of the second"));
  second.answers["AWAY"] = lookup_result::unavailable("away");
  for (const auto* name : {"TOKEN", "AWAY", "NOWHERE"}) {
    secrets_.answers[name] = lookup_result::stale("its copy is old");
  }
  const resolver both({&secrets_, &second});
  EXPECT_EQ(both.look_up("TOKEN").value.reveal(), "of the second");
  EXPECT_EQ(both.look_up("AWAY").result, lookup_result::state::unavailable);
  const auto nowhere = both.look_up("NOWHERE");
  EXPECT_EQ(nowhere.result, lookup_result::state::stale);
  EXPECT_EQ(nowhere.stale_source, &secrets_);
  const auto wrong = resolve_now(both, {header("a", "{{secrets.NOWHERE}}")});
  ASSERT_TRUE(wrong.has_error());
  EXPECT_EQ(wrong.error().failure, failure_class::not_started);
}

}  // namespace
}  // namespace worker::secrets
