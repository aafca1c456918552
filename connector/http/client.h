// The door of this room: sends a request and gives its answer. Many sends may be under way at once;
// the client outlives each of them. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/system/result.hpp>
#include <cstdint>
#include <stdexcept>

#include "connector/http/message.h"

namespace connector::http {

template <class T>
using result = boost::system::result<T, failure>;

// result<T>::value() calls it for a failure; a bug in our code.
[[noreturn]] inline void throw_exception_from_error(const failure& e,
                                                    const boost::source_location&) {
  throw std::logic_error("value of a failed exchange: " + e.message);
}

// Counted since start, for metrics and tests.
struct counters {
  std::uint64_t requests = 0;
  std::uint64_t connections_opened = 0;
  std::uint64_t connections_failed = 0;
  std::uint64_t tls_handshakes = 0;  // with servers; the shortened ones included
  std::uint64_t tls_resumed = 0;     // the shortened ones
  std::uint64_t reused = 0;          // requests that found an open connection
  std::uint64_t found_dead = 0;      // kept connections that the server had closed or spoilt
  std::uint64_t given_up = 0;        // servers of which no connection is kept any more
  std::uint64_t open = 0;            // connections now open, in use or idle
};

class client {
 public:
  client() = default;
  client(const client&) = delete;
  client& operator=(const client&) = delete;
  virtual ~client() = default;

  // Sends once, never again by itself, except that a kept connection that turns out to be of no use
  // before the request is complete is replaced by another one. Cancelling the coroutine closes the
  // connection and returns `cancelled`. Redirects are returned, not followed.
  virtual boost::asio::awaitable<result<response>> send(http::request request, limits bounds) = 0;

  // Closes idle connections. Otherwise io_context::run() does not return until they time out.
  virtual void close_idle() {}

  [[nodiscard]] virtual counters count() const = 0;
};

}  // namespace connector::http
