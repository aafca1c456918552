// Rows of the settings table: the gateway and the login at it.
#include "worker/config/saas.h"
#include "worker/config/setting_rows.h"
#include "worker/config/setting_stores.h"

namespace worker::config::setting_rows {

namespace {

constexpr std::string_view login_methods[] = {"none", "basic", "oidc", "oauth"};

constexpr auto gateway = &settings::gateway;
constexpr auto login = &settings::login;

// clang-format off
constexpr setting_spec gateway_rows[] = {
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
};
// clang-format on

}  // namespace

std::span<const setting_spec> of_gateway() { return gateway_rows; }

}  // namespace worker::config::setting_rows
