// Certificates that a TLS client shows and trusts, held in memory so that they can be renewed while
// it runs. Constant once made; any thread.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "connector/base/certificates.h"
#include "connector/base/private_key.h"

struct ssl_st;  // OpenSSL's SSL

namespace connector::http {

struct tls_material {
  std::vector<certificate_ptr> chain;  // the client's own first, then its issuers; empty: none
  private_key_ptr key;                 // of the first one
  std::vector<certificate_ptr> roots;  // trusted ones; empty: those of the client's settings
};

// Asked before each handshake; null: the client's settings alone count.
using tls_material_source = std::function<std::shared_ptr<const tls_material>()>;

// What OpenSSL minds about the client's chain and key; empty: they can be used.
std::string trouble_of(const tls_material& material);

// For one session before its handshake. False: OpenSSL minds, its error queue says what.
bool use_material(ssl_st* session, const tls_material& material);

}  // namespace connector::http
