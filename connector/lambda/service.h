// The service behind the door: INVOKE over a signed HTTP client. Calls on the loop's thread; client
// and credentials must outlive the service, and the service every call.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "connector/aws/credentials/provider.h"
#include "connector/aws/endpoint.h"
#include "connector/base/backoff.h"
#include "connector/base/clock.h"
#include "connector/connector.h"
#include "connector/http/client.h"
#include "connector/lambda/retry.h"

namespace connector::lambda {

struct settings {
  std::string region;                     // of calls that name none; may be empty
  std::optional<aws::endpoint> endpoint;  // instead of the region's own
  bool log_tail = true;                   // false: no call asks for a log, whatever its inputs say
  std::size_t response_limit = 8 << 20;   // bytes of a body; Lambda's own limit is 6,291,556
  std::string user_agent = "lambda-connector";
  retry_limits retries;
  random_source random;                               // empty: system_random()
  std::function<wall_clock::time_point()> wall_time;  // empty: the system's; for signatures
  std::function<boot_clock::time_point()> now;        // empty: boot_clock
};

std::unique_ptr<service> make_service(settings how, http::client& client,
                                      aws::credentials_provider& credentials);

}  // namespace connector::lambda
