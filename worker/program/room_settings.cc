#include "worker/program/room_settings.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/aws/endpoint.h"
#include "worker/config/job_lists.h"
#include "worker/config/sdk_settings.h"
#include "worker/program/version.h"

namespace worker::program {

std::string user_agent() {
  auto text = version_text();
  for (char& c : text) c = c == ' ' ? '/' : c;
  return text;
}

std::string user_agent_of(const config::aws_settings& aws) {
  const auto id = config::sent_app_id(aws.app_id);
  return id.empty() ? user_agent() : fmt::format("{} app/{}", user_agent(), id);
}

connector::lambda::settings lambda_settings_of(const config::aws_settings& aws,
                                               const connector::aws::endpoint_choices& endpoints,
                                               admin::call_meter& meter) {
  connector::lambda::settings out;
  out.repeated = [&meter](connector::error_code why) { meter.repeated(why); };
  out.region = aws.region;
  out.log_tail = aws.log_tail;
  out.response_limit = aws.max_response_bytes;
  out.answer_silence = aws.answer_silence;
  out.list_bytes = aws.max_list_bytes;
  out.user_agent = user_agent_of(aws);
  out.retries.attempts =
      std::min(config::most_attempts, aws.max_attempts.value_or(config::most_attempts));
  out.endpoint_of = [endpoints](std::string_view region) {
    return connector::aws::service_endpoint("lambda", region, endpoints);
  };
  return out;
}

secrets::tenant_mode tenant_mode_of(config::tenant_secrets from) {
  switch (from) {
    case config::tenant_secrets::first:
      return secrets::tenant_mode::first;
    case config::tenant_secrets::only:
      return secrets::tenant_mode::only;
    case config::tenant_secrets::off:
      return secrets::tenant_mode::off;
  }
  return secrets::tenant_mode::only;
}

jobs::job_worker_settings worker_settings_of(const config::settings& from) {
  jobs::job_worker_settings out;
  for (const auto& served : from.jobs.types) {
    jobs::job_type type;
    type.name = served.job_type;
    type.operation = &connector::spec_of(served.operation);
    type.default_headers = config::default_headers_of(from.jobs, served.job_type);
    const auto most = from.jobs.max_active_of_type.find(served.job_type);
    if (most != from.jobs.max_active_of_type.end()) {
      type.max_slots = static_cast<std::size_t>(most->second);
    }
    type.lease = config::lease_of(from.jobs, served.job_type);
    out.types.push_back(std::move(type));
  }
  out.slots = static_cast<std::size_t>(from.jobs.max_active);
  out.byte_budget = from.jobs.byte_budget;
  out.activation_timeout = from.jobs.activation_timeout;
  out.worker_name = from.jobs.worker_name;
  out.stream = from.jobs.stream;
  out.stream_silence = from.jobs.stream_silence;
  out.poll_timeout = from.jobs.poll_timeout;
  out.tenant_ids = from.jobs.tenant_ids;
  out.physical_tenant = from.gateway.physical_tenant;
  out.policies = policy::policy_rules(from.policy.all());
  out.drain_time = from.jobs.drain_time;
  out.log_successes = from.log.successes;
  out.timed_functions = from.admin.timed_functions;
  out.commands.command_limit = from.gateway.request_timeout;
  out.commands.hold_time = from.jobs.hold_time;
  out.commands.engine_message_size = from.jobs.engine_message_size;
  return out;
}

}  // namespace worker::program
