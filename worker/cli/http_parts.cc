#include "worker/cli/http_parts.h"

#include <algorithm>
#include <stdexcept>
#include <string>
#include <utility>

namespace worker::cli {

namespace http = connector::http;

http::proxy_environment proxy_of(const config::settings& settings) {
  const auto shown =
      std::find_if(settings.shown.begin(), settings.shown.end(),
                   [](const config::shown_setting& one) { return one.key == "aws.httpsProxy"; });
  const std::string variable = shown == settings.shown.end() ? "HTTPS_PROXY" : shown->source;
  auto read =
      http::read_proxy_environment(settings.aws.https_proxy, variable, settings.aws.no_proxy);
  if (!read) throw std::runtime_error(read.error().message);
  return *std::move(read);
}

http::client_settings client_settings_of(const config::settings& settings) {
  http::client_settings out;
  out.ca_bundle = settings.aws.ca_bundle;
  out.client_certificate = settings.aws.client_certificate;
  out.client_key = settings.aws.client_key;
  auto proxies = proxy_of(settings);
  if (proxies.by) {
    out.proxy_for = [from = std::move(proxies)](const http::destination& to) {
      return http::proxy_for(from, to);
    };
  }
  return out;
}

}  // namespace worker::cli
