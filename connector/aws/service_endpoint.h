// Where this worker reaches a service of AWS: by region, partition and the operator's choices
// (FIPS, dual stack, an endpoint of its own), as the AWS SDKs decide it; and which of those hosts
// may have private addresses. Pure, plain values. Source: AWS SDKs and tools reference,
// "Service-specific endpoints", "Dual-stack and FIPS endpoints", "AWS STS Regional endpoints".
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "connector/aws/endpoint.h"

namespace connector::aws {

// The operator's choices for all calls. Services by the names in their hosts: "lambda",
// "sts", "rolesanywhere", "secretsmanager".
struct endpoint_choices {
  bool fips = false;
  bool dual_stack = false;
  bool legacy_sts = false;  // the old global STS for the regions that once had no other
  std::map<std::string, endpoint, std::less<>> of_service;
  std::optional<endpoint> of_all;  // for services that have none of their own
};

// Nothing: the service's host is made from the region.
const endpoint* configured_endpoint(const endpoint_choices& how, std::string_view service);

// INVALID_INPUT when `region` is not the name of a region. The endpoint says with which region to
// sign when that is not `region` itself.
result<endpoint> service_endpoint(std::string_view service, std::string_view region,
                                  const endpoint_choices& how);

// The contradiction in the operator's choices, for a message at the start; nothing when there is
// none. An endpoint of one's own excludes FIPS and dual stack, as in the SDKs.
std::optional<std::string> contradiction(const endpoint_choices& how);

// Whether `host` is one that service_endpoint makes of a service and a region: in a VPC with
// interface endpoints such names have private addresses, and only AWS can set them.
bool is_regional_host(std::string_view host);

// Whether a destination may have a private or local address: the regional hosts, what the choices
// name, and what `more` says yes to (the operator's list). For http::guard_job_data.
std::function<bool(const http::destination&)> may_be_private(
    const endpoint_choices& how, std::function<bool(const http::destination&)> more);

// The variable that sets a service's endpoint, AWS_ENDPOINT_URL_<SERVICE>; for messages.
std::string endpoint_variable(std::string_view service);

}  // namespace connector::aws
