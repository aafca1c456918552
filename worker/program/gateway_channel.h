// From settings to the settings of the gateway's channel: address, trusted roots, the worker's own
// certificate, proxy, metadata. A function of settings and files; once at start.
#pragma once

#include "worker/config/settings.h"
#include "worker/engine/channel_settings.h"

namespace worker::program {

// Without a user agent. Throws std::runtime_error when the proxy is not valid (with the variable's
// name and never its value), or when TLS has no roots.
engine::channel_settings channel_settings_of(const config::settings& settings);

// "proxy.example:3128 (grpc_proxy)", without user name and password; empty: there is no proxy.
// Throws as above.
std::string gateway_proxy_text(const config::settings& settings);

}  // namespace worker::program
