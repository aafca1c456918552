#include "worker/config/half_settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>

namespace worker::config {

namespace {

class half_settings {
 public:
  explicit half_settings(loaded& into) : into_(into) {}

  void run() {
    // Half a pair of keys would sign wrongly, or as another identity.
    pair("AWS_LAMBDA_AWS_ACCESS_KEY", "AWS_LAMBDA_AWS_SECRET_KEY");
    pair("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY");
    lone("AWS_SESSION_TOKEN", {"AWS_ACCESS_KEY_ID"});
    lone("AWS_WEB_IDENTITY_TOKEN_FILE", {"AWS_ROLE_ARN"});
    lone("AWS_ROLE_ARN", {"AWS_WEB_IDENTITY_TOKEN_FILE"});
    for (const auto* token :
         {"AWS_CONTAINER_AUTHORIZATION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"}) {
      lone(token, {"AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI"});
    }
    certificate();
    secret_sources();
    gateway();
    jobs();
  }

 private:
  [[nodiscard]] bool has(std::string_view variable) const {
    return into_.values.aws.variables.contains(variable);
  }
  [[nodiscard]] std::string source_of(std::string_view key) const {
    return into_.values.source_of(key);
  }
  [[nodiscard]] bool is_set(std::string_view key) const { return into_.values.is_set(key); }
  // A variable that could not be read has its issue already and is not missing.
  [[nodiscard]] bool is_told(std::string_view variable) const {
    return std::any_of(into_.issues.begin(), into_.issues.end(), [&](const auto& one) {
      return one.source == variable || one.source == std::string(variable) + "_FILE";
    });
  }
  void add_issue(std::string_view key, std::string text) {
    into_.issues.push_back({std::string(key), source_of(key), std::move(text)});
  }
  void add_warning(std::string text) { into_.warnings.push_back(std::move(text)); }

  void pair(const char* id, const char* secret) {
    if (has(id) == has(secret)) return;
    const auto* const missing = has(id) ? secret : id;
    if (is_told(missing)) return;
    into_.issues.push_back(
        {has(id) ? "aws.secretKey" : "aws.accessKey", missing,
         fmt::format("it is not set, but {} is: the two belong together.", has(id) ? id : secret)});
  }

  // A warning and not an issue: other sources of credentials may work.
  void lone(std::string_view variable, std::initializer_list<std::string_view> others) {
    if (!has(variable)) return;
    const auto there = [&](auto other) { return has(other) || is_told(other); };
    if (std::any_of(others.begin(), others.end(), there)) return;
    add_warning(fmt::format("{} is set and not used: it belongs to {}, which is not set.", variable,
                            fmt::join(others, " or ")));
  }

  void certificate() {
    const auto& aws = into_.values.aws;
    if (!aws.client_key.empty() && aws.client_certificate.empty()) {
      add_issue("aws.clientKey",
                "it belongs to a certificate, and LAMBDA_CONNECTOR_CLIENT_CERTIFICATE "
                "(aws.clientCertificate) names none.");
    }
    const auto& gateway = into_.values.gateway;
    if (!gateway.client_key.empty() && gateway.client_certificate.empty()) {
      add_issue("gateway.clientKey",
                "it belongs to a certificate, and CAMUNDA_MTLS_CERT_PATH "
                "(gateway.clientCertificate) names none.");
    }
  }

  // Without a list of sources, each source that is configured counts.
  void secret_sources() {
    const auto& secrets = into_.values.secrets;
    if (!is_set("secrets.sources") || is_told(source_of("secrets.sources"))) return;
    const auto listed = [&](std::string_view name) {
      return std::find(secrets.order.begin(), secrets.order.end(), name) != secrets.order.end();
    };
    const auto both = [&](std::string_view name, bool given, std::string_view setting,
                          std::string_view key) {
      if (listed(name) && !given) {
        add_issue("secrets.sources",
                  fmt::format("it names {}, and {} ({}) is not set: set it, or take "
                              "{} off the list.",
                              name, setting, key, name));
      }
      if (!listed(name) && given) {
        add_issue(key,
                  fmt::format("it is set, but SECRETS_SOURCES (secrets.sources) does not name {}: "
                              "add it there, or take this away.",
                              name));
      }
    };
    both("files", !secrets.directory.empty(), "SECRETS_DIR", "secrets.directory");
    both("aws", !secrets.aws_secret.empty(), "SECRETS_AWS_SECRET_ID", "secrets.awsSecret");
    if (!listed("environment") && is_set("secrets.environmentPrefix")) {
      add_issue(
          "secrets.environmentPrefix",
          "it is set, but SECRETS_SOURCES (secrets.sources) does not name environment: add it "
          "there, or take this away.");
    }
  }

  void gateway() {
    const auto& gateway = into_.values.gateway;
    if (is_set("gateway.keepAlive") && gateway.keep_alive > std::chrono::milliseconds(0) &&
        gateway.keep_alive < std::chrono::seconds(30)) {
      add_warning(
          fmt::format("{} (gateway.keepAlive): gateways close connections that are pinged more "
                      "often than every 30 s.",
                      source_of("gateway.keepAlive")));
    }
    // Some clients let this setting decide, whatever the scheme.
    if (is_set("gateway.insecure") && !gateway.insecure && !gateway.tls &&
        is_set("gateway.address")) {
      add_warning(
          fmt::format("{} (gateway.address) begins with http:// or grpc://, which means plaintext; "
                      "{} (gateway.insecure) is false and changes nothing.",
                      source_of("gateway.address"), source_of("gateway.insecure")));
    }
    if (is_set("gateway.clusterRegion") && gateway.cluster_id.empty()) {
      add_warning(
          fmt::format("{} (gateway.clusterRegion) is not used: gateway.clusterId names no cluster.",
                      source_of("gateway.clusterRegion")));
    }
    for (const auto* key : {"gateway.caFile", "gateway.clientCertificate"}) {
      if (gateway.tls || !is_set(key)) continue;
      add_warning(fmt::format("{} ({}) is not used: the gateway's address means plaintext.",
                              source_of(key), key));
    }
  }

  void jobs() {
    const auto& jobs = into_.values.jobs;
    for (const auto& [type, most] : jobs.max_active_of_type) {
      if (jobs.max_active == 0 || most <= jobs.max_active) continue;
      add_warning(
          fmt::format("{} (jobs.maxActiveOfType): {} for {} can never be, because jobs.maxActive "
                      "is {}.",
                      source_of("jobs.maxActiveOfType"), most, type, jobs.max_active));
    }
    const auto engine = jobs.engine_message_size;
    if (engine && into_.values.aws.max_list_bytes > *engine / 2) {
      add_warning(
          "aws.maxListBytes is more than half of jobs.engineMessageSize: the engine would not take "
          "so long a list.");
    }
  }

  loaded& into_;
};

}  // namespace

void check_half_settings(loaded& into) { half_settings(into).run(); }

}  // namespace worker::config
