#include "worker/secrets/runtime_references.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "connector/base/json.h"
#include "tests/unit/worker/secrets/resolving.h"
#include "worker/secrets/environment_source.h"

namespace worker::secrets {
namespace {

using list = std::vector<std::string>;
namespace json = connector::json;

// The text of each reference and its name: "{{secrets.A}}=A".
list found_in(std::string_view text) {
  list found;
  for (const auto& each : runtime_references_in(text)) {
    found.push_back(fmt::format("{}={}", text.substr(each.at, each.length), each.name));
  }
  return found;
}

// Each row was tried with the runtime's two patterns in Java.
TEST(RuntimeReferences, AreThoseThatTheRuntimeFinds) {
  const struct {
    std::string_view text;
    list found;
  } rows[] = {
      {"{{secrets.A}}", {"{{secrets.A}}=A"}},
      {"{{ secrets.A }}", {"{{ secrets.A }}=A"}},
      {"{{\tsecrets.A\n\v}}", {"{{\tsecrets.A\n\v}}=A"}},
      {"x{{secrets.A}}y{{secrets.B}}", {"{{secrets.A}}=A", "{{secrets.B}}=B"}},
      // Any run without a blank is a name in braces.
      {"{{secrets.a:b@c__d-}}", {"{{secrets.a:b@c__d-}}=a:b@c__d-"}},
      {"{{secrets.\xC3\xA9}}", {"{{secrets.\xC3\xA9}}=\xC3\xA9"}},
      {"{{secrets.A}}}", {"{{secrets.A}}=A"}},
      {"{{{secrets.A}}", {"{{secrets.A}}=A"}},
      {"{{secrets.A}B}}", {"{{secrets.A}B}}=A}B"}},
      {"{{secrets.}}}}", {"{{secrets.}}}=}"}},
      // Blanks inside a name end it: the bare form is left.
      {"{{secrets.A B}}", {"secrets.A=A"}},
      {"{{secrets.A}", {"secrets.A=A"}},
      {"{{secrets.", {}},
      {"{{ secrets .A}}", {}},
      // The bare form has no border on its left and stops where its alphabet ends.
      {"secrets.A", {"secrets.A=A"}},
      {"Bearer secrets.A, secrets.B", {"secrets.A=A", "secrets.B=B"}},
      {"mysecrets.FOO", {"secrets.FOO=FOO"}},
      {"${secrets.A}", {"secrets.A=A"}},
      {"see secrets.foo.", {"secrets.foo=foo"}},
      {"camunda.secrets.A", {"secrets.A=A"}},
      {"secrets.FOO__BAR", {"secrets.FOO=FOO"}},
      {"secrets.a/b-c.d_e", {"secrets.a/b-c.d_e=a/b-c.d_e"}},
      {"secrets.a-", {"secrets.a=a"}},
      {"secrets._a", {}},
      {"secrets./a", {}},
      {"secrets.secrets.A", {"secrets.secrets.A=secrets.A"}},
      {"secrets.-secrets.A", {"secrets.A=A"}},
      {"Secrets.A", {}},
      // In braces first.
      {"secrets.A{{secrets.B}}secrets.C", {"secrets.A=A", "{{secrets.B}}=B", "secrets.C=C"}},
      {"", {}},
  };
  for (const auto& row : rows) EXPECT_EQ(found_in(row.text), row.found) << row.text;
}

TEST(RuntimeReferences, LongerNameThanAnySecretHasIsNone) {
  const std::string longest(longest_name, 'a');
  EXPECT_EQ(runtime_references_in("{{secrets." + longest + "}}").size(), 1U);
  const auto found = found_in("{{secrets.!" + longest + "}}");
  EXPECT_TRUE(found.empty()) << found.front();
}

TEST(RuntimeReferences, SpellingsOfTheEnvironment) {
  EXPECT_EQ(runtime_spellings("my-db.key"),
            (list{"my-db.key", "my-db_key", "my_db.key", "my_db_key", "MY-DB.KEY", "MY-DB_KEY",
                  "MY_DB.KEY", "MY_DB_KEY"}));
  EXPECT_EQ(runtime_spellings("TOKEN"), (list{"TOKEN"}));
}

class RuntimeSecrets : public testing::Test {
 protected:
  // The input `payload` with its secrets; "!" and the error's message.
  std::string resolved(std::string value, refusing_list refusing = {}) {
    const resolver with({&source_});
    task_value one;
    one.input = {"payload", std::move(value), false};
    const auto done =
        tests::resolve_now(with, {std::move(one)}, std::move(refusing), data_mode::runtime);
    return done ? done->values.front().input.value : "!" + done.error().message;
  }

