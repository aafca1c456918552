// Credential profiles of the worker's own configuration file: the names under which tasks ask for
// credentials (`authentication.type=profile`). They are not the profiles of the shared files of the
// AWS tools. The file never holds a key, only a reference to a secret or the path of a key file.
// Plain values; profile_reader.h reads them once at start.
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace worker::config {

// Where a key or passphrase is: one of the two.
struct key_place {
  std::string secret;  // name, as in {{secrets.NAME}}
  std::string file;    // path

  [[nodiscard]] bool empty() const { return secret.empty() && file.empty(); }
  friend bool operator==(const key_place&, const key_place&) = default;
};

struct role_to_assume {
  std::string role_arn;
  std::string external_id;
  std::string session_name;
  std::chrono::seconds duration{0};  // 0: the service's default, one hour
  std::map<std::string, std::string> session_tags;

  friend bool operator==(const role_to_assume&, const role_to_assume&) = default;
};

struct credential_profile {
  enum class source {
    worker,          // the worker's own chain
    profile,         // another profile of this file
    keys,            // an access key
    environment,     // AWS_ACCESS_KEY_ID and its companions
    web_identity,    // a token file and a role (IRSA)
    shared_profile,  // a profile of the shared files of the AWS tools
    process,         // a command that prints credentials
    container,       // ECS, EKS Pod Identity
    metadata,        // EC2 instance metadata
    roles_anywhere,  // a certificate
  };

  std::string name;
  int line = 0;
  source from = source::worker;
  std::string other;  // of profile and shared_profile: the name of that profile

  std::string access_key_id;  // of keys; else empty
  key_place secret_access_key;
  key_place session_token;

  std::string token_file;  // of web_identity; empty: AWS_WEB_IDENTITY_TOKEN_FILE
  std::string command;     // of process: program and arguments, run without a shell

  // Of roles_anywhere.
  std::string certificate_file;  // PEM; intermediates may follow the certificate
  std::string chain_file;        // PEM with intermediates; empty: none
  key_place private_key;         // PEM
  key_place passphrase;          // of an encrypted key
  std::string trust_anchor_arn;
  std::string profile_arn;

  // Of web_identity and roles_anywhere: the role that the source itself gives.
  std::string role_arn;
  std::string session_name;
  std::chrono::seconds duration{0};

  std::optional<role_to_assume> assume;  // the role assumed with these credentials
  std::string region;                    // of STS or Roles Anywhere; empty: the call's

  friend bool operator==(const credential_profile&, const credential_profile&) = default;
};

// "rolesAnywhere", as in the file.
std::string_view name_of(credential_profile::source source);
std::optional<credential_profile::source> source_of_name(std::string_view name);
// All of them, for messages: "worker, profile, ...".
std::string names_of_sources();
std::vector<std::string_view> source_names();

// Null when no profile has that name.
const credential_profile* find_profile(const std::vector<credential_profile>& all,
                                       std::string_view name);

// The names of the secrets that the profiles refer to, each once; for `check`.
std::vector<std::string> secrets_of(const std::vector<credential_profile>& all);

}  // namespace worker::config
