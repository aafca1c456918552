// From the program's settings to those of its rooms: Lambda's client, the worker of jobs, tenants
// of secrets, and the name that requests carry. Pure.
#pragma once

#include <string>

#include "connector/aws/service_endpoint.h"
#include "connector/lambda/settings.h"
#include "worker/admin/call_meter.h"
#include "worker/config/settings.h"
#include "worker/jobs/job_worker.h"
#include "worker/secrets/resolver.h"

namespace worker::program {

// "lambda-connector/0.1.0"
std::string user_agent();
// For AWS: "lambda-connector/0.1.0 app/ID" where the operator gave an application id.
std::string user_agent_of(const config::aws_settings& aws);

// `meter` counts repeated attempts and outlives the service.
connector::lambda::settings lambda_settings_of(const config::aws_settings& aws,
                                               const connector::aws::endpoint_choices& endpoints,
                                               admin::call_meter& meter);
secrets::tenant_mode tenant_mode_of(config::tenant_secrets from);
jobs::job_worker_settings worker_settings_of(const config::settings& from);

}  // namespace worker::program