  environment_source source_{"SECRET_",
                             {{"A", connector::secret_string("value-a")},
                              {"QUOTE", connector::secret_string("say \"hi\"")},
                              {"NESTED", connector::secret_string("{{secrets.A}} secrets.A")},
                              {"MY_DB_KEY", connector::secret_string("db")},
                              {"foo", connector::secret_string("f")}}};
};

TEST_F(RuntimeSecrets, CountAnywhereInStringsWithoutAList) {
  EXPECT_EQ(resolved(R"({"a":["x {{secrets.A}}"],"b":"mysecrets.A","secrets.A":1, "n": 1.10})"),
            R"({"a":["x value-a"],"b":"myvalue-a","value-a":1, "n": 1.10})");
}

TEST_F(RuntimeSecrets, ValueIsNeverResolvedAgain) {
  EXPECT_EQ(resolved(R"("{{secrets.NESTED}}")"), R"("{{secrets.A}} secrets.A")");
  EXPECT_EQ(resolved(R"("secrets.NESTED")"), R"("{{secrets.A}} secrets.A")");
}

TEST_F(RuntimeSecrets, AreEscapedForEachStringAroundThem) {
  EXPECT_EQ(resolved(R"("{{secrets.QUOTE}}")"), R"("say \"hi\"")");
  const auto inner = json::text_of(resolved(json::quote(R"({"k":"{{secrets.QUOTE}}"})")));
  EXPECT_EQ(inner, R"({"k":"say \"hi\""})");
}

TEST_F(RuntimeSecrets, AreFoundUnderTheEnvironmentsSpelling) {
  EXPECT_EQ(resolved(R"("{{secrets.my-db.key}}")"), R"("db")");
}

TEST_F(RuntimeSecrets, MissingOneFailsTheTaskInBothNotations) {
  for (const auto* text : {R"("{{secrets.no:such}}")", R"("see secrets.bar, please")"}) {
    EXPECT_NE(resolved(text).find("which does not exist"), std::string::npos) << text;
  }
}

TEST_F(RuntimeSecrets, ListOfTheOperatorHoldsForTheSpellingThatIsFound) {
  const auto only = [](std::string_view allowed) {
    return [allowed](std::string_view name) {
      return name == allowed ? std::string_view() : std::string_view("ALLOWED_SECRETS");
    };
  };
  EXPECT_EQ(resolved(R"("secrets.A")", only("A")), R"("value-a")");
  EXPECT_EQ(resolved(R"("secrets.my-db.key")", only("MY_DB_KEY")), R"("db")");
  EXPECT_EQ(resolved(R"("secrets.foo")", only("foo")), R"("f")");
  // Spellings that are allowed and have no secret, and some that are not allowed.
  for (const auto& [text, allowed] :
       {std::pair{R"("secrets.my-db.key")", "my-db.key"}, std::pair{R"("secrets.nope")", "nope"},
        std::pair{R"("secrets.nope")", "NOPE"}}) {
    EXPECT_NE(resolved(text, only(allowed)).find("does not exist"), std::string::npos) << text;
  }
  for (const auto* text : {R"("secrets.A")", R"("secrets.my-db.key")"}) {
    EXPECT_NE(resolved(text, only("B")).find("allow-list ALLOWED_SECRETS"), std::string::npos);
  }
}

}  // namespace
}  // namespace worker::secrets
