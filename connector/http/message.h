// An HTTP request and response as plain values, and how an exchange can fail. No sockets here.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connector/base/ascii.h"
#include "connector/base/clock.h"
#include "connector/base/memory_permit.h"

namespace connector::http {

inline constexpr std::size_t max_host_length = 255;  // RFC 1035 2.3.4

// Where a request goes. The host is a name or a literal address (IPv6 without brackets).
struct destination {
  bool tls = true;
  std::string host;
  std::uint16_t port = 443;

  friend bool operator==(const destination&, const destination&) = default;
  friend auto operator<=>(const destination&, const destination&) = default;
};

// The value of the header Host, which is signed as well: the port only when it is not the usual
// one of the scheme, IPv6 literals in brackets.
std::string host_header(const destination& to);

using headers = std::vector<std::pair<std::string, std::string>>;

// Names of headers compare without case.
inline bool same_name(std::string_view a, std::string_view b) {
  return ascii::equal_without_case(a, b);
}

// The first value of that name; nothing when there is none.
std::optional<std::string_view> find_header(const headers& all, std::string_view name);

struct request {
  std::string method;
  destination to;
  std::string target;  // path and query, encoded as it goes on the wire
  headers fields;      // without Host, Content-Length and Connection: the client writes those
  std::string body;
  // The identity that calls, as an opaque name that is not a secret: requests of different
  // identities never share a connection or a TLS session. Empty: the worker itself.
  std::string identity{};
};

// Every step has its own limit; the smaller of it and `end` counts.
struct limits {
  std::chrono::milliseconds connect{2000};  // for each address
  std::chrono::milliseconds handshake{5000};
  std::chrono::milliseconds first_byte{std::chrono::minutes(16)};  // from the last byte sent
  // Once the answer has begun: without a byte, and the least average in bytes a second, which
  // counts after the same time. The wait of `first_byte` does not count here.
  std::chrono::milliseconds silence{60'000};
  std::size_t least_rate = 128;
  // Of the whole exchange. Left out: the sum of the steps, and a minute for the body.
  deadline end{};
  std::size_t header_bytes = 64 * 1024;
  std::size_t body_bytes = 8 * 1024 * 1024;
};

struct response {
  int status = 0;
  headers fields;
  std::string body;
  // False: it came before the whole request was out, and the rest was never sent.
  bool request_complete = true;
  memory_permit memory{};  // of a large body; kept as long as the body or its copies
};

// How much of the request the server can have received, as the failure proves it.
enum class request_progress {
  nothing_sent,  // no byte of the request can have reached the server: may be sent again
  incomplete,    // some of it may have, but never its last byte: nothing can have run
  sent,          // all of it may have reached the server
};

enum class failure_kind {
  resolve,          // the name has no address, or the resolver is away
  connect,          // no address took the connection in time
  address_refused,  // the destination has only addresses that it may not be reached at
  tls,              // handshake or certificate; the message names the reason
  write,            // the connection broke while the request went out
  read,             // it broke, or closed, before the answer was complete
  timeout,          // a limit of `limits` was over; the message says which
  malformed,        // the bytes are not an HTTP answer, or came before the request
  too_large,        // the body is over its limit
  header_limit,     // headers, trailers or the framing of a body are over theirs
  proxy,            // the proxy refused or answered nonsense
  cancelled,        // the caller gave up
  invalid_request,  // a control character, or a header that is not the caller's to set
};

struct failure {
  failure_kind kind = failure_kind::connect;
  request_progress progress = request_progress::nothing_sent;
  // For people: what happened, with which host; no header, no body.
  std::string message;
  // Status and headers of the answer, without its body, when they arrived before the failure. Null
  // when they did not, or when the bytes are no answer (malformed).
  std::shared_ptr<const response> head{};
};

}  // namespace connector::http
