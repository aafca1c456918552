// An AWS Lambda that runs inside the test process: HTTPS on 127.0.0.1, every request's SigV4
// signature verified, functions in C++, and every way a wire can go wrong. README.md lists the
// built-in functions. The object owns its threads; its destructor closes every connection and
// joins them. All public members may be called from any thread. Start-up failures throw.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tests/sandbox/lambda/access_key.h"
#include "tests/sandbox/lambda/account.h"
#include "tests/sandbox/lambda/certificates.h"
#include "tests/sandbox/lambda/durable.h"
#include "tests/sandbox/lambda/function.h"

namespace sandbox {

// When the server ends a connection that is kept alive.
struct keep_alive {
  std::size_t max_requests = 0;            // after so many answers; 0: no bound
  std::chrono::milliseconds idle_time{0};  // after so long without a request; 0: no bound
  bool announce = false;                   // say `Connection: close` on the last answer
};

struct lambda_options {
  std::uint16_t port = 0;                   // HTTPS; 0: any free one
  bool tls = true;                          // false: the port speaks plain HTTP
  std::optional<std::uint16_t> plain_port;  // a second, plain HTTP listener; 0: any free one
  int threads = 1;
  bool tls12_only = false;  // else TLS 1.2 and 1.3
  bool tls13_only = false;

  std::string region = "us-east-1";
  std::string account_id = "123456789012";
  std::vector<access_key> keys = {access_key{}};
  bool verify_signatures = true;
  // Our client signs X-Amz-Content-Sha256 on every call. False: take requests without it (SDKs).
  bool require_content_sha256 = true;
  std::chrono::seconds clock_offset{0};  // the server's clock minus the true one

  std::shared_ptr<const certificate_authority> authority;  // empty: a new one
  certificate_kind certificate = certificate_kind::good;
  std::filesystem::path ca_file;  // the root is written here as PEM; empty: nowhere

  bool record = true;      // keep every call (account().invocations())
  bool count_jobs = true;  // keep a tally for each job key
  keep_alive connections;
};

class lambda {
 public:
  explicit lambda(lambda_options options = {});
  ~lambda();
  lambda(const lambda&) = delete;
  lambda& operator=(const lambda&) = delete;

  std::uint16_t port() const;
  std::uint16_t plain_port() const;    // 0: there is none
  std::string endpoint() const;        // "https://localhost:<port>" (http:// without TLS)
  std::string plain_endpoint() const;  // "http://localhost:<plain_port>"; empty: none
  const certificate_authority& authority() const;
  std::string ca_pem() const;

  // Functions. A name registered again is replaced.
  void register_function(std::string name, function body, function_options options = {});
  void remove_function(const std::string& name);
  bool has_function(const std::string& name) const;

  // Keys and clock, as they change under a running client.
  void set_keys(std::vector<access_key> keys);
  void set_clock_offset(std::chrono::seconds offset);

  // Faults of the listeners and connections.
  void stop_listening();          // connections are refused; open ones live on
  void listen_again();            // on the same ports
  void hang_handshakes(bool on);  // TCP connects, TLS never answers
  void throttle_all(bool on);     // every invoke: 429 TooManyRequestsException
  void set_keep_alive(keep_alive policy);
  void set_certificate(certificate_kind kind);  // for handshakes from now on
  void close_connections();                     // all open ones, with a FIN
  void reset_connections();                     // all open ones, with an RST

  class account& account();
  durable_executions& durables();

 private:
  struct state;
  std::unique_ptr<state> state_;
};

}  // namespace sandbox
