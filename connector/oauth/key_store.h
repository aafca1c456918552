// A client's certificate with its private key, and trusted certificates, out of the files in which
// operators have them: PKCS#12 (as keytool and openssl write it) or PEM. Nothing is opened here.
// Any thread.
#pragma once

#include <boost/system/result.hpp>
#include <string>
#include <vector>

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

struct certified_key {
  certificate_ptr certificate;
  private_key_ptr key;  // the certificate's
  std::vector<certificate_ptr>
      issuers;  // of the certificate, as far as the file has them, in order
};

// An error of both says what is wrong, for people, without anything secret.
boost::system::result<certified_key, std::string> read_key_store(const key_store& from);
// All certificates; one at least.
boost::system::result<std::vector<certificate_ptr>, std::string> read_trust_store(
    const secret_string& content, const secret_string& password);

}  // namespace connector::oauth
