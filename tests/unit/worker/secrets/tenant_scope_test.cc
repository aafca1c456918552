// Secrets of tenants: what a job finds, and that no name leads to another tenant's secret.
#include "worker/secrets/tenant_scope.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <map>
#include <set>
#include <vector>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "tests/unit/worker/secrets/resolving.h"
#include "tests/unit/worker/temporary_folder.h"
#include "worker/secrets/environment_source.h"
#include "worker/secrets/file_source.h"
#include "worker/secrets/resolver.h"

namespace worker::secrets {
namespace {

using connector::secret_string;
using testing::HasSubstr;

TEST(TenantScope, OwnNameIsReadInOneWay) {
  EXPECT_EQ(own_name("acme", "TOKEN", "/"), "acme/TOKEN");
  EXPECT_EQ(own_name("acme", "db/TOKEN", "/"), "acme/db/TOKEN");
  EXPECT_EQ(own_name("a.b-c", "TOKEN", "__"), "a.b-c__TOKEN");
  for (const auto* tenant : {"", "a/b", "..", ".hidden", "a b", "a\n", "<default>", "/"}) {
    EXPECT_EQ(own_name(tenant, "TOKEN", "/"), std::nullopt) << tenant;
  }
  for (const auto* tenant : {"a_", "a__b", "__", "_a"}) {
    EXPECT_EQ(own_name(tenant, "TOKEN", "__"), std::nullopt) << tenant;
  }
  EXPECT_EQ(own_name(std::string(300, 'a'), "TOKEN", "/"), std::nullopt);
}

// All short tenants and names over letters that matter.
TEST(TenantScope, NoTwoPairsOfTenantAndNameMeet) {
  const std::string letters = "a_/.-";
  std::vector<std::string> words = {""};
  for (std::size_t at = 0; words[at].size() < 4; ++at) {
    for (const char each : letters) words.push_back(words[at] + each);
  }
  for (const std::string separator : {"/", "__"}) {
    std::map<std::string, std::string> owner;
    for (const auto& tenant : words) {
      for (const auto& name : words) {
        const auto own = own_name(tenant, "a" + name, separator);
        if (!own) continue;
        EXPECT_TRUE(is_of_a_tenant(*own, separator)) << *own;
        EXPECT_EQ(owner.try_emplace(*own, tenant).first->second, tenant) << *own;
      }
    }
    EXPECT_GT(owner.size(), 100U);
  }
}

TEST(TenantScope, ModesSayWhatCounts) {
  EXPECT_FALSE(scope_of(tenant_mode::off, "acme"));
  EXPECT_TRUE(scope_of(tenant_mode::first, "acme")->shared);
  EXPECT_FALSE(scope_of(tenant_mode::only, "acme")->shared);
  for (const auto* standard : {"", "<default>"}) {
    EXPECT_EQ(scope_of(tenant_mode::only, standard)->tenant, "");
    EXPECT_TRUE(scope_of(tenant_mode::only, standard)->shared);
  }
}

class SecretsOfTenants : public testing::Test {
 protected:
  SecretsOfTenants() {
    folder_.write("acme/FILE", "acme's file");
    folder_.write("other/FILE", "other's file");
    folder_.write("SHARED", "shared file");
  }
  // The value that a job of the tenant gets for {{secrets.NAME}}, or its error's message.
  std::string find(const std::string& tenant, const std::string& name,
                   tenant_mode mode = tenant_mode::first) {
    resolver_.separate_tenants(mode);
    std::vector<task_value> task;
    task.push_back(
        {{"h", connector::json::quote("{{secrets." + name + "}}"), false}, origin::header});
    const auto done =
        tests::resolve_now(resolver_, std::move(task), {}, {}, resolver_.scope_of(tenant));
    return done ? connector::json::text_of(done->values.at(0).input.value).value_or("?")
                : done.error().message;
  }

