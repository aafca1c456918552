// Reads one secret of AWS Secrets Manager: GetSecretValue, signed. Asks once, twice when the clock
// was wrong, and keeps nothing but that.
// Client and credentials outlive this, and this every call. Loop's thread.
// Source: Secrets Manager API reference, GetSecretValue.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <functional>
#include <string>
#include <string_view>

#include "connector/aws/credentials/provider.h"
#include "connector/aws/endpoint.h"
#include "connector/aws/signed_exchange.h"
#include "connector/aws/sigv4.h"
#include "connector/base/clock.h"
#include "connector/base/result.h"
#include "connector/http/client.h"

namespace connector::aws {

struct secrets_manager_settings {
  std::string secret_id;  // name, ARN or partial ARN; the region of an ARN counts
  std::string region;     // of a name; may be empty, then there is an error
  std::function<result<endpoint>(std::string_view region)> endpoint_of;
  std::string user_agent;
  std::function<wall_clock::time_point()> wall_time;  // empty: the system's
  std::function<boot_clock::time_point()> now;        // empty: the system's
};

class secrets_manager {
 public:
  secrets_manager(secrets_manager_settings how, http::client& client,
                  credentials_provider& credentials);
  secrets_manager(const secrets_manager&) = delete;
  secrets_manager& operator=(const secrets_manager&) = delete;

  // The secret's text. SECRET_ERROR, not_started when it may work later, else permanent. The
  // message names the secret's id and what the service says, never a value.
  boost::asio::awaitable<result<secret_string>> get(deadline end);

 private:
  result<endpoint> where() const;
  http::request request(const endpoint& to) const;

  const secrets_manager_settings settings_;
  std::string region_;
  credentials_provider& credentials_;
  signer signer_;
  signed_exchange exchange_;
};

// From an accepted answer. Pure.
result<secret_string> read_secret_value(std::string_view body, std::string_view secret_id);

// The region of an ARN of a secret; empty when `secret_id` is a name. Pure.
std::string_view region_of_secret(std::string_view secret_id);

}  // namespace connector::aws
