#include "worker/policy/policy_rules.h"

#include <gtest/gtest.h>

namespace worker::policy {
namespace {

using connector::allow_list;

list_ptr names(const std::string& called, const std::vector<std::string>& patterns) {
  auto made = allow_list::make(allow_list::about::names, called, patterns);
  return std::make_shared<const allow_list>(std::get<allow_list>(std::move(made)));
}

bool may_use(const policy_rules& book, const job_scope& job, std::string_view profile) {
  return connector::check_profile(*book.of(job)->calls, profile).has_value();
}

TEST(PolicyRules, IsOpenForFunctionsAndClosedForTheRestWithoutRules) {
  const policy_rules none;
  const auto picked = none.of({"type", "tenant", "process"});
  ASSERT_NE(picked->calls, nullptr);
  EXPECT_TRUE(connector::check_function(*picked->calls, {"f", {}, {}, {}, {}}));
  EXPECT_FALSE(connector::check_profile(*picked->calls, "p"));
  EXPECT_EQ(refusing(picked->secrets, "ANY"), "");
  EXPECT_EQ(picked->require_secret_references, reference_rule::none);
}

TEST(PolicyRules, PicksByJobTypeTenantAndProcessTogether) {
  rule scoped;
  scoped.job_types = {"billing.*", "other"};
  scoped.tenants = {"acme"};
  scoped.processes = {"invoice-*"};
  EXPECT_TRUE(fits(scoped, {"billing.INVOKE", "acme", "invoice-eu"}));
  EXPECT_TRUE(fits(scoped, {"other", "acme", "invoice-"}));
  EXPECT_FALSE(fits(scoped, {"billing", "acme", "invoice-eu"}));
  EXPECT_FALSE(fits(scoped, {"billing.INVOKE", "acme2", "invoice-eu"}));
  EXPECT_FALSE(fits(scoped, {"billing.INVOKE", "acme", "orders"}));
  EXPECT_TRUE(fits(rule{}, {"", "", ""}));
}

TEST(PolicyRules, RulesGiveEachTenantItsOwn) {
  rule acme;
  acme.tenants = {"acme"};
  acme.profiles = names("rule 1", {"acme-*"});
  rule bolt;
  bolt.tenants = {"bolt"};
  bolt.profiles = names("rule 2", {"bolt-*"});
  const policy_rules book({acme, bolt});
  EXPECT_TRUE(may_use(book, {"t", "acme", "p"}, "acme-eu"));
  EXPECT_FALSE(may_use(book, {"t", "acme", "p"}, "bolt-eu"));
  EXPECT_TRUE(may_use(book, {"t", "bolt", "p"}, "bolt-eu"));
  EXPECT_FALSE(may_use(book, {"t", "third", "p"}, "acme-eu"));
}

TEST(PolicyRules, RulesOnlyNarrow) {
  rule all;
  all.profiles = names("ALLOWED_PROFILES", {"acme-*"});
  rule wider;
  wider.tenants = {"acme"};
  wider.profiles = names("rule 1", {"*"});
  rule narrower;
  narrower.processes = {"invoice"};
  narrower.profiles = names("rule 2", {"*-eu"});
  const policy_rules book({all, wider, narrower});
  EXPECT_TRUE(may_use(book, {"t", "acme", "orders"}, "acme-us"));
  EXPECT_FALSE(may_use(book, {"t", "acme", "orders"}, "bolt"));
  EXPECT_FALSE(may_use(book, {"t", "acme", "invoice"}, "acme-us"));
  EXPECT_TRUE(may_use(book, {"t", "acme", "invoice"}, "acme-eu"));
}

TEST(PolicyRules, TheStrictestRuleAboutReferencesCounts) {
  rule all;
  all.require_secret_references = reference_rule::engine;
  rule wider;
  wider.processes = {"invoice"};
  rule narrower;
  narrower.tenants = {"acme"};
  narrower.require_secret_references = reference_rule::always;
  const policy_rules book({narrower, all, wider});
  EXPECT_EQ(book.of({"t", "x", "orders"})->require_secret_references, reference_rule::engine);
  EXPECT_EQ(book.of({"t", "x", "invoice"})->require_secret_references, reference_rule::engine);
  EXPECT_EQ(book.of({"t", "acme", "invoice"})->require_secret_references, reference_rule::always);
}

TEST(PolicyRules, NamesTheListThatRefusesASecret) {
  rule all;
  all.secrets = names("ALLOWED_SECRETS", {"ACME_*", "SHARED"});
  rule one;
  one.processes = {"invoice"};
  one.secrets = names("rule 1", {"ACME_*"});
  one.require_secret_references = reference_rule::always;
  const policy_rules book({all, one});
  const auto invoice = book.of({"t", "x", "invoice"});
  EXPECT_EQ(refusing(invoice->secrets, "ACME_KEY"), "");
  EXPECT_EQ(refusing(invoice->secrets, "SHARED"), "rule 1");
  EXPECT_EQ(refusing(invoice->secrets, "BOLT_KEY"), "ALLOWED_SECRETS");
  EXPECT_EQ(invoice->require_secret_references, reference_rule::always);
  const auto orders = book.of({"t", "x", "orders"});
  EXPECT_EQ(refusing(orders->secrets, "SHARED"), "");
  EXPECT_EQ(orders->require_secret_references, reference_rule::none);
}

}  // namespace
}  // namespace worker::policy
