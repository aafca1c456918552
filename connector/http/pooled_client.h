// The client of this room: keep-alive connections over TCP and TLS, pooled by destination and
// identity. The loop outlives it. It is destroyed after the last send has returned, and closes idle
// connections then. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/address.hpp>
#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connector/http/client.h"
#include "connector/http/proxy.h"
#include "connector/http/resolver.h"
#include "connector/http/tls_material.h"

namespace connector {
class memory_budget;
}

namespace connector::http {

struct client_settings {
  std::string ca_bundle;           // PEM file of trusted roots; empty: the system's
  std::string client_certificate;  // PEM file with chain, for servers that ask; empty: none
  std::string client_key;          // PEM file; empty: the key is in the file above
  std::string trust_setting = "AWS_CA_BUNDLE";  // sets `ca_bundle`; messages name it
  std::string certificate_setting;              // the same of the other two; empty: unknown
  std::string key_setting;

  // Certificates in memory, for files that change; counts before the three files. May be null.
  tls_material_source material{};

  // For each destination and identity; the second one for all of them together.
  std::size_t connections_per_destination = 1024;
  std::size_t connections = 4096;
  std::size_t idle_per_destination = 1024;
  // Idle ones of all destinations; with more, the one idle for longest is closed.
  std::size_t idle = 2048;
  // Connections being opened at the same time, for each destination.
  std::size_t parallel_handshakes = 8;

  // A connection that was idle for this time is closed, so that we close before the server does: a
  // request that crosses the server's close on the wire may or may not have run. Load balancers
  // keep idle connections for 60 s, but Node's HTTP server, and so the local stand-ins for Lambda,
  // only for 5 s. A handshake after a pause of 4 s costs little, and less when it is resumed. A
  // server that announces a shorter time (Keep-Alive: timeout=N) is believed.
  std::chrono::milliseconds idle_close{4000};

  // The memory that responses over 64 KiB share; null: they are not limited together.
  std::shared_ptr<memory_budget> response_budget;

  // The three below may be null; see connect_context and resolver.
  std::function<std::optional<proxy>(const destination&)> proxy_for;
  std::function<bool(const destination&, const boost::asio::ip::address&)> may_connect;
  look_up names;  // null: the system's
};

// Throws std::runtime_error that names a file which cannot be used (CA bundle, certificate, key),
// and its setting.
std::unique_ptr<client> make_client(const boost::asio::any_io_executor& loop,
                                    client_settings settings);

// Takes the files that cannot be used out of `settings`, for a program that goes on without them.
// Returns what make_client would have thrown for each.
std::vector<std::string> take_out_unusable_files(client_settings& settings);

}  // namespace connector::http
