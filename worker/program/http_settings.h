// From settings to the settings of the HTTP client: trusted roots, the worker's own certificate and
// the forward proxy. Functions of settings; once at start.
#pragma once

#include <string>
#include <string_view>

#include "connector/http/pooled_client.h"
#include "connector/http/proxy_environment.h"
#include "worker/config/settings.h"

namespace worker::program {

// Throws std::runtime_error, with the variable's name and never its value, when the proxy is not
// valid.
connector::http::proxy_environment proxy_of(const config::settings& settings);

// The bound of the client's connections for a process with so many file descriptors and slots. Some
// descriptors are reserved for the gateway, secrets, credential processes and probes.
std::size_t max_connections(std::uint64_t descriptors, std::size_t slots);

// The variable, flag or key of the file that set it, for messages; `otherwise` when nothing did.
std::string setting_named(const config::settings& settings, std::string_view key,
                          std::string_view otherwise);

// The client's defaults with the settings applied. Throws as proxy_of.
connector::http::client_settings client_settings_of(const config::settings& settings);

}  // namespace worker::program
