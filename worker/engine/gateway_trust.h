// Which certificates of the gateway are trusted: those that a root vouches for and that name the
// host among their subject alternative names. gRPC's own check takes a common name too, and says of
// what it refuses only that it was refused. Immutable after it was made; any thread.
#pragma once

#include <memory>
#include <string>

struct x509_store_st;  // OpenSSL's X509_STORE

namespace worker::engine {

class gateway_trust {
 public:
  // `roots` is PEM text; `source` says for people where it came from. Throws std::runtime_error
  // when it holds no certificate.
  gateway_trust(const std::string& roots, const std::string& source);

  // `chain` is what the gateway sent, PEM, its own certificate first. `host` is a name or an
  // address. Empty: trusted; else why not and what to do.
  [[nodiscard]] std::string why_refused(const std::string& chain, const std::string& host) const;

  // PEM.
  [[nodiscard]] const std::string& first_root() const { return first_root_; }

 private:
  std::string first_root_;
  std::shared_ptr<x509_store_st> store_;
};

}  // namespace worker::engine
