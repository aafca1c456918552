#include "worker/engine/gateway_trust.h"

#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <cstdint>
#include <stdexcept>

#include "connector/base/certificates.h"

namespace worker::engine {

namespace {

// A gateway sends its own certificate and a few intermediates.
constexpr std::size_t max_sent = 20;
// Debian's level for connections: 112 bits, so no SHA-1 and no RSA of 1024 bits.
constexpr int security_level = 2;

using context = std::unique_ptr<X509_STORE_CTX, connector::freed_by<X509_STORE_CTX_free>>;
// Frees the stack and not its members.
struct stack_freed {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using chain_of = std::unique_ptr<STACK_OF(X509), stack_freed>;

std::string reason_of(int error, const X509* about, const std::string& host) {
  switch (error) {
    case X509_V_ERR_CERT_HAS_EXPIRED:
      return "the gateway's certificate (or one of its chain) has expired on " +
             connector::date_text(X509_get0_notAfter(about)) +
             ": it must be renewed at the gateway; if it was, check the clock of this machine";
    case X509_V_ERR_CERT_NOT_YET_VALID:
      return "the gateway's certificate (or one of its chain) is valid only from " +
             connector::date_text(X509_get0_notBefore(about)) + ": check the clock of this machine";
    case X509_V_ERR_HOSTNAME_MISMATCH:
    case X509_V_ERR_IP_ADDRESS_MISMATCH:
      return "the gateway's certificate does not name " + host +
             " among its subject alternative names: check the address in CAMUNDA_GRPC_ADDRESS, or "
             "give the name that it has in CAMUNDA_OVERRIDE_AUTHORITY";
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
    case X509_V_ERR_CERT_UNTRUSTED:
      return "the gateway's certificate comes from an authority that is not trusted (" +
             connector::issuer_text(about) +
             "): give that authority's root in CAMUNDA_CA_CERTIFICATE_PATH or SSL_CERT_FILE, or "
             "let the gateway send its whole chain";
    default:
      return std::string("the gateway's certificate was refused (") +
             X509_verify_cert_error_string(error) + ")";
  }
}

}  // namespace

gateway_trust::gateway_trust(const std::string& roots, const std::string& source)
    : store_(X509_STORE_new(), X509_STORE_free) {
  const auto all = connector::read_certificates(roots, SIZE_MAX).certificates;
  if (all.empty()) {
    throw std::runtime_error(source + " holds no certificate (PEM, BEGIN CERTIFICATE)");
  }
  for (const auto& one : all) X509_STORE_add_cert(store_.get(), one.get());
  const connector::bio_ptr memory(BIO_new(BIO_s_mem()));
  PEM_write_bio_X509(memory.get(), all.front().get());
  first_root_ = connector::bytes_of(memory);
  ERR_clear_error();
}

std::string gateway_trust::why_refused(const std::string& chain, const std::string& host) const {
  const auto sent = connector::read_certificates(chain, max_sent).certificates;
  if (sent.empty()) return "the gateway sent no certificate";
  // OpenSSL checks no name when it is given an empty one.
  if (host.empty() || host == ".") return "the gateway has no name that a certificate could carry";
  const chain_of others(sk_X509_new_null());
  for (std::size_t i = 1; i < sent.size(); ++i) sk_X509_push(others.get(), sent[i].get());
  const context check(X509_STORE_CTX_new());
  if (!check ||
      X509_STORE_CTX_init(check.get(), store_.get(), sent.front().get(), others.get()) != 1) {
    ERR_clear_error();
    return "the gateway's certificate cannot be checked";
  }
  // The purpose that a TLS client of OpenSSL asks for.
  X509_STORE_CTX_set_default(check.get(), "ssl_server");
  auto* rules = X509_STORE_CTX_get0_param(check.get());
  X509_VERIFY_PARAM_set_auth_level(rules, security_level);
  connector::expect_host(rules, host);
  const bool trusted = X509_verify_cert(check.get()) == 1;
  ERR_clear_error();
  if (trusted) return {};
  const auto* about = X509_STORE_CTX_get_current_cert(check.get());
  return reason_of(X509_STORE_CTX_get_error(check.get()),
                   about != nullptr ? about : sent.front().get(), host);
}

}  // namespace worker::engine
