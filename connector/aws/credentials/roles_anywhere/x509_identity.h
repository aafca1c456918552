// A certificate with its private key, as IAM Roles Anywhere knows a caller: read from PEM, written
// out as the headers want it, and used to sign. Nothing is opened here. Plain value; one thread at
// a time.
// Source: IAM Roles Anywhere User Guide, "Signing process".
#pragma once

#include <boost/system/result.hpp>
#include <memory>
#include <string>
#include <string_view>

#include "connector/base/clock.h"
#include "connector/base/secret.h"

struct evp_pkey_st;  // OpenSSL's EVP_PKEY

namespace connector::aws {

// Of PEM texts: `certificates` is the caller's own and perhaps intermediates behind it, `more`
// further intermediates (may be empty), `key` RSA or EC, PKCS#8 or the older forms, encrypted or
// not.
struct x509_texts {
  std::string certificates;
  std::string more;
  secret_string key;
  secret_string passphrase;  // empty: none
};

class x509_identity {
 public:
  // An error names the text and what is wrong with it, never its content.
  static boost::system::result<x509_identity, std::string> read(const x509_texts& from);

  // X-Amz-X509: base64 of the certificate's DER.
  [[nodiscard]] const std::string& certificate() const { return certificate_; }
  // X-Amz-X509-Chain: the same of the intermediates, with commas between; empty: none. Roots are
  // left out, the trust anchor is one.
  [[nodiscard]] const std::string& chain() const { return chain_; }
  // The serial number in decimal, up to 50 digits.
  [[nodiscard]] const std::string& serial() const { return serial_; }
  // "AWS4-X509-RSA-SHA256" or "AWS4-X509-ECDSA-SHA256".
  [[nodiscard]] std::string_view algorithm() const;
  // When the certificate is good.
  [[nodiscard]] wall_clock::time_point not_before() const { return not_before_; }
  [[nodiscard]] wall_clock::time_point not_after() const { return not_after_; }

  // SHA-256 with PKCS#1 v1.5 (RSA) or ECDSA in DER (EC); lower-case hex. Empty when OpenSSL fails.
  [[nodiscard]] std::string sign(std::string_view text) const;

 private:
  struct key_free {
    void operator()(evp_pkey_st* key) const;
  };

  std::unique_ptr<evp_pkey_st, key_free> key_;
  bool rsa_ = false;
  std::string certificate_;
  std::string chain_;
  std::string serial_;
  wall_clock::time_point not_before_{};
  wall_clock::time_point not_after_{};
};

}  // namespace connector::aws
