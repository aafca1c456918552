// The keys that a request is signed with, and the identity that they belong to. Plain values; one
// thread at a time.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "connector/base/clock.h"
#include "connector/base/error.h"
#include "connector/base/secret.h"

namespace connector::aws {

struct credentials {
  std::string access_key_id;
  secret_string secret_access_key;
  secret_string session_token;                    // empty: none
  std::optional<wall_clock::time_point> expires;  // nothing: they do not expire
  std::string source;                             // "environment", for people; never a secret
  bool of_task = false;                           // a task gave them: they are not the worker's
};

// Role to take over from the credentials that `identity` names otherwise (STS AssumeRole).
struct assumed_role {
  std::string role_arn;
  std::string external_id;
  std::string session_name;
  int duration_seconds = 0;  // 0: the service's default, one hour
  std::map<std::string, std::string> session_tags;

  friend bool operator==(const assumed_role&, const assumed_role&) = default;
};

// As whom a task calls. Equal identities share credentials and connections.
struct identity {
  enum class kind {
    worker,   // the worker's own chain
    keys,     // static keys of the task
    profile,  // a credential profile of the worker's own configuration
    none,     // unsigned; function URLs only
  };
  kind from = kind::worker;
  std::string access_key_id;         // of `keys`
  secret_string secret_access_key;   // of `keys`
  secret_string session_token;       // of `keys`, may be empty
  std::string profile;               // of `profile`
  std::optional<assumed_role> role;  // taken over on top
  std::string region;                // where STS is asked; the region of the call

  friend bool operator==(const identity&, const identity&) = default;
};

// Whose connections a call uses, without any secret: equal for equal identities, whatever the
// region, and empty for the worker's own.
std::string name_of(const identity& who);

// Permanent, of that code.
error credentials_error(std::string message);

}  // namespace connector::aws
