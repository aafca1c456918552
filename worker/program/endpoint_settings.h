// From settings to what the AWS side is told: where services are, and which addresses may be
// connected to. Functions of settings; once at start.
#pragma once

#include "connector/aws/service_endpoint.h"
#include "connector/http/address_guard.h"
#include "worker/config/settings.h"

namespace worker::program {

// Throws std::runtime_error that names the setting when an endpoint makes no sense, or together
// with FIPS or dual stack contradicts itself.
connector::aws::endpoint_choices endpoint_choices_of(const config::aws_settings& aws);

// For the client of calls, whose destinations may come from job data: private and local addresses
// only for AWS's own regional names, for endpoints of the operator, and for hosts written out in
// one of the operator's lists.
connector::http::address_check address_check_of(const connector::aws::endpoint_choices& endpoints,
                                                const config::policy_settings& policy);

}  // namespace worker::program
