// The interface of credentials, keyed by identity. Implementations cache, share one refresh between
// all callers, and use old credentials until they expire. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <string>

#include "connector/aws/credentials/credentials.h"
#include "connector/base/result.h"

namespace connector::aws {

class credentials_provider {
 public:
  credentials_provider() = default;
  credentials_provider(const credentials_provider&) = delete;
  credentials_provider& operator=(const credentials_provider&) = delete;
  virtual ~credentials_provider() = default;

  // Credentials to sign a request with now; or CREDENTIALS_ERROR, whose class says whether the
  // source is unavailable (not_started) or rejects (permanent). `end` bounds the wait.
  virtual boost::asio::awaitable<result<credentials>> get(identity who, deadline end) = 0;

  // The service called these keys expired: the next get fetches new ones, once for all callers.
  virtual void expired(const identity& who, const std::string& access_key_id) = 0;

  // At the end of the program: ends fetches under way, which would keep the loop running. Every get
  // from now on fails.
  virtual void stop() {}

  // Which source won, such as "environment (AWS_*)", without any secret; for `check` and debug.
  [[nodiscard]] virtual std::string describe() const = 0;
};

}  // namespace connector::aws
