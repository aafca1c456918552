// Rows of the settings table: AWS.
#include "worker/config/sdk_settings.h"
#include "worker/config/setting_rows.h"
#include "worker/config/setting_stores.h"

namespace worker::config::setting_rows {

namespace {

constexpr std::string_view sts_styles[] = {"regional", "legacy"};

constexpr auto aws = &settings::aws;

// clang-format off
constexpr setting_spec aws_rows[] = {
  {"aws.region", "--region", "AWS_LAMBDA_AWS_REGION AWS_REGION AWS_DEFAULT_REGION", type::text,
   {1, 64, {}}, {}, {}, "Region of functions whose task names none",
   region_to},
  {"aws.accessKey", {}, "AWS_LAMBDA_AWS_ACCESS_KEY AWS_ACCESS_KEY_ID", type::secret, of_secret,
   {}, {}, "Access key; the pair AWS_LAMBDA_AWS_* wins over AWS_* as one set", not_stored},
  {"aws.secretKey", {}, "AWS_LAMBDA_AWS_SECRET_KEY AWS_SECRET_ACCESS_KEY", type::secret,
   of_secret, {}, {}, "Secret key of the access key", not_stored},
  {"aws.sessionToken", {}, "AWS_SESSION_TOKEN", type::secret, of_secret, {}, {},
   "Session token of AWS_ACCESS_KEY_ID", not_stored},
  {"aws.assumeRoleArn", "--assume-role-arn", "LAMBDA_CONNECTOR_ASSUME_ROLE_ARN", type::text,
   {0, 2048, {}}, {}, {},
   "Role that the worker takes over, with its own credentials, for all that it asks of AWS",
   role_arn_to},
  {"aws.assumeRoleExternalId", "--assume-role-external-id",
   "LAMBDA_CONNECTOR_ASSUME_ROLE_EXTERNAL_ID", type::text, {0, 1224, {}}, {}, {},
   "External id that the role's trust policy asks for", role_external_id_to},
  {"aws.assumeRoleSessionName", "--assume-role-session-name",
   "LAMBDA_CONNECTOR_ASSUME_ROLE_SESSION_NAME", type::text, {0, 64, {}}, {}, "the worker's name",
   "Name of the role's session, as CloudTrail shows it", role_session_name_to},
  {"aws.assumeRoleDuration", "--assume-role-duration", "LAMBDA_CONNECTOR_ASSUME_ROLE_DURATION",
   type::duration, {15 * minute, 12 * 60 * minute, {}}, {}, "1h",
   "Length of the role's sessions; STS gives at most 1h when the worker's own credentials are a role",
   role_duration_to},
  {"aws.endpoint", "--aws-endpoint", "AWS_ENDPOINT_URL", type::url, of_path, {}, "by region",
   "Endpoint of every AWS service that has none of its own below",
   text_to<aws, &aws_settings::endpoint>},
  {"aws.lambdaEndpoint", "--lambda-endpoint", "AWS_ENDPOINT_URL_LAMBDA", type::url, of_path, {},
   "by region", "Endpoint of Lambda, for private endpoints and stand-ins",
   text_to<aws, &aws_settings::lambda_endpoint>},
  {"aws.stsEndpoint", "--sts-endpoint", "AWS_ENDPOINT_URL_STS", type::url, of_path, {},
   "by region", "Endpoint of STS, which gives the credentials of roles",
   text_to<aws, &aws_settings::sts_endpoint>},
  {"aws.rolesAnywhereEndpoint", "--roles-anywhere-endpoint", "AWS_ENDPOINT_URL_ROLESANYWHERE",
   type::url, of_path, {}, "by region", "Endpoint of IAM Roles Anywhere",
   text_to<aws, &aws_settings::roles_anywhere_endpoint>},
  {"aws.secretsManagerEndpoint", "--secrets-manager-endpoint", "AWS_ENDPOINT_URL_SECRETS_MANAGER",
   type::url, of_path, {}, "by region", "Endpoint of Secrets Manager",
   text_to<aws, &aws_settings::secrets_manager_endpoint>},
  {"aws.ignoreEndpoints", "--ignore-endpoints", "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
   type::boolean, {}, "false", {}, "No endpoint of one's own counts, wherever it is set",
   flag_to<aws, &aws_settings::ignore_endpoints>},
  {"aws.fips", "--fips", "AWS_USE_FIPS_ENDPOINT", type::boolean, {}, {}, "false",
   "Use the services' FIPS endpoints", flag_to<aws, &aws_settings::fips>},
  {"aws.dualStack", "--dual-stack", "AWS_USE_DUALSTACK_ENDPOINT", type::boolean, {}, {}, "false",
   "Use the services' endpoints that have IPv6 addresses too",
   flag_to<aws, &aws_settings::dual_stack>},
  {"aws.stsRegionalEndpoints", "--sts-regional-endpoints", "AWS_STS_REGIONAL_ENDPOINTS",
   type::words, {0, 0, sts_styles}, {}, "regional",
   "legacy: the one global STS for the regions that once had no other", sts_style_to},
  {"aws.caBundle", "--ca-bundle", "AWS_CA_BUNDLE", type::path, of_path, {}, "system's",
   "PEM file of the authorities that AWS certificates are checked with",
   text_to<aws, &aws_settings::ca_bundle>},
  {"aws.clientCertificate", "--client-certificate", "LAMBDA_CONNECTOR_CLIENT_CERTIFICATE",
   type::path, of_path, {}, {}, "PEM file with the certificate shown to endpoints that ask for one",
   text_to<aws, &aws_settings::client_certificate>},
  {"aws.clientKey", "--client-key", "LAMBDA_CONNECTOR_CLIENT_KEY", type::path, of_path, {}, {},
   "PEM file with its key, when that is not in the same file",
   text_to<aws, &aws_settings::client_key>},
  {"aws.httpsProxy", {}, "https_proxy HTTPS_PROXY", type::secret, of_secret, {}, {},
   "Forward proxy for https requests to AWS: http://user:password@host:port; the gateway is reached directly",
   secret_to<aws, &aws_settings::https_proxy>},
  {"aws.noProxy", "--no-proxy", "no_proxy NO_PROXY", type::text, of_list, {}, {},
   "What is reached without it: names with what is below them, addresses, networks, *; separated by commas",
   text_to<aws, &aws_settings::no_proxy>},
  {"aws.logTail", "--log-tail", "LAMBDA_CONNECTOR_LOG_TAIL", type::boolean, {}, "true", {},
   "Whether tasks may get the tail of the function's log",
   flag_to<aws, &aws_settings::log_tail>},
  {"aws.maxResponseBytes", "--max-response-bytes", "LAMBDA_CONNECTOR_MAX_RESPONSE_BYTES",
   type::size, {kilo, 256 * mega, {}}, "8MB", {}, "Longest answer that is read",
   size_to<aws, &aws_settings::max_response_bytes>},
  {"aws.answerSilence", "--answer-silence", "LAMBDA_CONNECTOR_ANSWER_SILENCE", type::duration,
   {second, 60 * minute, {}}, "60s", {},
   "Time for which an answer that has begun may send nothing; then the call's outcome is unknown",
   duration_to<aws, &aws_settings::answer_silence>},
  {"aws.maxListBytes", "--max-list-bytes", "LAMBDA_CONNECTOR_MAX_LIST_BYTES", type::size,
   {kilo, 256 * mega, {}}, "1MB", {},
   "Size up to which pages of a list are followed; keep it below what the engine takes",
   size_to<aws, &aws_settings::max_list_bytes>},

  {"aws.maxAttempts", "--max-attempts", "AWS_MAX_ATTEMPTS", type::integer, {1, longest_max_attempts, {}}, {}, "4",
   "Most requests for one call in one activation of its job; more than 4 count as 4",
   attempts_to},
  {"aws.userAgentAppId", "--user-agent-app-id", "AWS_SDK_UA_APP_ID", type::text, {0, 4096, {}}, {}, {},
   "Application id in the User-Agent of requests to AWS, as app/ID; at most 50 characters",
   text_to<aws, &aws_settings::app_id>},
};
// clang-format on

}  // namespace

std::span<const setting_spec> of_aws() { return aws_rows; }

}  // namespace worker::config::setting_rows
