// A stand-in for an authorization server that gives access tokens for client credentials, and for
// the gateway's side that knows which of them are good. Counts, and can be made to fail. On the
// loopback, over plain HTTP or TLS. Any thread.
#pragma once

#include <grpcpp/support/status.h>

#include <atomic>
#include <chrono>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "tests/sandbox/aws/http_stand_in.h"

namespace sandbox {

enum class token_fault {
  none,
  closed,         // the connection ends without an answer
  error_500,      // with a page
  hang,           // no byte ever
  huge,           // 50 MB
  garbage,        // status 200, no JSON
  redirect,       // 302 to another URL
  no_token,       // a JSON object without access_token
  blank_token,    // a token that cannot stand in a header
  mac_token,      // token_type "mac"
  life_zero,      // expires_in 0
  life_negative,  // expires_in -60
  life_huge,      // expires_in 1e308
};

class token_server {
 public:
  // Port 0: any free one.
  explicit token_server(std::uint16_t port = 0);

  // "http://127.0.0.1:PORT/realms/test/token"
  [[nodiscard]] std::string url() const {
    return (tls_ ? "https://127.0.0.1:" : "http://127.0.0.1:") + std::to_string(port_) + path;
  }
  static constexpr const char* path = "/realms/test/token";
  static constexpr const char* client_id = "worker";
  static constexpr const char* client_secret = "hunter2 & more+than%that";

  // From now on the client proves itself by one of these.
  void set_client_secrets(std::set<std::string> secrets);
  void set_life(std::chrono::milliseconds life);
  // For the next `times` requests.
  void set_fault(token_fault fault, int times = 1'000'000);
  // The listener is gone until start(), which opens the same port again.
  void stop();
  void start();
  // The same port speaks TLS from now on; all connections are closed.
  void use_tls(stand_in_tls how);

  // What the gateway says to a call with this metadata `authorization`.
  grpc::Status authorize(const std::string& authorization);
  [[nodiscard]] bool is_good(const std::string& token) const;
  // All tokens that were given are good no more, whatever their life.
  void revoke_all();
  // The client's certificate (PEM): from now on it proves itself by assertions, and no secret
  // counts.
  void know_certificate(std::string pem);
  // Tokens of any other audience are refused by authorize(). Empty: all are taken.
  void want_audience(std::string audience);

  [[nodiscard]] int asked() const { return asked_; }
  [[nodiscard]] int given() const { return given_; }
  [[nodiscard]] int let_in() const { return let_in_; }  // calls of the gateway
  [[nodiscard]] int kept_out() const { return kept_out_; }
  // The form of the last request, decoded.
  [[nodiscard]] std::map<std::string, std::string> last_form() const;
  // The common name of the certificate that came with it; empty: none.
  [[nodiscard]] std::string last_client() const;
  [[nodiscard]] std::vector<std::string> tokens() const;  // in the order in which they were given

 private:
  struct given_token {
    std::string value;
    std::string audience;
    std::chrono::steady_clock::time_point ends;
  };

  stand_in_answer answer(const stand_in_request& request);
  // Why the form proves nothing; empty: it is the client's.
  std::string refusal_of(const std::map<std::string, std::string>& form);
  stand_in_answer token_for(const std::string& audience);
  [[nodiscard]] bool knows(const std::string& token) const;  // and lets it in

  std::atomic<int> asked_ = 0;
  std::atomic<int> given_ = 0;
  std::atomic<int> let_in_ = 0;
  std::atomic<int> kept_out_ = 0;
  mutable std::mutex guard_;  // of what follows
  std::chrono::milliseconds life_{60'000};
  token_fault fault_ = token_fault::none;
  int faulty_ = 0;
  std::string audience_;
  std::set<std::string> secrets_ = {client_secret};
  std::map<std::string, std::string> form_;
  std::string client_;
  std::string certificate_;
  std::vector<given_token> tokens_;
  std::set<std::string> assertions_;  // each counts once
  std::set<std::string> revoked_;
  std::uint16_t port_ = 0;
  std::optional<stand_in_tls> tls_;
  std::unique_ptr<http_stand_in> server_;
};

}  // namespace sandbox
