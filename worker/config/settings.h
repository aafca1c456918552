// The settings, typed and checked: load.h makes them once at start, through the rows of
// settings_table.h. Plain values, constant afterwards; any thread may read them.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/base/log_level.h"
#include "connector/base/secret.h"
#include "connector/call_limits.h"
#include "connector/operations.h"
#include "worker/config/credential_profiles.h"
#include "worker/config/listen_address.h"
#include "worker/config/policy_settings.h"
#include "worker/jobs/lease_mode.h"

namespace worker::config {

struct gateway_settings {
  std::string address;    // as it was given, for messages; never holds user information
  std::string target;     // "host:port", IPv6 hosts in brackets: what a channel is opened to
  bool insecure = false;  // CAMUNDA_INSECURE_CONNECTION
  bool tls = false;
  // TLS only because the address has no scheme: worth a hint when the connection fails.
  bool tls_by_default = false;
  std::string ca_file;             // PEM; empty: the system's authorities
  std::string authority;           // name that the certificate must carry; empty: the host's
  std::string client_certificate;  // PEM file, shown to a gateway that asks; empty: none
  std::string client_key;          // PEM file; empty: the key is in the file above
  connector::secret_string proxy;  // URL, password included; empty: reached directly
  std::string cluster_id;          // in Camunda's cloud (saas.h); empty: elsewhere
  std::string cluster_region;
  std::string physical_tenant;  // of an engine that has several; empty: its default
  std::chrono::milliseconds keep_alive{};
  std::chrono::milliseconds request_timeout{};  // of one command
};

// How the worker logs in at the gateway.
enum class login_method { none, basic, oauth };

struct login_settings {
  std::optional<login_method> wanted;        // as the operator set it
  login_method method = login_method::none;  // in force: that, else what the rest is for
  std::string token_url;                     // of the token endpoint; an http or https URL
  std::string client_id;
  connector::secret_string client_secret;
  std::string key_store;  // file with the client's certificate; empty: the secret is the proof
  connector::secret_string key_store_password;
  std::string key_alias;                  // empty: the store's first key
  connector::secret_string key_password;  // empty: the store's
  std::string key_file;                   // PEM; empty: the key is in the store
  std::string audience;                   // what the token is for; never empty with OAuth
  std::string scope;
  std::string resource;
  std::string credentials_cache;  // file that keeps tokens; empty: none
  // For TLS to the token server.
  std::string tls_key_store;  // file with a certificate to show; empty: none
  connector::secret_string tls_key_store_password;
  connector::secret_string tls_key_password;  // of the key; empty: the store's
  std::string tls_key_file;                   // PEM; empty: the key is in the store
  std::string ca_file;                        // PEM or PKCS#12; empty: the system's authorities
  connector::secret_string ca_file_password;
  std::chrono::milliseconds connect_time{};
  std::chrono::milliseconds read_time{};
  std::string user_name;  // of basic authentication
  connector::secret_string password;
};

struct served_type {
  std::string job_type;
  connector::operation_id operation = connector::operation_id::invoke;

  friend bool operator==(const served_type&, const served_type&) = default;
};

// A custom header of tasks whose model does not have it.
struct default_header {
  std::string job_type;  // empty: every type
  std::string name;
  std::string value;  // text, as in a model

