// Where credentials come from: the interface, keyed by identity. Implementations cache, share one
// refresh between all who wait, and keep old credentials while they live. Loop's thread.
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
  // source is away (not_started) or refuses (permanent). `end` bounds the wait.
  virtual boost::asio::awaitable<result<credentials>> get(identity who, deadline end) = 0;

  // The service called these expired: the next get must fetch anew, once for all who say so.
  virtual void expired(const identity& who, const std::string& access_key_id) = 0;

  // When all is done: ends fetches under way, which would keep the loop going; every get from now
  // on fails.
  virtual void stop() {}

  // Which source won, such as "environment (AWS_*)", without any secret; for `check` and debug.
  [[nodiscard]] virtual std::string describe() const = 0;
};

}  // namespace connector::aws
