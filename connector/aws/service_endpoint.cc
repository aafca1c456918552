#include "connector/aws/service_endpoint.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "connector/base/regions.h"

namespace connector::aws {

namespace {

constexpr std::array<std::string_view, 4> services = {"lambda", "sts", "rolesanywhere",
                                                      "secretsmanager"};

// The regions of the time when STS had one endpoint for all; the list is closed.
constexpr std::array<std::string_view, 16> legacy_sts_regions = {
    "ap-northeast-1", "ap-south-1",   "ap-southeast-1", "ap-southeast-2",
    "aws-global",     "ca-central-1", "eu-central-1",   "eu-north-1",
    "eu-west-1",      "eu-west-2",    "eu-west-3",      "sa-east-1",
    "us-east-1",      "us-east-2",    "us-west-1",      "us-west-2"};

bool is_legacy(std::string_view region) {
  return std::find(legacy_sts_regions.begin(), legacy_sts_regions.end(), region) !=
         legacy_sts_regions.end();
}

endpoint global_sts() {
  endpoint found;
  found.to.host = "sts.amazonaws.com";
  found.signing_region = "us-east-1";
  return found;
}

// In the partition for the government of the USA every STS endpoint is a FIPS one, under its plain
// name.
bool has_fips_name(std::string_view service, std::string_view region, bool dual_stack) {
  return service != "sts" || dual_stack || partition_of(region) != "aws-us-gov";
}

}  // namespace

const endpoint* configured_endpoint(const endpoint_choices& how, std::string_view service) {
  const auto own = how.of_service.find(service);
  if (own != how.of_service.end()) return &own->second;
  return how.of_all ? &*how.of_all : nullptr;
}

result<endpoint> service_endpoint(std::string_view service, std::string_view region,
                                  const endpoint_choices& how) {
  auto made = regional_endpoint(service, region);
  if (!made) return made;
  if (const auto* own = configured_endpoint(how, service)) return *own;
  if (service == "sts" && !how.fips && !how.dual_stack &&
      (region == "aws-global" || (how.legacy_sts && is_legacy(region)))) {
    return global_sts();
  }
  const bool fips = how.fips && has_fips_name(service, region, how.dual_stack);
  made->to.host = fmt::format("{}{}.{}.{}", service, fips ? "-fips" : "", region,
                              how.dual_stack ? dual_stack_suffix(region) : dns_suffix(region));
  return made;
}

std::optional<std::string> contradiction(const endpoint_choices& how) {
  const bool own = how.of_all.has_value() || !how.of_service.empty();
  if (!own || (!how.fips && !how.dual_stack)) return std::nullopt;
  return fmt::format(
      "an endpoint of your own (AWS_ENDPOINT_URL...) and {} exclude each other: keep one of them",
      how.fips ? "AWS_USE_FIPS_ENDPOINT=true" : "AWS_USE_DUALSTACK_ENDPOINT=true");
}

bool is_regional_host(std::string_view host) {
  if (host == global_sts().to.host) return true;
  const auto first = host.find('.');
  const auto second = first == std::string_view::npos ? first : host.find('.', first + 1);
  if (second == std::string_view::npos) return false;
  auto service = host.substr(0, first);
  if (service.ends_with("-fips")) service.remove_suffix(5);
  const auto region = host.substr(first + 1, second - first - 1);
  const auto suffix = host.substr(second + 1);
  return std::find(services.begin(), services.end(), service) != services.end() &&
         is_region(region) && (suffix == dns_suffix(region) || suffix == dual_stack_suffix(region));
}

std::function<bool(const http::destination&)> may_be_private(
    const endpoint_choices& how, std::function<bool(const http::destination&)> more) {
  std::vector<http::destination> own;
  for (const auto& [service, where] : how.of_service) own.push_back(where.to);
  if (how.of_all) own.push_back(how.of_all->to);
  return [own = std::move(own), more = std::move(more)](const http::destination& to) {
    if (to.tls && to.port == 443 && is_regional_host(to.host)) return true;
    return std::find(own.begin(), own.end(), to) != own.end() || (more != nullptr && more(to));
  };
}

std::string endpoint_variable(std::string_view service) {
  // The one of our services whose name in hosts has no blank where its identifier has one.
  if (service == "secretsmanager") return "AWS_ENDPOINT_URL_SECRETS_MANAGER";
  // The one whose own name has two words.
  if (service == "secretsmanager") return "AWS_ENDPOINT_URL_SECRETS_MANAGER";
  std::string name = "AWS_ENDPOINT_URL_";
  for (const char c : service) {
    name += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  }
  return name;
}

}  // namespace connector::aws
