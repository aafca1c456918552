#include "worker/config/foreign_variables.h"

#include <algorithm>

#include "worker/config/variable_names.h"

namespace worker::config {

namespace {

using kind = foreign_variable::kind;

constexpr std::string_view address = "CAMUNDA_GRPC_ADDRESS";
constexpr std::string_view token_url = "CAMUNDA_AUTHORIZATION_SERVER_URL";
constexpr std::string_view tenant_variable = "CAMUNDA_DEFAULT_JOB_WORKER_TENANT_IDS";

constexpr foreign_variable rows[] = {
    {"CAMUNDA_WELL_KNOWN_CONFIGURATION_URL", kind::idle, token_url},
    {"CAMUNDA_ISSUER_URL", kind::idle, token_url},
    {"CAMUNDA_CLIENT_AUTH_ISSUERURL", kind::idle, token_url},
    {"CAMUNDA_CLIENT_AUTH_ISSUER", kind::idle, token_url},
    {"CAMUNDA_CLIENT_AUTH_WELLKNOWNCONFIGURATIONURL", kind::idle, token_url},

    {"CAMUNDA_REST_ADDRESS", kind::address, address},
    {"ZEEBE_REST_ADDRESS", kind::address, address},
    {"ZEEBE_HOST", kind::address, address},
    {"ZEEBE_PORT", kind::address, address},
    {"ZEEBE_BROKER_CONTACTPOINT", kind::address, address},
    {"ZEEBE_GATEWAY_ADDRESS", kind::address, address},
    {"CAMUNDA_CLIENT_RESTADDRESS", kind::address, address},
    {"CAMUNDA_CLIENT_BASEURL", kind::address, address},
    {"CAMUNDA_CLIENT_MODE", kind::address, address},
    {"CAMUNDA_CLIENT_CLUSTERID", kind::address, address},
    {"CAMUNDA_CLIENT_REGION", kind::address, address},
    {"ZEEBE_CLIENT_BROKER_CONTACTPOINT", kind::address, address},
    {"ZEEBE_CLIENT_BROKER_RESTADDRESS", kind::address, address},
    {"ZEEBE_CLIENT_CLOUD_BASEURL", kind::address, address},
    {"ZEEBE_CLIENT_CONNECTIONMODE", kind::address, address},

    {"CAMUNDA_DEFAULT_TENANT_ID", kind::idle, tenant_variable},
    {"ZEEBE_DEFAULT_TENANT_ID", kind::idle, tenant_variable},
    {"CAMUNDA_CLIENT_TENANTID", kind::idle, tenant_variable},
    {"ZEEBE_CLIENT_DEFAULTTENANTID", kind::idle, tenant_variable},
    {"ZEEBE_CLIENT_WORKER_THREADS", kind::idle, "CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE"},
    {"CAMUNDA_CLIENT_EXECUTIONTHREADS", kind::idle, "CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE"},
    {"CAMUNDA_CLIENT_WORKER_DEFAULTS_TYPE", kind::idle, "LAMBDA_CONNECTOR_JOB_TYPES"},
    {"ZEEBE_CLIENT_WORKER_DEFAULTTYPE", kind::idle, "LAMBDA_CONNECTOR_JOB_TYPES"},
    {"CAMUNDA_MTLS_CERT", kind::idle, "CAMUNDA_MTLS_CERT_PATH"},
    {"CAMUNDA_MTLS_KEY", kind::idle, "CAMUNDA_MTLS_KEY_PATH"},
    {"CAMUNDA_MTLS_CA", kind::idle, "CAMUNDA_CA_CERTIFICATE_PATH"},
    {"CAMUNDA_MTLS_KEY_PASSPHRASE", kind::idle, {}},
    {"CAMUNDA_PREFER_REST", kind::idle, {}},
    {"CAMUNDA_CONNECTOR_SECRETPROVIDER_ENVIRONMENT_ENABLED", kind::idle, "SECRETS_SOURCES"},
    {"CAMUNDA_CONNECTOR_SECRETPROVIDER_ENVIRONMENT_PROCESSDEFINITIONAWARE", kind::idle, {}},
    {"CAMUNDA_CONNECTOR_SECRETPROVIDER_ENVIRONMENT_TENANTAWARE", kind::idle, {}},
    {"CONNECTOR_AWS_LAMBDA_TIMEOUT", kind::idle, "CAMUNDA_CLIENT_WORKER_DEFAULTS_TIMEOUT"},
    {"CONNECTOR_AWS_LAMBDA_TYPE", kind::idle, "LAMBDA_CONNECTOR_JOB_TYPES"},
    {"ZEEBE_PREFER_REST", kind::idle, {}},
    {"AWS_ACCESS_KEY", kind::idle, "AWS_ACCESS_KEY_ID"},
    {"AWS_SECRET_KEY", kind::idle, "AWS_SECRET_ACCESS_KEY"},
    {"AWS_SECURITY_TOKEN", kind::idle, "AWS_SESSION_TOKEN"},

    {"CAMUNDA_CLIENT_USE_DEFAULT_RETRY_POLICY", kind::quiet, {}},
    {"ZEEBE_CLIENT_USE_DEFAULT_RETRY_POLICY", kind::quiet, {}},
    {"CAMUNDA_CLIENT_ENABLED", kind::quiet, {}},
    {"ZEEBE_CLIENT_ENABLED", kind::quiet, {}},
    {"ZEEBE_GRPC_LOG_LEVEL", kind::quiet, {}},
    // One letter from the proxy for https.
    {"HTTP_PROXY", kind::quiet, {}},
    {"http_proxy", kind::quiet, {}},

    {"AWS_CONFIG_FILE", kind::aws, {}},
    {"AWS_CONTAINER_AUTHORIZATION_TOKEN", kind::aws, {}},
    {"AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE", kind::aws, {}},
    {"AWS_CONTAINER_CREDENTIALS_FULL_URI", kind::aws, {}},
    {"AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", kind::aws, {}},
    {"AWS_EC2_METADATA_DISABLED", kind::aws, {}},
    {"AWS_EC2_METADATA_SERVICE_ENDPOINT", kind::aws, {}},
    {"AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE", kind::aws, {}},
    {"AWS_EC2_METADATA_V1_DISABLED", kind::aws, {}},
    {"AWS_METADATA_SERVICE_NUM_ATTEMPTS", kind::aws, {}},
    {"AWS_METADATA_SERVICE_TIMEOUT", kind::aws, {}},
    {"AWS_PROFILE", kind::aws, {}},
    {"AWS_ROLE_ARN", kind::aws, {}},
    {"AWS_ROLE_SESSION_NAME", kind::aws, {}},
    {"AWS_SHARED_CREDENTIALS_FILE", kind::aws, {}},
    {"AWS_WEB_IDENTITY_TOKEN_FILE", kind::aws, {}},
};

}  // namespace

std::span<const foreign_variable> foreign_variables() { return rows; }

const foreign_variable* find_foreign(std::string_view name) {
  const auto* const found = std::find_if(std::begin(rows), std::end(rows), [&](const auto& each) {
    return is_same_variable(each.name, name);
  });
  return found == std::end(rows) ? nullptr : found;
}

}  // namespace worker::config
