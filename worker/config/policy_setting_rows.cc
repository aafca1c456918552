// Rows of the settings table: secrets, guards and limits.
#include "worker/config/setting_rows.h"
#include "worker/config/setting_stores.h"

namespace worker::config::setting_rows {

namespace {

constexpr std::string_view data_references[] = {"listed", "any"};
constexpr std::string_view tenant_words[] = {"first", "only", "off"};

constexpr auto secrets = &settings::secrets;

// clang-format off
constexpr setting_spec policy_rows[] = {
  {"secrets.directory", "--secrets-dir", "SECRETS_DIR", type::path, of_path, {}, {},
   "Folder with one file per secret, read whenever a task asks",
   text_to<secrets, &secret_settings::directory>},
  {"secrets.environmentPrefix", "--secrets-env-prefix", 
   "SECRETS_ENV_PREFIX CAMUNDA_CONNECTOR_SECRETPROVIDER_ENVIRONMENT_PREFIX", type::text,
   {1, 100, {}}, "SECRET_", {}, "Start of the names of environment variables that are secrets",
   prefix_to},
  {"secrets.awsSecret", "--secrets-aws-secret", "SECRETS_AWS_SECRET_ID", type::text, {0, 2048, {}},
   {}, {}, "Name or ARN of a secret of AWS Secrets Manager: a JSON object of names and values",
   text_to<secrets, &secret_settings::aws_secret>},
  {"secrets.awsRefresh", "--secrets-aws-refresh", "SECRETS_AWS_REFRESH", type::duration,
   {second, 24 * 60 * minute, {}}, "5m", {}, "How often that secret is read again",
   duration_to<secrets, &secret_settings::aws_refresh>},
  {"secrets.sources", "--secrets-sources", "SECRETS_SOURCES", type::list, of_list,
   "files,environment,aws", {}, "Where a secret is looked for, in this order", sources_to},
  {"secrets.inData", "--secrets-in-data", "SECRETS_IN_DATA", type::words, {0, 0, data_references},
   "listed", {}, "Which references count in variables: those the task lists, or any (unsafe)",
   data_to},
  {"secrets.tenants", "--secrets-tenants", "SECRETS_TENANTS", type::words, {0, 0, tenant_words},
   "first", {},
   "With jobs.tenantIds: look for a tenant's own secret first, for it only, or off (all share all)",
   tenants_to},

  {"guards.allowedFunctions", "--allowed-functions", "ALLOWED_FUNCTIONS", type::list, of_list, {},
   "any: IAM decides",
   "Functions that tasks may call: names with *, or ARNs whose parts may hold *", functions_to},
  {"guards.allowedHosts", "--allowed-hosts", "ALLOWED_HOSTS", type::list, of_list, {}, "none",
   "Hosts of endpoints and function URLs in tasks: [http://]host[:port], labels may hold *",
   hosts_to},
  {"guards.allowedRoleArns", "--allowed-role-arns", "ALLOWED_ROLE_ARNS", type::list, of_list, {},
   "none", "Roles that tasks may take over: ARNs; a * reaches over no : and no / of a path", roles_to},
  {"guards.allowedProfiles", "--allowed-profiles", "ALLOWED_PROFILES", type::list, of_list, {},
   "none", "Credential profiles of the configuration file that tasks may name", profiles_to},
  {"guards.allowedSecrets", "--allowed-secrets", "ALLOWED_SECRETS", type::list, of_list, {}, "any",
   "Secrets that tasks may refer to: names with *", secret_names_to},
  {"guards.requireSecretReferences", "--require-secret-references", "REQUIRE_SECRET_REFERENCES",
   type::words, {0, 0, reference_words}, "false", {},
   "Refuse a key in clear in authentication, instead of a warning: true, or engine, which takes those in variables from engines since 8.10 (camunda.secrets)",
   references_to},

  {"limits.functions", "--function-limit", "LAMBDA_CONNECTOR_FUNCTION_LIMITS", type::entries,
   of_list, {}, {},
   "Limits of the calls of each function: pattern=atOnce N, perSecond N, paused; separated by ; or lines, the first that fits counts",
   limits_to},
};
// clang-format on

}  // namespace

std::span<const setting_spec> of_policy() { return policy_rows; }

}  // namespace worker::config::setting_rows
