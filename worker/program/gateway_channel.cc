#include "worker/program/gateway_channel.h"

#include <stdexcept>
#include <string>
#include <utility>

#include "connector/http/proxy_environment.h"
#include "connector/http/trust_roots.h"

namespace worker::program {

namespace {

namespace http = connector::http;

std::string source_of(const config::settings& settings, std::string_view key) {
  const auto* shown = settings.find_shown(key);
  return shown == nullptr ? std::string(key) : shown->source;
}

http::proxy_environment proxy_of_gateway(const config::settings& settings) {
  const auto source = source_of(settings, "gateway.proxy");
  auto read = http::read_proxy_environment(settings.gateway.proxy, source, {});
  if (!read) throw std::runtime_error(read.error().message);
  if (read->by && read->by->tls) {
    throw std::runtime_error(source +
                             ": a proxy before the gateway is spoken to in plaintext: write "
                             "http://; what goes through it is TLS when the gateway's address is");
  }
  return *std::move(read);
}

}  // namespace

engine::channel_settings channel_settings_of(const config::settings& settings) {
  const auto& gateway = settings.gateway;
  engine::channel_settings out;
  out.address = gateway.target;
  out.tls = gateway.tls;
  out.ca_file = gateway.ca_file;
  out.authority_override = gateway.authority;
  out.client_certificate = gateway.client_certificate;
  out.client_key = gateway.client_key;
  out.keep_alive = gateway.keep_alive;
  if (auto proxy = proxy_of_gateway(settings).by) {
    out.proxy.address = http::name_of(*proxy);
    out.proxy.authorization = std::move(proxy->authorization);
  }
  if (!gateway.physical_tenant.empty()) {
    out.metadata.emplace_back("camunda-physical-tenant", gateway.physical_tenant);
  }
  if (out.tls && out.ca_file.empty()) {
    // The roots that the AWS side trusts too.
    const auto places = http::system_trust_roots();
    auto found = http::read_trust_roots(places);
    if (found.text.empty()) {
      throw std::runtime_error("the gateway is to be reached over TLS: " + found.issue +
                               "; or give its authority in CAMUNDA_CA_CERTIFICATE_PATH");
    }
    out.roots = std::move(found.text);
    out.roots_source = places.source;
  }
  return out;
}

std::string gateway_proxy_text(const config::settings& settings) {
  return http::describe(proxy_of_gateway(settings));
}

}  // namespace worker::program
