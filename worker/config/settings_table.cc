#include "worker/config/settings_table.h"

#include <fmt/format.h>

#include <algorithm>

#include "worker/config/job_lists.h"
#include "worker/config/saas.h"
#include "worker/config/sdk_settings.h"
#include "worker/config/setting_stores.h"

namespace worker::config {

namespace {

using type = setting_type;

constexpr std::uint64_t second = 1000;
constexpr std::uint64_t minute = 60 * second;
constexpr value_bounds of_list{0, 64 * kilo, {}};
constexpr value_bounds of_some{1, 64 * kilo, {}};  // a list with an item at least
constexpr value_bounds of_path{0, 4096, {}};
constexpr value_bounds of_secret{0, 64 * kilo, {}};

constexpr std::string_view login_methods[] = {"none", "basic", "oidc", "oauth"};
constexpr std::string_view sts_styles[] = {"regional", "legacy"};
constexpr std::string_view data_references[] = {"listed", "any"};
constexpr std::string_view tenant_words[] = {"first", "only", "off"};
constexpr std::string_view profiles[] = {"own", "alfresco", "camunda"};
constexpr std::string_view log_levels[] = {"debug", "info", "warning", "warn", "error", "off"};
constexpr std::string_view log_formats[] = {"json", "text"};

constexpr auto gateway = &settings::gateway;
constexpr auto login = &settings::login;
constexpr auto jobs = &settings::jobs;
constexpr auto aws = &settings::aws;
constexpr auto secrets = &settings::secrets;

// clang-format off
constexpr setting_spec rows[] = {
  // First: the rows below look into this file.
  {"config.file", "--config", "LAMBDA_CONNECTOR_CONFIG", type::path, of_path, {}, {},
   "YAML file with settings under these names, credential profiles and guards", config_file_to},

  {"gateway.insecure", "--gateway-insecure",
   "CAMUNDA_INSECURE_CONNECTION ZEEBE_INSECURE_CONNECTION ZEEBE_CLIENT_SECURITY_PLAINTEXT",
   type::boolean, {}, "false", {},
   "Plaintext for a gateway address without scheme",
   flag_to<gateway, &gateway_settings::insecure>},
  {"gateway.clusterId", "--gateway-cluster-id",
   "CAMUNDA_CLIENT_CLOUD_CLUSTERID CAMUNDA_CLUSTER_ID ZEEBE_CLIENT_CLOUD_CLUSTERID", type::text,
   {0, 63, {}}, {}, {}, "Cluster of Camunda's cloud; the gateway's address is made of it and its region",
   cluster_id_to},
  {"gateway.clusterRegion", "--gateway-cluster-region",
   "CAMUNDA_CLIENT_CLOUD_REGION CAMUNDA_CLUSTER_REGION ZEEBE_CLIENT_CLOUD_REGION", type::text,
   {1, 63, {}}, saas_region, {}, "Region of that cluster", cluster_region_to},
  {"gateway.address", "--gateway-address",
   "CAMUNDA_GRPC_ADDRESS ZEEBE_GRPC_ADDRESS ZEEBE_ADDRESS CAMUNDA_CLIENT_GRPCADDRESS "
   "ZEEBE_CLIENT_BROKER_GRPCADDRESS ZEEBE_CLIENT_BROKER_GATEWAYADDRESS", type::address, {},
   "http://localhost:26500", {},
   "Gateway: http:// is plaintext, https:// is TLS, without scheme it is TLS unless insecure; port 26500 (https: 443)",
   address_to},
  {"gateway.caFile", "--gateway-ca-file",
   "CAMUNDA_CA_CERTIFICATE_PATH ZEEBE_CA_CERTIFICATE_PATH CAMUNDA_CLIENT_CACERTIFICATEPATH "
   "ZEEBE_CLIENT_SECURITY_CERTPATH CAMUNDA_MTLS_CA_PATH", type::path, of_path, {}, "system's",
   "PEM file of the authorities that the gateway's certificate is checked with",
   text_to<gateway, &gateway_settings::ca_file>},
  {"gateway.authority", "--gateway-authority",
   "CAMUNDA_OVERRIDE_AUTHORITY ZEEBE_OVERRIDE_AUTHORITY CAMUNDA_CLIENT_OVERRIDEAUTHORITY "
   "ZEEBE_CLIENT_SECURITY_OVERRIDEAUTHORITY", type::text, {0, 255, {}}, {}, {},
   "Name that the gateway's certificate must carry instead of the host's",
   text_to<gateway, &gateway_settings::authority>},
  {"gateway.clientCertificate", "--gateway-client-certificate", "CAMUNDA_MTLS_CERT_PATH", type::path,
   of_path, {}, {},
   "PEM file with the certificate shown to a gateway that asks for one; read again when it changes",
   text_to<gateway, &gateway_settings::client_certificate>},
  {"gateway.clientKey", "--gateway-client-key", "CAMUNDA_MTLS_KEY_PATH", type::path, of_path, {},
   {}, "PEM file with its key, when that is not in the same file",
   text_to<gateway, &gateway_settings::client_key>},
  {"gateway.proxy", {}, "LAMBDA_CONNECTOR_GATEWAY_PROXY grpc_proxy", type::secret, of_secret, {}, {},
   "Forward proxy before the gateway: http://user:password@host:port; https_proxy does not count here",
   secret_to<gateway, &gateway_settings::proxy>},
  {"gateway.physicalTenant", "--gateway-physical-tenant", "CAMUNDA_PHYSICAL_TENANT", type::text,
   {0, 63, {}}, {}, "the engine's default", "Physical tenant of the engine that jobs are taken from",
   physical_tenant_to},
  {"gateway.keepAlive", "--gateway-keep-alive", "CAMUNDA_KEEP_ALIVE ZEEBE_KEEP_ALIVE "
   "CAMUNDA_CLIENT_KEEPALIVE ZEEBE_CLIENT_BROKER_KEEPALIVE",
   type::duration, {second, 60 * minute, {}}, "45000", {},
   "Time between pings of an idle connection; gateways refuse less than 30 s",
   duration_to<gateway, &gateway_settings::keep_alive>},
  {"gateway.requestTimeout", "--gateway-request-timeout", 
   "CAMUNDA_CLIENT_REQUESTTIMEOUT ZEEBE_CLIENT_REQUESTTIMEOUT",
   type::duration, {100, 5 * minute, {}}, "10s", {},
   "Most time for one command to the gateway",
   duration_to<gateway, &gateway_settings::request_timeout>},

  {"login.method", "--login-method", "CAMUNDA_CLIENT_AUTH_METHOD CAMUNDA_AUTH_STRATEGY",
   type::words, {0, 0, login_methods}, {}, "by what is set below",
   "How the worker logs in at the gateway: none, basic, or oidc (oauth means the same)",
   login_method_to},
  {"login.tokenUrl", "--login-token-url",
   "CAMUNDA_AUTHORIZATION_SERVER_URL ZEEBE_AUTHORIZATION_SERVER_URL CAMUNDA_OAUTH_URL "
   "CAMUNDA_CLIENT_AUTH_TOKENURL ZEEBE_CLIENT_CLOUD_AUTHURL", type::url, of_path, {},
   "https://login.cloud.camunda.io/oauth/token for gateways of Camunda's cloud",
   "Token endpoint of the authorization server (OAuth 2.0, client credentials)",
   text_to<login, &login_settings::token_url>},
  {"login.clientId", "--login-client-id",
   "CAMUNDA_CLIENT_ID ZEEBE_CLIENT_ID CAMUNDA_CLIENT_AUTH_CLIENTID CAMUNDA_CLIENT_CLOUD_CLIENTID "
   "ZEEBE_CLIENT_CLOUD_CLIENTID", type::text, {0, 1024, {}}, {}, {},
   "Client that asks for tokens; together with a secret it means OAuth",
   text_to<login, &login_settings::client_id>},
  {"login.clientSecret", {},
   "CAMUNDA_CLIENT_SECRET ZEEBE_CLIENT_SECRET CAMUNDA_CLIENT_AUTH_CLIENTSECRET "
   "CAMUNDA_CLIENT_CLOUD_CLIENTSECRET ZEEBE_CLIENT_CLOUD_CLIENTSECRET", type::secret, of_secret,
   {}, {}, "Secret of the client", secret_to<login, &login_settings::client_secret>},
  {"login.keyStore", "--login-key-store",
   "CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH ZEEBE_CLIENT_ASSERTION_KEYSTORE_PATH "
   "CAMUNDA_CLIENT_AUTH_CLIENTASSERTION_KEYSTOREPATH OAUTH_SSL_CLIENT_CERT_PATH", type::path, of_path,
   {}, {}, "File with the client's certificate and key, which count instead of a secret: PKCS#12 or PEM",
   text_to<login, &login_settings::key_store>},
  {"login.keyStorePassword", {},
   "CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PASSWORD ZEEBE_CLIENT_ASSERTION_KEYSTORE_PASSWORD "
   "CAMUNDA_CLIENT_AUTH_CLIENTASSERTION_KEYSTOREPASSWORD OAUTH_SSL_CLIENT_CERT_PASSWORD",
   type::secret, of_secret, {}, {}, "Password of this file",
   secret_to<login, &login_settings::key_store_password>},
  {"login.keyAlias", "--login-key-alias",
   "CAMUNDA_CLIENT_ASSERTION_KEYSTORE_KEY_ALIAS ZEEBE_CLIENT_ASSERTION_KEYSTORE_KEY_ALIAS "
   "CAMUNDA_CLIENT_AUTH_CLIENTASSERTION_KEYSTOREKEYALIAS", type::text, {0, 1024, {}}, {},
   "the first key", "Alias of the key in a PKCS#12 file",
   text_to<login, &login_settings::key_alias>},
  {"login.keyPassword", {},
   "CAMUNDA_CLIENT_ASSERTION_KEYSTORE_KEY_PASSWORD ZEEBE_CLIENT_ASSERTION_KEYSTORE_KEY_PASSWORD "
   "CAMUNDA_CLIENT_AUTH_CLIENTASSERTION_KEYSTOREKEYPASSWORD", type::secret, of_secret, {},
   "the file's", "Password of the key", secret_to<login, &login_settings::key_password>},
  {"login.keyFile", "--login-key-file", "LAMBDA_CONNECTOR_LOGIN_KEY_FILE", type::path, of_path, {},
   {}, "PEM file with the key, when that is not in the same file",
   text_to<login, &login_settings::key_file>},
  {"login.audience", "--login-audience",
   "CAMUNDA_TOKEN_AUDIENCE ZEEBE_TOKEN_AUDIENCE CAMUNDA_CLIENT_AUTH_AUDIENCE", type::text,
   {0, 2048, {}}, {}, "the gateway's host", "Audience that tokens are asked for",
   text_to<login, &login_settings::audience>},
  {"login.scope", "--login-scope",
   "CAMUNDA_TOKEN_SCOPE ZEEBE_TOKEN_SCOPE CAMUNDA_CLIENT_AUTH_SCOPE ZEEBE_CLIENT_CLOUD_SCOPE",
   type::text, {0, 2048, {}}, {}, {}, "Scopes that tokens are asked for, with blanks between",
   text_to<login, &login_settings::scope>},
  {"login.resource", "--login-resource",
   "CAMUNDA_TOKEN_RESOURCE ZEEBE_TOKEN_RESOURCE CAMUNDA_CLIENT_AUTH_RESOURCE", type::text,
   {0, 2048, {}}, {}, {}, "Resource that tokens are asked for",
   text_to<login, &login_settings::resource>},
  {"login.credentialsCache", "--login-credentials-cache",
   "CAMUNDA_CLIENT_CONFIG_PATH ZEEBE_CLIENT_CONFIG_PATH CAMUNDA_CLIENT_AUTH_CREDENTIALSCACHEPATH",
   type::path, of_path, {}, "no file",
   "File that keeps tokens over a restart and shares them with other clients, as ~/.camunda/credentials",
   text_to<login, &login_settings::credentials_cache>},
  {"login.tlsKeyStore", "--login-tls-key-store",
   "CAMUNDA_SSL_CLIENT_KEYSTORE_PATH ZEEBE_SSL_CLIENT_KEYSTORE_PATH CAMUNDA_CLIENT_AUTH_KEYSTOREPATH",
   type::path, of_path, {}, {},
   "File with a certificate and key for a token server that asks for one: PKCS#12 or PEM; read again when it changes",
   text_to<login, &login_settings::tls_key_store>},
  {"login.tlsKeyStorePassword", {},
   "CAMUNDA_SSL_CLIENT_KEYSTORE_SECRET ZEEBE_SSL_CLIENT_KEYSTORE_SECRET "
   "CAMUNDA_CLIENT_AUTH_KEYSTOREPASSWORD", type::secret, of_secret, {}, {}, "Password of this file",
   secret_to<login, &login_settings::tls_key_store_password>},
  {"login.tlsKeyPassword", {},
   "CAMUNDA_SSL_CLIENT_KEYSTORE_KEY_SECRET ZEEBE_SSL_CLIENT_KEYSTORE_KEY_SECRET "
   "CAMUNDA_CLIENT_AUTH_KEYSTOREKEYPASSWORD", type::secret, of_secret, {}, "the file's",
   "Password of its key", secret_to<login, &login_settings::tls_key_password>},
  {"login.tlsKeyFile", "--login-tls-key-file", "LAMBDA_CONNECTOR_LOGIN_TLS_KEY_FILE", type::path,
   of_path, {}, {}, "PEM file with the key, when that is not in the same file",
   text_to<login, &login_settings::tls_key_file>},
  {"login.caFile", "--login-ca-file",
   "LAMBDA_CONNECTOR_LOGIN_CA_FILE CAMUNDA_SSL_CLIENT_TRUSTSTORE_PATH "
   "ZEEBE_SSL_CLIENT_TRUSTSTORE_PATH CAMUNDA_CLIENT_AUTH_TRUSTSTOREPATH", type::path, of_path, {},
   "system's",
   "File of the authorities that the token server's certificate is checked with: PEM or PKCS#12; read again when it changes",
   text_to<login, &login_settings::ca_file>},
  {"login.caFilePassword", {},
   "LAMBDA_CONNECTOR_LOGIN_CA_PASSWORD CAMUNDA_SSL_CLIENT_TRUSTSTORE_SECRET "
   "ZEEBE_SSL_CLIENT_TRUSTSTORE_SECRET CAMUNDA_CLIENT_AUTH_TRUSTSTOREPASSWORD", type::secret,
   of_secret, {}, {}, "Password of this file",
   secret_to<login, &login_settings::ca_file_password>},
  {"login.connectTimeout", "--login-connect-timeout",
   "CAMUNDA_AUTH_CONNECT_TIMEOUT ZEEBE_AUTH_CONNECT_TIMEOUT CAMUNDA_CLIENT_AUTH_CONNECTTIMEOUT",
   type::duration, {100, minute, {}}, "5s", {}, "Most time for a connection to the token server",
   duration_to<login, &login_settings::connect_time>},
  {"login.readTimeout", "--login-read-timeout",
   "CAMUNDA_AUTH_READ_TIMEOUT ZEEBE_AUTH_READ_TIMEOUT CAMUNDA_CLIENT_AUTH_READTIMEOUT "
   "ZEEBE_AUTH_REQUEST_TIMEOUT", type::duration, {100, minute, {}}, "5s", {},
   "Most time for which the token server may send nothing",
   duration_to<login, &login_settings::read_time>},
  {"login.username", "--login-username",
   "CAMUNDA_BASIC_AUTH_USERNAME CAMUNDA_CLIENT_AUTH_USERNAME", type::text, {0, 1024, {}}, {}, {},
   "User of basic authentication at the gateway",
   text_to<login, &login_settings::user_name>},
  {"login.password", {}, "CAMUNDA_BASIC_AUTH_PASSWORD CAMUNDA_CLIENT_AUTH_PASSWORD",
   type::secret, of_secret, {}, {}, "Password of this user",
   secret_to<login, &login_settings::password>},

  // Before the types, whose default follows from it.
  {"jobs.profile", "--profile", "LAMBDA_CONNECTOR_PROFILE", type::words, {0, 0, profiles}, "own", {},
   "How tasks are written: for this worker, as Alfresco's, or as io.camunda:aws-lambda:1, which is then the type served",
   profile_to},
  {"jobs.types", "--job-types", "LAMBDA_CONNECTOR_JOB_TYPES", type::list, of_some, {},
   "those served by default",
   "Job types served: type=operation, or a default type alone",
   types_to},
  {"jobs.defaultHeaders", "--default-header", "LAMBDA_CONNECTOR_DEFAULT_HEADERS", type::entries,
   of_list, {}, {},
   "Custom headers of tasks that have none of that name: header=value or type:header=value, separated by ; or lines",
   headers_to},
  {"jobs.maxActive", "--max-jobs-active", 
   "CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE ZEEBE_CLIENT_WORKER_MAXJOBSACTIVE",
   type::integer, {1, 10000, {}}, "32", {}, "Jobs that run at the same time", active_to},
  {"jobs.maxActiveOfType", "--max-jobs-active-of-type", "LAMBDA_CONNECTOR_MAX_JOBS_ACTIVE_OF_TYPE",
   type::list, of_list, {}, {}, "Fewer for some job types: type=number", active_of_type_to},
  {"jobs.timeout", "--job-timeout", 
   "CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT ZEEBE_CLIENT_JOB_TIMEOUT", type::duration,
   {second, 60 * minute, {}}, "60s", {},
   "Time a job is activated for; extended while its call runs",
   duration_to<jobs, &job_settings::activation_timeout>},
  {"jobs.lease", "--job-lease", "LAMBDA_CONNECTOR_JOB_LEASE CAMUNDA_CLIENT_WORKER_DEFAULTS_WITHLEASE",
   type::list, of_some, "off", {},
   "Lease tokens of engines since 8.10: off, offered or required, for all job types or as type=mode. A job once leased reaches no worker without leases",
   leases_to},
  {"jobs.workerName", "--worker-name", 
   "CAMUNDA_CLIENT_WORKER_DEFAULTS_NAME ZEEBE_CLIENT_WORKER_DEFAULTNAME", type::text,
   {1, 200, {}}, {}, "lambda-connector-HOST", "Name under which jobs are activated",
   text_to<jobs, &job_settings::worker_name>},
  {"jobs.stream", "--stream",
   "CAMUNDA_CLIENT_WORKER_DEFAULTS_STREAMENABLED CAMUNDA_CLIENT_WORKER_STREAM_ENABLED "
   "ZEEBE_CLIENT_WORKER_STREAM_ENABLED", type::boolean, {}, "true", {},
   "Let the gateway push jobs, besides polling", flag_to<jobs, &job_settings::stream>},
  {"jobs.streamSilence", "--stream-silence", "LAMBDA_CONNECTOR_STREAM_SILENCE", type::duration,
   {second, 60 * minute, {}}, "60s", {},
   "A stream that pushes nothing for so long while polls bring jobs is opened anew",
   duration_to<jobs, &job_settings::stream_silence>},
  {"jobs.pollTimeout", "--poll-timeout", "CAMUNDA_CLIENT_WORKER_DEFAULTS_REQUESTTIMEOUT",
   type::duration, {100, 5 * minute, {}}, "10s", {},
   "Time a poll waits at the gateway for jobs",
   duration_to<jobs, &job_settings::poll_timeout>},
  {"jobs.tenantIds", "--tenant-ids",
   "CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS ZEEBE_DEFAULT_JOB_WORKER_TENANT_IDS "
   "CAMUNDA_CLIENT_WORKER_DEFAULTS_TENANTIDS ZEEBE_CLIENT_DEFAULTJOBWORKERTENANTIDS", type::list,
   of_some, {}, "<default>", "Tenants whose jobs are taken",
   items_to<jobs, &job_settings::tenant_ids>},
  {"jobs.drainTime", "--drain-time", "LAMBDA_CONNECTOR_DRAIN_TIME", type::duration,
   {0, 16 * minute, {}}, "25s", {},
   "Time for running calls after SIGTERM; keep the platform's own grace time longer",
   duration_to<jobs, &job_settings::drain_time>},
  {"jobs.holdTime", "--hold-time", "LAMBDA_CONNECTOR_HOLD_TIME", type::duration,
   {0, 24 * 60 * minute, {}}, "15m", {},
   "Time for which the result of a finished call is offered to an engine that is away",
   duration_to<jobs, &job_settings::hold_time>},
  {"jobs.byteBudget", "--byte-budget", "LAMBDA_CONNECTOR_BYTE_BUDGET", type::size,
   {mega, 64 * kilo * mega, {}}, {}, "64 MB, at most a quarter of the memory limit",
   "Variables and results held at the same time; half of it for answers that are being read",
   size_to<jobs, &job_settings::byte_budget>},
  {"jobs.engineMessageSize", "--engine-message-size", "LAMBDA_CONNECTOR_ENGINE_MESSAGE_SIZE",
   type::size, {64 * kilo, 2 * kilo * mega, {}}, {}, "the engine decides",
   "The engine's message size: results over half of it are refused before sending",
   size_to<jobs, &job_settings::engine_message_size>},

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
   {second, 24 * 60 * minute, {}}, "5m", {}, "How often that secret is read anew",
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

  {"log.level", "--log-level", "LOG_LEVEL", type::words,
   {0, 0, log_levels}, "info", {}, "Least level that is logged",
   level_to},
  {"log.format", "--log-format", "LOG_FORMAT", type::words, {0, 0, log_formats}, "json", {},
   "One JSON object per line, or text for a terminal", format_to},
  {"log.completedJobs", "--log-completed-jobs", "LAMBDA_CONNECTOR_LOG_COMPLETED_JOBS", type::boolean,
   {}, "true", {},
   "Whether a completed job gets a line; jobs with another end always do", flag_to<&settings::log, &log_settings::successes>},

  {"admin.address", "--admin-address", "LAMBDA_CONNECTOR_ADMIN_ADDRESS", type::text,
   {1, 100, {}}, "8080", {},
   "Where health and metrics are served: PORT (0: any free one), ADDRESS:PORT, or off", listen_to},
  {"admin.statusPage", "--status-page", "LAMBDA_CONNECTOR_STATUS_PAGE", type::boolean, {}, "false", {},
   "Serve the status page at / also where the admin address is not loopback", flag_to<&settings::admin, &admin_settings::status_page>},
  {"admin.timedFunctions", "--timed-functions", "LAMBDA_CONNECTOR_TIMED_FUNCTIONS", type::integer,
   {0, 1000, {}}, "0", {},
   "Functions that get a histogram of their call times in the metrics; further ones count as (others)",
   size_to<&settings::admin, &admin_settings::timed_functions>},
};
// clang-format on

}  // namespace

std::span<const setting_spec> settings_table() { return rows; }

std::vector<std::string_view> variables_of(const setting_spec& spec) {
  std::vector<std::string_view> names;
  std::string_view rest = spec.variables;
  while (!rest.empty()) {
    const std::size_t end = std::min(rest.find(' '), rest.size());
    names.push_back(rest.substr(0, end));
    rest.remove_prefix(std::min(rest.size(), end + 1));
  }
  return names;
}

bool setting_spec::in_milliseconds() const {
  return variables.starts_with("CAMUNDA_") || variables.starts_with("ZEEBE_");
}

std::string says_nothing(const setting_spec& spec) {
  const auto standard = spec.standard.empty() ? spec.standard_says : spec.standard;
  const std::string_view instead = spec.type == setting_type::boolean ? "write true or false"
                                   : spec.type != setting_type::list  ? "write its value"
                                   : spec.bounds.least == 0 ? "write [] for a list without entries"
                                                            : "name at least one";
  return fmt::format("it is empty: {}, or take the line away{}{}.", instead,
                     standard.empty() ? "" : ", which means: ", standard);
}

std::string shown_default(const setting_spec& spec) {
  if (spec.key == "jobs.types") return default_served_types({});
  return std::string(spec.standard.empty() ? spec.standard_says : spec.standard);
}

std::string joined_variables(const setting_spec& spec, std::string_view before,
                             std::string_view after, std::string_view between) {
  std::string out;
  for (const auto name : variables_of(spec)) {
    if (!out.empty()) out += between;
    out.append(before).append(name).append(after);
  }
  return out;
}

}  // namespace worker::config
