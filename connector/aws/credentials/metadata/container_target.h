// Where a container's credentials are, by the variables that ECS, EKS Pod Identity and Greengrass
// set, and which hosts may be asked without TLS. Pure.
// Source: AWS SDKs and Tools Reference Guide, "Container credential provider".
#pragma once

#include <boost/asio/ip/address.hpp>
#include <boost/system/result.hpp>
#include <optional>
#include <string>

#include "connector/aws/credentials/source.h"
#include "connector/http/message.h"

namespace connector::aws {

struct container_target {
  http::destination to;
  std::string target;  // path and query as it goes on the wire
  std::string shown;   // "http://169.254.170.2": without the path, whose id is as good as a key
};

// Of AWS_CONTAINER_CREDENTIALS_RELATIVE_URI (asked at `agent`) or ..._FULL_URI; the former wins.
// Failures: `not_configured` when neither is set, `rejected` when one cannot be used.
using container_target_result = boost::system::result<container_target, source_failure>;
container_target_result container_target_of(const variables& look_up,
                                            const http::destination& agent);

// Where ECS answers to relative URIs.
http::destination ecs_agent();

// Loopback and the three addresses of ECS and EKS, which plain HTTP may be spoken with.
bool is_container_address(const boost::asio::ip::address& address);

// The value of Authorization, from AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE (read now) or
// ..._TOKEN; empty when neither is set. Goes into the header as it is, so control characters are
// refused.
boost::system::result<secret_string, source_failure> container_token(const variables& look_up);

}  // namespace connector::aws
