// The least of HTTP/2 that makes a client talk: frames in, frames out, for what no gRPC server
// would send. Runs inside a script of script_server.h.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>

#include "tests/unit/connector/http/script_server.h"

namespace worker::engine {

struct http2_frame {
  std::uint8_t type = 0;
  std::uint8_t flags = 0;
  std::uint32_t stream = 0;
  std::string payload;
};

namespace http2 {
inline constexpr std::uint8_t data = 0;
inline constexpr std::uint8_t headers = 1;
inline constexpr std::uint8_t settings = 4;
inline constexpr std::uint8_t ping = 6;
inline constexpr std::uint8_t continuation = 9;
inline constexpr std::uint8_t end_stream = 1;  // of DATA and HEADERS
inline constexpr std::uint8_t ack = 1;         // of SETTINGS and PING
inline constexpr std::uint8_t end_headers = 4;
}  // namespace http2

std::string bytes_of(const http2_frame& frame);

// Takes the client's preface, answers its settings and pings, and shows every request's HEADERS to
// `on_request` until the client is gone.
void serve_http2(script::peer& client,
                 const std::function<void(script::peer&, std::uint32_t stream)>& on_request);

// An answer of gRPC with the status OK; `data`, which may be anything, is where messages stand.
void answer_ok(script::peer& client, std::uint32_t stream, const std::string& data);

// What a proxy without a backend says: ":status: 404" and nothing else.
void answer_404(script::peer& client, std::uint32_t stream);

}  // namespace worker::engine
