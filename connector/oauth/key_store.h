// A client's certificate with its private key, out of the files in which operators have them:
// PKCS#12 (as keytool and openssl write it) or PEM. Nothing is opened here. Any thread.
#pragma once

#include <boost/system/result.hpp>
#include <string>

#include "connector/base/certificates.h"
#include "connector/base/private_key.h"
#include "connector/base/secret.h"

namespace connector::oauth {

struct key_store {
  secret_string content;       // of PKCS#12, or PEM: the certificate and perhaps the key
  secret_string key;           // PEM, when it is not in `content`
  secret_string password;      // of the store
  secret_string key_password;  // empty: the store's
  std::string alias;           // of the key in PKCS#12, in any case; empty: the first one
};

struct signing_identity {
  certificate_ptr certificate;
  private_key_ptr key;  // the certificate's: RSA of 2048 bits at least, or EC on the curve P-256
};

// An error says what is wrong, for people, without anything secret.
boost::system::result<signing_identity, std::string> read_key_store(const key_store& from);

}  // namespace connector::oauth
