#include "worker/program/endpoint_settings.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace worker::program {

namespace aws = connector::aws;

namespace {

aws::endpoint parsed(const std::string& url, const std::string& variable) {
  auto endpoint = aws::parse_endpoint(url);
  if (!endpoint) throw std::runtime_error(variable + ": " + endpoint.error().message);
  return *std::move(endpoint);
}

}  // namespace

aws::endpoint_choices endpoint_choices_of(const config::aws_settings& aws) {
  aws::endpoint_choices out;
  out.fips = aws.fips.value_or(false);
  out.dual_stack = aws.dual_stack.value_or(false);
  out.legacy_sts = aws.legacy_sts.value_or(false);
  const auto own = [&](const std::string& url, std::string_view service) {
    if (url.empty() || aws.ignore_endpoints) return;
    out.of_service.emplace(service, parsed(url, aws::endpoint_variable(service)));
  };
  own(aws.lambda_endpoint, "lambda");
  own(aws.sts_endpoint, "sts");
  own(aws.roles_anywhere_endpoint, "rolesanywhere");
  own(aws.secrets_manager_endpoint, "secretsmanager");
  if (!aws.endpoint.empty() && !aws.ignore_endpoints) {
    out.of_all = parsed(aws.endpoint, "AWS_ENDPOINT_URL");
  }
  if (const auto wrong = aws::contradiction(out)) throw std::runtime_error(*wrong);
  return out;
}

connector::http::address_check address_check_of(const aws::endpoint_choices& endpoints,
                                                const config::policy_settings& policy) {
  std::vector<connector::guarded_host> written_out;
  for (const auto& rule : policy.all()) {
    if (!rule.hosts) continue;
    auto hosts = rule.hosts->exact_hosts();
    std::move(hosts.begin(), hosts.end(), std::back_inserter(written_out));
  }
  auto listed = [hosts = std::move(written_out)](const connector::http::destination& to) {
    return std::any_of(hosts.begin(), hosts.end(), [&](const auto& one) {
      return one.host == to.host && one.tls == to.tls && (one.port == 0 || one.port == to.port);
    });
  };
  return connector::http::guard_job_data(aws::may_be_private(endpoints, std::move(listed)));
}

}  // namespace worker::program
