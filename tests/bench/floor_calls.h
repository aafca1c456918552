// The HTTPS half of the floor: one keep-alive TLS connection for each POST in flight, OpenSSL
// straight on non-blocking sockets, one epoll. One thread. Failures throw: the floor has no bad
// days.
#pragma once

#include <openssl/ssl.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace bench {

class floor_calls {
 public:
  // Called with the token of the POST and the body of its answer, valid during the call.
  using on_answer = std::function<void(std::int64_t token, std::string_view body)>;

  floor_calls(std::uint16_t port, const std::string& ca_file, on_answer answered);
  ~floor_calls();
  floor_calls(const floor_calls&) = delete;
  floor_calls& operator=(const floor_calls&) = delete;

  // On the connection that came free last, or a new one.
  void post(std::int64_t token, std::string_view body);
  // Waits for answers; returns after some, or when `other` (a file descriptor) is readable.
  void wait();
  // Besides answers, wait() returns for this one.
  void watch(int other);

 private:
  struct connection;

  connection& open();
  void write(connection& on);
  void read(connection& on);
  // True when the whole answer is there; then it was given away.
  bool take_answer(connection& on);

  const std::uint16_t port_;
  const on_answer answered_;
  const std::string head_;  // up to the value of Content-Length
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> tls_;
  int epoll_ = -1;
  std::vector<std::unique_ptr<connection>> connections_;
  std::vector<connection*> idle_;
};

}  // namespace bench
