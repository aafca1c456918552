// The signed text by which a client with a certificate proves who it is: a JWT of five minutes,
// signed RS256 or ES256, with the certificate's thumbprints in its head. Any thread.
// Sources: RFC 7523 3, RFC 7515 4.1.7 and 4.1.8, RFC 7518 3.4; the claims are those of the Java
// client of the gateway.
#pragma once

#include <optional>
#include <string>

#include "connector/base/clock.h"
#include "connector/base/secret.h"
#include "connector/oauth/key_store.h"

namespace connector::oauth {

struct assertion_claims {
  std::string client_id;  // issuer and subject
  std::string audience;   // the token endpoint, as the operator wrote it
  wall_clock::time_point now;
  std::string id;  // of this assertion alone
};

// An id that no other assertion has.
std::string random_assertion_id();

// Why a key cannot sign assertions: it must be RSA of 2048 bits at least, or EC on the curve P-256.
// Empty: it can.
std::string why_no_signer(const EVP_PKEY* key);

// Nothing when OpenSSL fails.
std::optional<secret_string> signed_assertion(const certified_key& by,
                                              const assertion_claims& claims);

}  // namespace connector::oauth
