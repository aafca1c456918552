// From settings to the endpoints of AWS and to the check of addresses before a connection.
// Functions of settings; once at start.
#pragma once

#include "connector/aws/service_endpoint.h"
#include "connector/http/address_guard.h"
#include "worker/config/settings.h"

namespace worker::program {

// Throws std::runtime_error, with the setting's name, for an endpoint that is not valid or that
// contradicts FIPS or dual stack.
connector::aws::endpoint_choices endpoint_choices_of(const config::aws_settings& aws);

// For the client of calls, whose destinations may come from job data. Private and local addresses
// are allowed only for AWS's own regional names, for endpoints of the operator, and for hosts that
// one of the operator's lists names without `*`.
connector::http::address_check address_check_of(const connector::aws::endpoint_choices& endpoints,
                                                const config::policy_settings& policy);

}  // namespace worker::program
