#include "connector/aws/credentials/roles_anywhere/x509_identity.h"

#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

#include <ctime>
#include <optional>
#include <vector>

#include "connector/aws/sha256.h"
#include "connector/base/base64.h"
#include "connector/base/certificates.h"
#include "connector/base/openssl_memory.h"
#include "connector/base/private_key.h"

namespace connector::aws {

namespace {

using bignum_pointer = std::unique_ptr<BIGNUM, freed_by<BN_free>>;

// Headers have to hold them all.
constexpr std::size_t max_certificates = 10;
constexpr int least_rsa_bits = 2048;

// Nothing when a certificate cannot be read, or there are too many.
std::optional<std::vector<certificate_ptr>> certificates_of(const std::string& text) {
  auto read = read_certificates(text, max_certificates + 1);
  if (read.damaged || read.certificates.size() > max_certificates) return std::nullopt;
  return std::move(read.certificates);
}

std::optional<std::string> base64_of(X509* certificate) {
  unsigned char* bytes = nullptr;
  const int size = i2d_X509(certificate, &bytes);
  if (size <= 0) return std::nullopt;
  auto text = base64_encode({reinterpret_cast<const char*>(bytes), static_cast<std::size_t>(size)});
  give_back_to_openssl(bytes);
  return text;
}

bool is_root(X509* certificate) {
  return X509_NAME_cmp(X509_get_subject_name(certificate), X509_get_issuer_name(certificate)) == 0;
}

std::optional<std::string> serial_of(X509* certificate) {
  const bignum_pointer number(ASN1_INTEGER_to_BN(X509_get0_serialNumber(certificate), nullptr));
  // RFC 5280 allows 20 bytes.
  if (!number || BN_is_negative(number.get()) || BN_num_bytes(number.get()) > 20) {
    return std::nullopt;
  }
  char* digits = BN_bn2dec(number.get());
  if (digits == nullptr) return std::nullopt;
  std::string text = digits;
  give_back_to_openssl(digits);
  return text;
}

std::optional<wall_clock::time_point> time_of(const ASN1_TIME* at) {
  std::tm parts{};
  if (ASN1_TIME_to_tm(at, &parts) != 1) return std::nullopt;
  return wall_clock::from_time_t(timegm(&parts));
}

}  // namespace

void x509_identity::key_free::operator()(evp_pkey_st* key) const { EVP_PKEY_free(key); }

std::string_view x509_identity::algorithm() const {
  return rsa_ ? "AWS4-X509-RSA-SHA256" : "AWS4-X509-ECDSA-SHA256";
}

boost::system::result<x509_identity, std::string> x509_identity::read(const x509_texts& from) {
  auto own = certificates_of(from.certificates);
  if (!own) return std::string("the certificate cannot be read as PEM");
  if (own->empty()) return std::string("there is no certificate in the text (PEM is wanted)");
  auto more = certificates_of(from.more);
  if (!more || (more->empty() && !from.more.empty())) {
    return std::string("the chain of intermediates cannot be read as PEM");
  }
  x509_identity made;
  const certificate_ptr first = std::move(own->front());
  X509* const leaf = first.get();
  const auto certificate = base64_of(leaf);
  const auto serial = serial_of(leaf);
  const auto from_time = time_of(X509_get0_notBefore(leaf));
  const auto to_time = time_of(X509_get0_notAfter(leaf));
  if (!certificate || !serial || !from_time || !to_time) {
    return std::string("the certificate has no usable serial number or validity");
  }
  made.certificate_ = *certificate;
  made.serial_ = *serial;
  made.not_before_ = *from_time;
  made.not_after_ = *to_time;
  own->erase(own->begin());
  for (const auto* intermediates : {&*own, &*more}) {
    for (const auto& one : *intermediates) {
      if (is_root(one.get())) continue;
      const auto text = base64_of(one.get());
      if (!text) return std::string("the chain of intermediates cannot be read as PEM");
      made.chain_.append(made.chain_.empty() ? "" : ",").append(*text);
    }
  }

  auto key = read_private_key(from.key.reveal(), from.passphrase);
  made.key_.reset(key.key.release());
  if (!made.key_) {
    if (!key.encrypted) return std::string("the private key cannot be read as PEM");
    return std::string(from.passphrase.empty()
                           ? "the private key is encrypted, and no passphrase is set"
                           : "the private key cannot be decrypted with the passphrase");
  }
  const int type = EVP_PKEY_get_base_id(made.key_.get());
  if (type != EVP_PKEY_RSA && type != EVP_PKEY_EC) {
    return std::string("the private key must be RSA or EC");
  }
  made.rsa_ = type == EVP_PKEY_RSA;
  if (made.rsa_ && EVP_PKEY_get_bits(made.key_.get()) < least_rsa_bits) {
    return std::string("the RSA key is shorter than 2048 bits");
  }
  const bool fits = X509_check_private_key(leaf, made.key_.get()) == 1;
  ERR_clear_error();
  if (!fits) {
    return std::string(
        "the private key is not that of the certificate (of several in one text, the first)");
  }
  return made;
}

std::string x509_identity::sign(std::string_view text) const {
  const auto out = sign_sha256(key_.get(), text);
  return hex(out);
}

}  // namespace connector::aws
