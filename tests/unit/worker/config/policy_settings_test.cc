#include "worker/config/policy_settings.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace worker::config {
namespace {

using connector::allow_list;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::SizeIs;

std::vector<written_rule> read_rules(std::string_view yaml, file_report& report) {
  const auto document = read_yaml(yaml);
  EXPECT_THAT(document.issues, IsEmpty());
  return read_policy_rules(document.root, "guards.rules", report);
}

std::string issue_of(std::string_view yaml) {
  file_report report("f");
  read_rules(yaml, report);
  EXPECT_THAT(report.issues, SizeIs(1)) << yaml;
  return report.issues.empty() ? "" : describe(report.issues.front());
}

TEST(PolicyRules, AreReadWithAllTheirLists) {
  file_report report("f");
  const auto rules = read_rules(
      "- jobTypes: [a, b.*]\n  tenants: acme\n  processes: [p]\n"
      "  allowedFunctions: [acme-*]\n  allowedHosts: [x.example]\n"
      "  allowedRoleArns: ['arn:aws:iam::1:role/*']\n  allowedProfiles: [acme]\n"
      "  allowedSecrets: [ACME_*]\n  requireSecretReferences: true\n"
      "- allowedFunctions: []\n  requireSecretReferences: engine\n",
      report);
  EXPECT_THAT(report.issues, IsEmpty());
  ASSERT_THAT(rules, SizeIs(2));
  EXPECT_THAT(rules[0].job_types, ElementsAre("a", "b.*"));
  EXPECT_THAT(rules[0].tenants, ElementsAre("acme"));
  EXPECT_THAT(rules[0].processes, ElementsAre("p"));
  EXPECT_TRUE(rules[0].functions->allows({"acme-x", {}, {}, {}, {}}));
  EXPECT_EQ(rules[0].functions->called(), "guards.rules[1].allowedFunctions");
  EXPECT_TRUE(rules[0].hosts->allows(connector::guarded_host{true, "x.example", 443}));
  EXPECT_TRUE(rules[0].roles->allows_role("arn:aws:iam::1:role/x"));
  EXPECT_TRUE(rules[0].profiles->allows_name("acme"));
  EXPECT_TRUE(rules[0].secrets->allows_name("ACME_KEY"));
  EXPECT_EQ(rules[0].require_secret_references, policy::reference_rule::always);
  EXPECT_TRUE(rules[1].job_types.empty());
  EXPECT_FALSE(rules[1].functions->allows({"a", {}, {}, {}, {}}));
  EXPECT_EQ(rules[1].hosts, nullptr);
  EXPECT_EQ(rules[1].require_secret_references, policy::reference_rule::engine);
}

TEST(PolicyRules, SayWhatIsWrong) {
  EXPECT_THAT(issue_of("- {jobTypes: [a]}"),
              AllOf(HasSubstr("f:1 (guards.rules[1])"), HasSubstr("says nothing")));
  EXPECT_THAT(issue_of("- {tenants: [], allowedFunctions: [a]}"), HasSubstr("at least one"));
  EXPECT_THAT(issue_of("- {jobtypes: [x], allowedFunctions: [a]}"),
              HasSubstr("did you mean jobTypes?"));
  EXPECT_THAT(issue_of("- {allowedFunctions: ['a:b']}"), HasSubstr("whole ARN"));
  EXPECT_THAT(issue_of("- {allowedFunctions: {a: b}}"), HasSubstr("list of texts"));
  EXPECT_THAT(issue_of("- {allowedFunctions: [[a]]}"), HasSubstr("each entry"));
  EXPECT_THAT(issue_of("- {requireSecretReferences: yes}"), HasSubstr("true, false or engine"));
  EXPECT_THAT(issue_of("{a: b}"), HasSubstr("list of at most"));
}

TEST(PolicyRules, HaveNoListThatIsOpenByAccident) {
  for (const std::string name :
       {"jobTypes", "tenants", "processes", "allowedFunctions", "allowedHosts", "allowedRoleArns",
        "allowedProfiles", "allowedSecrets", "requireSecretReferences"}) {
    const std::string other = name == "allowedSecrets" ? "allowedHosts" : "allowedSecrets";
    for (const std::string nothing : {"", " ~", "\n  # - entry"}) {
      const auto said =
          issue_of("- allowedSecrets: [A]\n- " + name + ":" + nothing + "\n  " + other + ": []\n");
      EXPECT_THAT(said, AllOf(HasSubstr("f:2 (guards.rules[2]." + name + "): it has no value"),
                              HasSubstr("[]"), HasSubstr("take the line away")));
    }
    if (name == "requireSecretReferences") continue;
    EXPECT_FALSE(issue_of("- {requireSecretReferences: true, " + name + ": ''}").empty()) << name;
    EXPECT_FALSE(issue_of("- {requireSecretReferences: true, " + name + ": ['']}").empty());
  }
  EXPECT_THAT(issue_of("~"), AllOf(HasSubstr("write []"), HasSubstr("take the line away")));
}

TEST(PolicySettings, TheOnesForEveryJobStandFirst) {
  policy_settings policy;
  policy.everywhere.require_secret_references = policy::reference_rule::always;
  policy.rules.resize(2);
  ASSERT_THAT(policy.all(), SizeIs(3));
  EXPECT_EQ(policy.all().front().require_secret_references, policy::reference_rule::always);
}

TEST(PolicySettings, EntriesOfARuleThatTheListForAllClosesAreTold) {
  const auto make = [](allow_list::about kind, const std::vector<std::string>& patterns) {
    return std::make_shared<const allow_list>(
        std::get<allow_list>(allow_list::make(kind, "THE_LIST", patterns)));
  };
  file_report report("f");
  policy_settings policy;
  policy.rules = read_rules(
      "- allowedFunctions: [orders, pay, 'p*', 'arn:aws:lambda:eu-west-1:1:function:pay']\n"
      "  allowedHosts: [a.example, b.example]\n"
      "  allowedRoleArns: ['arn:aws:iam::1:role/a', 'arn:aws:iam::1:role/b']\n"
      "  allowedProfiles: [x, y]\n  allowedSecrets: [S]\n",
      report);
  ASSERT_THAT(report.issues, IsEmpty());
  EXPECT_THAT(closed_entries(policy), IsEmpty());
  using about = allow_list::about;
  policy.everywhere.functions = make(about::functions, {"orders*"});
  policy.everywhere.hosts = make(about::hosts, {"a.example"});
  policy.everywhere.roles = make(about::roles, {"arn:aws:iam::1:role/a"});
  policy.everywhere.profiles = make(about::names, {"x"});
  EXPECT_THAT(closed_entries(policy),
              ElementsAre(AllOf(HasSubstr("guards.rules[1].allowedFunctions"), HasSubstr("'pay'"),
                                HasSubstr("THE_LIST does not allow it")),
                          HasSubstr("function:pay'"), HasSubstr("'b.example'"),
                          HasSubstr("role/b'"), HasSubstr("'y'")));
}

}  // namespace
}  // namespace worker::config