  friend bool operator==(const default_header&, const default_header&) = default;
};

struct job_settings {
  std::string profile;  // of types whose default headers name none; empty: this worker's own
  std::vector<served_type> types;
  std::vector<default_header> default_headers;
  int max_active = 0;
  std::map<std::string, int> max_active_of_type;
  jobs::lease_mode lease = jobs::lease_mode::off;  // of types that are not in the map
  std::map<std::string, jobs::lease_mode> lease_of_type;
  std::chrono::milliseconds activation_timeout{};
  std::string worker_name;
  bool stream = false;
  std::chrono::milliseconds stream_silence{};
  std::chrono::milliseconds poll_timeout{};  // how long a poll waits at the gateway
  std::vector<std::string> tenant_ids;       // empty: the engine's default tenant
  std::chrono::milliseconds drain_time{};
  std::chrono::milliseconds hold_time{};
  std::uint64_t byte_budget = 0;
  std::optional<std::uint64_t> engine_message_size;  // nothing: the engine decides
};

struct aws_settings {
  std::string region;  // empty: every task must name one
  // The credentials come from these: the variables AWS_* that are not empty, with NAME_FILE
  // resolved, and HOME. Key pairs are complete; half a pair is an issue.
  std::map<std::string, connector::secret_string, std::less<>> variables;
  // Endpoints of the operator's own, as URLs; empty: by region.
  std::string endpoint;  // of every service that has none of its own below
  std::string lambda_endpoint;
  std::string sts_endpoint;
  std::string roles_anywhere_endpoint;
  std::string secrets_manager_endpoint;
  bool ignore_endpoints = false;  // the four above, and those of the shared files, do not count
  // Nothing: what the shared files say, else no.
  std::optional<bool> fips;
  std::optional<bool> dual_stack;
  std::optional<bool> legacy_sts;
  std::string ca_bundle;                 // PEM file; empty: the system's authorities
  std::string client_certificate;        // PEM file, shown to endpoints that ask; empty: none
  std::string client_key;                // PEM file; empty: the key is in the file above
  connector::secret_string https_proxy;  // URL, password included; empty: none
  std::string no_proxy;                  // what is reached without it
  role_to_assume role;                   // assumed for all calls; without an ARN: none
  bool log_tail = false;                 // whether tails may be asked for at all
  std::uint64_t max_response_bytes = 0;
  std::chrono::milliseconds answer_silence{60'000};
  std::uint64_t max_list_bytes = 0;
  std::optional<int> max_attempts;  // of one call; nothing: what the shared files say, else 4
  std::string app_id;  // for the User-Agent; empty: what the shared files say, else none
};

// Whose secrets a job of a tenant finds.
enum class tenant_secrets { first, only, off };

struct secret_settings {
  std::string directory;  // empty: no files
  // Files that settings name, which are no secrets of tasks: path to what names it.
  std::map<std::string, std::string> own_files;
  std::string environment_prefix;
  // Secrets of the environment, read when the program started: name without prefix to value.
  std::map<std::string, connector::secret_string, std::less<>> environment;
  bool in_data_any = false;  // SECRETS_IN_DATA=any
  tenant_secrets of_tenants = tenant_secrets::first;
  std::vector<std::string> order;  // of the sources: files, environment, aws
  std::string aws_secret;          // name or ARN of a secret of AWS Secrets Manager; empty: none
  std::chrono::milliseconds aws_refresh{};
};

struct log_settings {
  connector::log::level least = connector::log::level::info;
  connector::log::format how = connector::log::format::json;
  bool successes = true;  // whether completed jobs get a line
};

struct admin_settings {
  listen_address listen;
  // The address is the default one: then the worker starts even when the port is taken.
  bool by_default = false;
  // The page for people is served on every address, not on loopback alone.
  bool status_page = false;
  std::uint64_t timed_functions = 0;  // that get a histogram of their own in the metrics
};

// A setting in force with its source, for print-config and check. A secret's value is ***.
struct shown_setting {
  std::string_view key;
  std::string value;
  std::string source;    // "default", "ZEEBE_ADDRESS", "ZEEBE_ADDRESS_FILE", "--gateway"
  std::size_t hash = 0;  // of the whole text, so that a changed secret is seen; never shown
};

struct settings {
  std::string config_file;  // path; empty: none
  gateway_settings gateway;
  login_settings login;
  job_settings jobs;
  aws_settings aws;
  secret_settings secrets;
  log_settings log;
  policy_settings policy;
  connector::call_limits limits;  // of calls, by function
  std::vector<credential_profile> profiles;
  admin_settings admin;
  std::vector<shown_setting> shown;  // in the table's order

  // Null when it is not in `shown`.
  [[nodiscard]] const shown_setting* find_shown(std::string_view key) const {
    for (const auto& each : shown) {
      if (each.key == key) return &each;
    }
    return nullptr;
  }
  // "default" for a setting that is not in `shown`.
  [[nodiscard]] std::string source_of(std::string_view key) const {
    const auto* found = find_shown(key);
    return found == nullptr ? "default" : found->source;
  }
  // Whether a source gives it: a flag, a variable, the file.
  [[nodiscard]] bool is_set(std::string_view key) const { return source_of(key) != "default"; }
};

}  // namespace worker::config
