// Credentials of a machine outside AWS that has a certificate: a session of IAM Roles Anywhere.
// Files are read at every fetch, so a renewed certificate is taken up by itself. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <memory>
#include <string>

#include "connector/aws/credentials/roles_anywhere/roles_anywhere_request.h"
#include "connector/aws/credentials/source.h"
#include "connector/aws/endpoint.h"
#include "connector/base/backoff_limits.h"
#include "connector/base/result.h"
#include "connector/base/secret.h"

namespace connector::aws {

// A private key or a passphrase: from a file, or from a function (a secret); neither: not given.
struct key_material {
  std::string file;
  // Returns the value, or why it cannot be read.
  std::function<boost::asio::awaitable<result<secret_string>>(deadline end)> ask;
};

struct roles_anywhere_settings {
  std::string name;  // of the profile, for messages
  roles_anywhere_session session;
  std::string certificate_file;  // PEM; intermediates may follow
  std::string chain_file;        // PEM with intermediates; empty: none
  key_material private_key;      // PEM
  key_material passphrase;       // of an encrypted key
  // Where the service of a region is; the operator's own endpoint included.
  std::function<result<endpoint>(std::string_view region)> endpoint_of;
  std::string user_agent;
  int attempts = 3;
  random_source random;  // empty: system_random()
};

// `deps` is copied, what it refers to outlives the source.
std::unique_ptr<credentials_source> make_roles_anywhere_source(source_dependencies deps,
                                                               roles_anywhere_settings how);

}  // namespace connector::aws
