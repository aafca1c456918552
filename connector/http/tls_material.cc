#include "connector/http/tls_material.h"

#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>

#include "connector/http/tls_failure.h"

namespace connector::http {
namespace {

// Frees the stack and not its members.
struct stack_freed {
  void operator()(STACK_OF(X509) * stack) const { sk_X509_free(stack); }
};
using borrowed_stack = std::unique_ptr<STACK_OF(X509), stack_freed>;
using store_ptr = std::unique_ptr<X509_STORE, freed_by<X509_STORE_free>>;
using context_ptr = std::unique_ptr<SSL_CTX, freed_by<SSL_CTX_free>>;
using session_ptr = std::unique_ptr<SSL, freed_by<SSL_free>>;

bool show(SSL* session, const tls_material& material) {
  const borrowed_stack issuers(sk_X509_new_null());
  for (std::size_t i = 1; i < material.chain.size(); ++i) {
    sk_X509_push(issuers.get(), material.chain[i].get());
  }
  constexpr int in_place_of_others = 1;
  return SSL_use_cert_and_key(session, material.chain.front().get(), material.key.get(),
                              issuers.get(), in_place_of_others) == 1;
}

bool trust(SSL* session, const tls_material& material) {
  const store_ptr store(X509_STORE_new());
  if (!store) return false;
  for (const auto& each : material.roots) X509_STORE_add_cert(store.get(), each.get());
  return SSL_set1_verify_cert_store(session, store.get()) == 1;
}

}  // namespace

bool use_material(ssl_st* session, const tls_material& material) {
  if (!material.roots.empty() && !trust(session, material)) return false;
  return material.chain.empty() || show(session, material);
}

std::string trouble_of(const tls_material& material) {
  const context_ptr context(SSL_CTX_new(TLS_client_method()));
  const session_ptr session(context ? SSL_new(context.get()) : nullptr);
  const bool good = session && use_material(session.get(), material);
  if (!good) return first_tls_error();
  ERR_clear_error();
  return {};
}

}  // namespace connector::http
