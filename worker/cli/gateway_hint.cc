#include "worker/cli/gateway_hint.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace worker::cli {

namespace {

// The words are gRPC's and OpenSSL's.
bool says_one_of(const engine::status& answer, std::initializer_list<std::string_view> words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view one) {
    return answer.message.find(one) != std::string::npos;
  });
}

constexpr const char* plaintext =
    "The gateway speaks plaintext. Use http:// in CAMUNDA_GRPC_ADDRESS, or set "
    "CAMUNDA_INSECURE_CONNECTION=true for an address without scheme.";

}  // namespace

std::string gateway_hint(const config::gateway_settings& gateway, const engine::status& answer) {
  if (says_one_of(answer, {"the gateway's certificate", "the answer cannot be read"})) return {};
  if (engine::is_from_proxy(answer) ||
      says_one_of(answer, {"http1.x server", "Bad GRPC frame type"})) {
    return "A web server or a proxy answers at CAMUNDA_GRPC_ADDRESS. Give the gateway's gRPC port "
           "(26500 by default), or look at the proxy's routes; if the port is one of TLS, use "
           "https://.";
  }
  if (says_one_of(answer, {"HTTP proxy returned response code"})) {
    return "The proxy before the gateway refused the tunnel: look at "
           "LAMBDA_CONNECTOR_GATEWAY_PROXY "
           "(gateway.proxy), its login, and the ports that the proxy allows.";
  }
  if (gateway.tls) {
    if (says_one_of(answer, {"wrong version number", "WRONG_VERSION_NUMBER", "http request",
                             "packet length too long"})) {
      return plaintext;
    }
    if (says_one_of(answer, {"missing selected ALPN"})) {
      return "The other end speaks TLS, but no HTTP/2 over it. Give the gateway's gRPC port in "
             "CAMUNDA_GRPC_ADDRESS, or let the proxy before it speak HTTP/2 (ALPN h2).";
    }
    const bool cut = says_one_of(answer, {"Socket closed", "Connection reset"});
    if ((cut && !gateway.tls_by_default) ||
        says_one_of(answer, {"certificate required", "alert bad certificate",
                             "alert certificate expired", "alert unknown ca"})) {
      return gateway.client_certificate.empty()
                 ? "The gateway ended the connection after the TLS handshake. If it asks for a "
                   "client "
                   "certificate, give one: CAMUNDA_MTLS_CERT_PATH and CAMUNDA_MTLS_KEY_PATH."
                 : "The gateway ended the connection after the TLS handshake. It may not accept "
                   "the "
                   "client certificate of CAMUNDA_MTLS_CERT_PATH: look at its end date and at the "
                   "authorities that the gateway trusts for clients.";
    }
    if (gateway.tls_by_default && answer.code == engine::status_code::unavailable) {
      return "An address without scheme means TLS. If the gateway speaks plaintext, use http:// in "
             "CAMUNDA_GRPC_ADDRESS or set CAMUNDA_INSECURE_CONNECTION=true.";
    }
  }
  if (!gateway.tls && says_one_of(answer, {"Socket closed", "Connection reset", "GOAWAY",
                                           "Expected SETTINGS frame"})) {
    return "The gateway closes plaintext connections; if it speaks TLS, use https:// in "
           "CAMUNDA_GRPC_ADDRESS.";
  }
  return {};
}

}  // namespace worker::cli