  tests::temporary_folder folder_;
  file_source files_{folder_.path()};
  environment_source variables_{"SECRET_",
                                {{"acme__KEY", secret_string("acme's")},
                                 {"other__KEY", secret_string("other's")},
                                 {"acme__B__KEY", secret_string("acme's B__KEY")},
                                 {"KEY", secret_string("shared")},
                                 {"PLAIN", secret_string("shared plain")},
                                 {"acme_KEY", secret_string("shared with one underscore")}}};
  resolver resolver_{{&files_, &variables_}};
};

TEST_F(SecretsOfTenants, OwnOneComesBeforeTheSharedOne) {
  EXPECT_EQ(find("acme", "KEY"), "acme's");
  EXPECT_EQ(find("other", "KEY"), "other's");
  EXPECT_EQ(find("third", "KEY"), "shared");
  EXPECT_EQ(find("acme", "FILE"), "acme's file");
  EXPECT_EQ(find("acme", "SHARED"), "shared file");
  EXPECT_EQ(find("acme", "PLAIN"), "shared plain");
  // The own one in a later source comes before the shared one in an earlier.
  folder_.write("KEY", "shared file");
  EXPECT_EQ(find("acme", "KEY"), "acme's");
}

TEST_F(SecretsOfTenants, NoNameLeadsToAnotherTenant) {
  for (const auto mode : {tenant_mode::first, tenant_mode::only}) {
    for (const auto* tenant :
         {"acme", "third", "", "<default>", "other__B", "..", "acme/..", "o"}) {
      for (const auto* name :
           {"other/FILE", "other__KEY", "other/KEY", "other__FILE", "acme/../other/FILE",
            "../other/FILE", "ther__KEY", "other//FILE", "other/./FILE", "KEY/../../other/FILE"}) {
        EXPECT_THAT(find(tenant, name, mode), testing::Not(HasSubstr("other's")))
            << tenant << " " << name;
      }
    }
  }
  // The tenant whose id is a part of another tenant's names.
  EXPECT_THAT(find("acme__B", "KEY"), testing::Not(HasSubstr("acme's")));
}

TEST_F(SecretsOfTenants, OnlyMeansNoSharedOne) {
  EXPECT_EQ(find("acme", "KEY", tenant_mode::only), "acme's");
  EXPECT_THAT(find("acme", "PLAIN", tenant_mode::only), HasSubstr("does not exist"));
  EXPECT_THAT(find("acme", "SHARED", tenant_mode::only), HasSubstr("does not exist"));
  // The default tenant has the shared ones.
  EXPECT_EQ(find("<default>", "KEY", tenant_mode::only), "shared");
  EXPECT_EQ(find("", "acme_KEY", tenant_mode::only), "shared with one underscore");
}

TEST_F(SecretsOfTenants, OffMeansThatEveryNameIsShared) {
  EXPECT_EQ(find("third", "other/FILE", tenant_mode::off), "other's file");
  EXPECT_EQ(find("acme", "KEY", tenant_mode::off), "shared");
}

TEST_F(SecretsOfTenants, MessageNamesWhereItWasLookedFor) {
  EXPECT_THAT(find("acme", "NONE"),
              HasSubstr(", as acme/NONE or acme__NONE for the tenant, then as the shared one"));
  EXPECT_THAT(find("acme", "NONE", tenant_mode::only), HasSubstr("acme__NONE for the tenant:"));
  EXPECT_THAT(find("", "NONE"), testing::Not(HasSubstr("for the tenant")));
}

// A store that cannot be read may hold the tenant's own secret.
class unavailable_store final : public source {
 public:
  lookup_result look_up(std::string_view name) override {
    asked.insert(std::string(name));
    return lookup_result::unavailable("it is away");
  }
  [[nodiscard]] std::string describe() const override { return "the store"; }
  std::set<std::string> asked;
};

TEST_F(SecretsOfTenants, SourceThatCannotSayIsWaitedFor) {
  unavailable_store store;
  resolver with{{&store, &variables_}};
  const tenant_scope acme{"acme", true};
  EXPECT_EQ(with.look_up("PLAIN", &acme).result, lookup_result::state::unavailable);
  EXPECT_THAT(store.asked, testing::ElementsAre("acme/PLAIN"));
}

TEST_F(SecretsOfTenants, OperatorFindsEveryName) {
  resolver_.separate_tenants(tenant_mode::only);
  EXPECT_EQ(resolver_.look_up("other__KEY").value.reveal(), "other's");
}

}  // namespace
}  // namespace worker::secrets
