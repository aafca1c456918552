// Decides whether a certificate of the gateway is trusted: a root must have signed its chain, and
// it must name the host among its subject alternative names. gRPC's own check takes a common name
// too, and gives no reason when it refuses. Immutable; any thread.
#pragma once

#include <memory>
#include <string>

struct x509_store_st;  // OpenSSL's X509_STORE

namespace worker::engine {

class gateway_trust {
 public:
  // `roots` is PEM text, read up to the first certificate that is damaged; `source` names it in
  // messages. Throws std::runtime_error when it holds no certificate.
  gateway_trust(const std::string& roots, const std::string& source);

  // `chain` is the PEM text that the gateway sent, its own certificate first. `host` is a name or
  // an address. Returns an empty text for a trusted one, else the reason and what to do.
  [[nodiscard]] std::string why_refused(const std::string& chain, const std::string& host) const;

  // PEM.
  [[nodiscard]] const std::string& first_root() const { return first_root_; }

 private:
  std::string first_root_;
  std::shared_ptr<x509_store_st> store_;
};

}  // namespace worker::engine
