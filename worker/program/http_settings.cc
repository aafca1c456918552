#include "worker/program/http_settings.h"

#include <sys/resource.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace worker::program {

namespace http = connector::http;

http::proxy_environment proxy_of(const config::settings& settings) {
  const auto* shown = settings.find_shown("aws.httpsProxy");
  const std::string variable = shown == nullptr ? "HTTPS_PROXY" : shown->source;
  auto read =
      http::read_proxy_environment(settings.aws.https_proxy, variable, settings.aws.no_proxy);
  if (!read) throw std::runtime_error(read.error().message);
  return *std::move(read);
}

std::size_t max_connections(std::uint64_t descriptors, std::size_t slots) {
  // Slots have room to change their destination: connections of the one before lie idle for
  // seconds.
  const std::uint64_t most = std::max<std::uint64_t>(4096, 2 * std::uint64_t{slots});
  constexpr std::uint64_t least_reserve = 64;
  const std::uint64_t reserve = std::min(std::max(least_reserve, descriptors / 8), descriptors / 2);
  return static_cast<std::size_t>(std::clamp<std::uint64_t>(descriptors - reserve, 1, most));
}

std::string setting_named(const config::settings& settings, std::string_view key,
                          std::string_view otherwise) {
  return settings.is_set(key) ? settings.source_of(key) : std::string(otherwise);
}

http::client_settings client_settings_of(const config::settings& settings) {
  http::client_settings out;
  out.ca_bundle = settings.aws.ca_bundle;
  out.client_certificate = settings.aws.client_certificate;
  out.client_key = settings.aws.client_key;
  out.trust_setting = setting_named(settings, "aws.caBundle", "AWS_CA_BUNDLE");
  out.certificate_setting =
      setting_named(settings, "aws.clientCertificate", "LAMBDA_CONNECTOR_CLIENT_CERTIFICATE");
  out.key_setting = setting_named(settings, "aws.clientKey", "LAMBDA_CONNECTOR_CLIENT_KEY");
  rlimit files{};
  const auto slots = static_cast<std::size_t>(settings.jobs.max_active);
  if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
    out.connections = max_connections(files.rlim_cur, slots);
  }
  out.idle = std::max<std::size_t>(1, out.connections / 2);
  // Every slot may call the same function.
  out.connections_per_destination = std::max(out.connections_per_destination, slots);
  out.idle_per_destination = std::max(out.idle_per_destination, slots);
  auto proxies = proxy_of(settings);
  if (proxies.by) {
    out.proxy_for = [from = std::move(proxies)](const http::destination& to) {
      return http::proxy_for(from, to);
    };
  }
  return out;
}

}  // namespace worker::program
