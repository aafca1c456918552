#include "worker/config/setting_stores.h"

#include <algorithm>
#include <memory>

#include "connector/base/ascii.h"
#include "worker/config/address.h"
#include "worker/config/aws_names.h"
#include "worker/config/function_limits.h"
#include "worker/config/job_lists.h"
#include "worker/config/policy_settings.h"
#include "worker/config/saas.h"

namespace worker::config {

requirement address_to(settings& all, parsed_value& value) {
  auto parsed = parse_gateway_address(value.text, all.gateway.insecure);
  if (const auto* allowed = std::get_if<std::string>(&parsed)) return *allowed;
  const auto& address = std::get<gateway_address>(parsed);
  all.gateway.address = std::move(value.text);
  all.gateway.target = address.target;
  all.gateway.tls = address.tls;
  all.gateway.tls_by_default = address.tls && !address.has_scheme;
  return std::nullopt;
}

requirement cluster_id_to(settings& all, parsed_value& value) {
  if (auto wrong = saas_label_requirement(value.text, "12345678-1234-1234-1234-123456789012")) {
    return wrong;
  }
  all.gateway.cluster_id = std::move(value.text);
  return std::nullopt;
}

requirement cluster_region_to(settings& all, parsed_value& value) {
  if (auto wrong = saas_label_requirement(value.text, saas_region)) return wrong;
  all.gateway.cluster_region = std::move(value.text);
  return std::nullopt;
}

requirement physical_tenant_to(settings& all, parsed_value& value) {
  const auto good = [](char c) { return (c >= 'a' && c <= 'z') || connector::ascii::is_digit(c); };
  if (!std::all_of(value.text.begin(), value.text.end(), good)) {
    return "the id of a physical tenant: small letters and digits";
  }
  all.gateway.physical_tenant = std::move(value.text);
  return std::nullopt;
}

requirement region_to(settings& all, parsed_value& value) {
  if (auto wrong = region_requirement(value.text)) return wrong;
  all.aws.region = std::move(value.text);
  return std::nullopt;
}

requirement profile_to(settings& all, parsed_value& value) {
  all.jobs.profile = value.text == "own" ? std::string() : std::move(value.text);
  return std::nullopt;
}

requirement types_to(settings& all, parsed_value& value) {
  return read_served_types(value.items, all.jobs.types);
}

requirement headers_to(settings& all, parsed_value& value) {
  if (auto wrong = read_default_headers(value.items, all.jobs.default_headers)) return wrong;
  for (const auto& header : all.jobs.default_headers) {
    const auto served = [&](const served_type& each) { return each.job_type == header.job_type; };
    if (header.job_type.empty() || all.jobs.types.empty()) continue;
    if (std::none_of(all.jobs.types.begin(), all.jobs.types.end(), served)) {
      return "job types that are served (jobs.types); '" + header.job_type + "' is not";
    }
  }
  return std::nullopt;
}

requirement active_of_type_to(settings& all, parsed_value& value) {
  return read_active_of_type(value.items, all.jobs.types, all.jobs.max_active_of_type);
}

requirement leases_to(settings& all, parsed_value& value) {
  return read_leases(value.items, all.jobs);
}

requirement sources_to(settings& all, parsed_value& value) {
  for (const auto& item : value.items) {
    const bool known = item == "files" || item == "environment" || item == "aws";
    const auto& order = all.secrets.order;
    if (!known || std::find(order.begin(), order.end(), item) != order.end()) {
      return "files, environment and aws, each once at most; '" + item.substr(0, 40) + "' is wrong";
    }
    all.secrets.order.push_back(item);
  }
  return std::nullopt;
}

requirement prefix_to(settings& all, parsed_value& value) {
  const auto good = [](char c) { return connector::ascii::is_letter_or_digit(c) || c == '_'; };
  if (!std::all_of(value.text.begin(), value.text.end(), good)) {
    return "the start of variable names: letters, digits and _";
  }
  all.secrets.environment_prefix = std::move(value.text);
  return std::nullopt;
}

requirement data_to(settings& all, parsed_value& value) {
  all.secrets.in_data_any = value.text == "any";
  return std::nullopt;
}

requirement tenants_to(settings& all, parsed_value& value) {
  all.secrets.of_tenants = value.text == "only"  ? tenant_secrets::only
                           : value.text == "off" ? tenant_secrets::off
                                                 : tenant_secrets::first;
  return std::nullopt;
}

requirement level_to(settings& all, parsed_value& value) {
  using connector::log::level;
  all.log.least = value.text == "debug"   ? level::debug
                  : value.text == "info"  ? level::info
                  : value.text == "error" ? level::error
                  : value.text == "off"   ? level::off
                                          : level::warning;
  return std::nullopt;
}

requirement format_to(settings& all, parsed_value& value) {
  using connector::log::format;
  all.log.how = value.text == "text" ? format::text : format::json;
  return std::nullopt;
}

requirement sts_style_to(settings& all, parsed_value& value) {
  all.aws.legacy_sts = value.text == "legacy";
  return std::nullopt;
}

requirement login_method_to(settings& all, parsed_value& value) {
  all.login.wanted = value.text == "none"    ? login_method::none
                     : value.text == "basic" ? login_method::basic
                                             : login_method::oauth;
  return std::nullopt;
}

requirement role_arn_to(settings& all, parsed_value& value) {
  if (!value.text.empty() && !is_arn_of(value.text, "iam", "role/")) {
    return "the ARN of a role, such as arn:aws:iam::123456789012:role/name";
  }
  all.aws.role.role_arn = std::move(value.text);
  return std::nullopt;
}

requirement role_external_id_to(settings& all, parsed_value& value) {
  all.aws.role.external_id = std::move(value.text);
  return std::nullopt;
}

requirement role_session_name_to(settings& all, parsed_value& value) {
  all.aws.role.session_name = std::move(value.text);
  return std::nullopt;
}

requirement role_duration_to(settings& all, parsed_value& value) {
  all.aws.role.duration = std::chrono::duration_cast<std::chrono::seconds>(value.duration);
  return std::nullopt;
}

requirement config_file_to(settings& all, parsed_value& value) {
  all.config_file = std::move(value.text);
  return std::nullopt;
}

template <connector::allow_list::about topic, auto member>
requirement allowed_to(settings& all, parsed_value& value, std::string_view called) {
  auto made = connector::allow_list::make(topic, std::string(called), value.items);
  if (auto* wrong = std::get_if<std::string>(&made)) return std::move(*wrong);
  all.policy.everywhere.*member = std::make_shared<const connector::allow_list>(
      std::get<connector::allow_list>(std::move(made)));
  return std::nullopt;
}

using list_about = connector::allow_list::about;
using rule = policy::rule;

requirement functions_to(settings& all, parsed_value& value) {
  return allowed_to<list_about::functions, &rule::functions>(all, value, "ALLOWED_FUNCTIONS");
}
requirement hosts_to(settings& all, parsed_value& value) {
  return allowed_to<list_about::hosts, &rule::hosts>(all, value, "ALLOWED_HOSTS");
}
requirement roles_to(settings& all, parsed_value& value) {
  return allowed_to<list_about::roles, &rule::roles>(all, value, "ALLOWED_ROLE_ARNS");
}
requirement profiles_to(settings& all, parsed_value& value) {
  return allowed_to<list_about::names, &rule::profiles>(all, value, "ALLOWED_PROFILES");
}
requirement secret_names_to(settings& all, parsed_value& value) {
  return allowed_to<list_about::names, &rule::secrets>(all, value, "ALLOWED_SECRETS");
}
requirement references_to(settings& all, parsed_value& value) {
  all.policy.everywhere.require_secret_references =
      find_reference_rule(value.text).value_or(policy::reference_rule::always);
  return std::nullopt;
}

requirement limits_to(settings& all, parsed_value& value) {
  return read_function_limits(value.items, all.limits);
}

requirement listen_to(settings& all, parsed_value& value) {
  auto parsed = parse_listen_address(value.text);
  if (!parsed) return "PORT, ADDRESS:PORT such as 127.0.0.1:8080 or [::1]:8080, or off";
  all.admin.listen = std::move(*parsed);
  return std::nullopt;
}

requirement attempts_to(settings& all, parsed_value& value) {
  all.aws.max_attempts = static_cast<int>(value.number);
  return std::nullopt;
}

requirement active_to(settings& all, parsed_value& value) {
  all.jobs.max_active = static_cast<int>(value.number);
  return std::nullopt;
}

requirement not_stored(settings& /*all*/, parsed_value& /*value*/) { return std::nullopt; }

}  // namespace worker::config
