// Where a region's services are: host names by partition, and the operator's own endpoint instead.
// A region may come from process data, so its shape is checked before it becomes part of a host.
// Pure. Source: the partitions and endpoint rules of the AWS SDKs.
#pragma once

#include <string>
#include <string_view>

#include "connector/base/result.h"
#include "connector/http/message.h"

namespace connector::aws {

struct endpoint {
  http::destination to;
  std::string base_path;       // in front of every API path, encoded, without a slash at its end
  std::string signing_region;  // empty: the region of the call

  friend bool operator==(const endpoint&, const endpoint&) = default;
};

// "amazonaws.com" or the suffix of the partition that the region's name belongs to; a name of no
// known partition is taken for a new region of the public one.
std::string_view dns_suffix(std::string_view region);

// The suffix of hosts that have IPv6 addresses too: "api.aws" and the like.
std::string_view dual_stack_suffix(std::string_view region);

// "aws", "aws-cn", as in ARNs.
std::string_view partition_of(std::string_view region);

// https://<service>.<region>.<suffix>; INVALID_INPUT when `region` is not the name of a region.
result<endpoint> regional_endpoint(std::string_view service, std::string_view region);

// An endpoint that the operator configured, as in AWS_ENDPOINT_URL_LAMBDA: http or https, a host,
// perhaps a port and a base path. INVALID_INPUT says what is wrong with it.
result<endpoint> parse_endpoint(std::string_view url);

// A POST to the root of the endpoint, unsigned: what services with the query protocol or JSON take.
http::request post_request(const endpoint& where, std::string content_type, std::string body,
                           std::string_view user_agent);

}  // namespace connector::aws
