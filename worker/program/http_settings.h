// From settings to what the HTTP client is told about the way to AWS: trusted roots, the worker's
// own certificate, and the forward proxy. Functions of settings; once at start.
#pragma once

#include "connector/http/beast_client.h"
#include "connector/http/proxy_environment.h"
#include "worker/config/settings.h"

namespace worker::program {

// Throws std::runtime_error that names the variable, never its value, when the proxy makes no
// sense.
connector::http::proxy_environment proxy_of(const config::settings& settings);

// How many connections the client may have when the process may have so many descriptors: some are
// left to the gateway, the secrets, credential processes and probes.
std::size_t max_connections(std::uint64_t descriptors);

// What comes from the settings; the rest is as the client has it by default. Throws as proxy_of.
connector::http::client_settings client_settings_of(const config::settings& settings);

}  // namespace worker::program
