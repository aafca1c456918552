// A small HTTP server for stand-ins of AWS services on the loopback: one thread for each
// connection, blocking calls, a handler that turns a request into an answer, and the ways in which
// an answer can go wrong. The destructor ends all connections and joins the threads. What the
// handler uses outlives the server. Public members may be called from any thread.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sandbox {

struct stand_in_request {
  std::string method;
  std::string target;  // as it was sent
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
  std::string client;  // the common name of the certificate that the client showed; empty: none

  // Of the first header of that name, compared without case; empty when there is none.
  [[nodiscard]] std::string_view header(std::string_view name) const;
};

struct stand_in_answer {
  int status = 200;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;

  std::chrono::milliseconds delay{0};  // before the first byte
  bool hang = false;                   // nothing is ever sent
  bool close = false;                  // the connection ends without an answer
  std::size_t filler = 0;              // so many bytes instead of `body`, made while they are sent
  std::string raw;                     // these bytes instead of an answer, then the end
};

// A server that speaks TLS. All PEM.
struct stand_in_tls {
  std::string chain;
  std::string key;
  std::string client_roots;  // a certificate below one of them is wanted; empty: none is asked for
};

class http_stand_in {
 public:
  using handler = std::function<stand_in_answer(const stand_in_request&)>;

  // The handler is called by one thread at a time. Throws std::runtime_error when it cannot listen.
  explicit http_stand_in(handler answer, bool ipv6 = false, std::uint16_t port = 0,
                         std::optional<stand_in_tls> tls = {});
  ~http_stand_in();
  http_stand_in(const http_stand_in&) = delete;
  http_stand_in& operator=(const http_stand_in&) = delete;

  [[nodiscard]] std::uint16_t port() const;
  [[nodiscard]] std::string host() const;  // "127.0.0.1" or "::1"
  [[nodiscard]] std::string url() const;   // "http://127.0.0.1:1234", "https://[::1]:1234"

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace sandbox
