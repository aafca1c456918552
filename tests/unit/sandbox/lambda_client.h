// A plain blocking client for tests of the embedded Lambda: sockets and OpenSSL, nothing of ours in
// between, every wait bounded. One thread.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace sandbox::test {

// How a stream ended.
enum class ending { open, closed, truncated, reset, timeout };

struct response {
  int status = 0;
  std::string head;
  std::string body;

  std::string header(std::string_view name) const;
};

class client {
 public:
  // Plain TCP. Check `connected()`.
  explicit client(std::uint16_t port);
  ~client();
  client(const client&) = delete;
  client& operator=(const client&) = delete;

  bool connected() const { return socket_ >= 0; }
  void set_timeout(std::chrono::milliseconds time);
  // TLS, verified against the authority for the host name; false when it failed (see `error`).
  bool secure(const std::string& ca_pem, const std::string& host = "localhost",
              SSL_SESSION* session = nullptr);
  const std::string& error() const { return error_; }
  SSL* native() const { return ssl_.get(); }

  bool write(std::string_view bytes);
  // Some bytes; empty when the stream ended (see `ended`).
  std::string read_some();
  // Until the end, or `most` bytes.
  std::string read_all(std::size_t most = 64 * 1024 * 1024);
  // One answer with a Content-Length; what follows stays for the next.
  std::optional<response> read_response();
  ending ended() const { return ended_; }

 private:
  int socket_ = -1;
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, SSL_CTX_free};
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, SSL_free};
  std::string error_;
  std::string buffer_;
  ending ended_ = ending::open;
};

using headers = std::vector<std::pair<std::string, std::string>>;

// A request and what it is signed with.
struct call {
  std::string method = "POST";
  std::string target = "/2015-03-31/functions/echo/invocations";
  std::string body;
  headers more;
  std::string host = "localhost";
  std::string key_id = "AKIDEXAMPLE";
  std::string secret = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
  std::string region = "us-east-1";
  std::chrono::system_clock::time_point at = std::chrono::system_clock::now();
};

// The bytes of a signed HTTP/1.1 request, with X-Amz-Content-Sha256.
std::string signed_bytes(const call& wanted);
call invoke_of(std::string function, std::string body = {}, headers more = {});

}  // namespace sandbox::test
