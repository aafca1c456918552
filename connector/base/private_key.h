// Private keys of OpenSSL: their owner, reading of PEM text, and signing. Nothing asks at the
// terminal. Any thread.
#pragma once

#include <openssl/evp.h>

#include <memory>
#include <string>
#include <string_view>

#include "connector/base/certificates.h"
#include "connector/base/secret.h"

namespace connector {

using private_key_ptr = std::unique_ptr<EVP_PKEY, freed_by<EVP_PKEY_free>>;

struct pem_key {
  private_key_ptr key;  // null: there is none, or it is encrypted and the passphrase does not fit
  bool encrypted = false;  // the passphrase was needed
};

// Of the first private key in `pem`: PKCS#8 or the older forms; an empty passphrase is none.
// Leaves no error in OpenSSL's queue.
pem_key read_private_key(std::string_view pem, const secret_string& passphrase);

// SHA-256 with PKCS#1 v1.5 (RSA) or ECDSA in DER (EC), as bytes. Empty when OpenSSL fails.
std::string sign_sha256(EVP_PKEY* key, std::string_view text);

}  // namespace connector
