#include "connector/oauth/client_assertion.h"

#include <fmt/format.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rand.h>
#include <openssl/x509.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <memory>
#include <string_view>

#include "connector/base/base64.h"
#include "connector/base/json.h"

namespace connector::oauth {

namespace {

using ecdsa_ptr = std::unique_ptr<ECDSA_SIG, freed_by<ECDSA_SIG_free>>;

constexpr std::chrono::minutes life_of_assertion{5};
constexpr int half_of_signature = 32;  // of P-256
constexpr int least_rsa_bits = 2048;

bool is_on_p256(const EVP_PKEY* key) {
  std::array<char, 64> name{};
  std::size_t size = 0;
  return EVP_PKEY_get_utf8_string_param(key, OSSL_PKEY_PARAM_GROUP_NAME, name.data(), name.size(),
                                        &size) == 1 &&
         std::string_view(name.data(), size) == "prime256v1";
}

template <class Byte>
std::string_view as_text(const Byte* bytes, std::size_t size) {
  return {reinterpret_cast<const char*>(bytes), size};
}

// The alphabet of URLs, without padding.
std::string base64url_encode(std::string_view bytes) {
  auto text = base64_encode(bytes);
  while (text.ends_with('=')) text.pop_back();
  std::replace(text.begin(), text.end(), '+', '-');
  std::replace(text.begin(), text.end(), '/', '_');
  return text;
}

std::optional<std::string> thumbprint(const X509* certificate, const EVP_MD* digest) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> bytes{};
  unsigned int size = 0;
  if (X509_digest(certificate, digest, bytes.data(), &size) != 1) return std::nullopt;
  return base64url_encode(as_text(bytes.data(), size));
}

// From DER to the two numbers behind each other, as JWS has it. Empty: it cannot be.
std::string flat(std::string_view der) {
  const auto* from = reinterpret_cast<const unsigned char*>(der.data());
  const ecdsa_ptr pair(d2i_ECDSA_SIG(nullptr, &from, static_cast<long>(der.size())));
  if (!pair) return {};
  std::array<unsigned char, 2 * half_of_signature> out{};
  if (BN_bn2binpad(ECDSA_SIG_get0_r(pair.get()), out.data(), half_of_signature) < 0 ||
      BN_bn2binpad(ECDSA_SIG_get0_s(pair.get()), out.data() + half_of_signature,
                   half_of_signature) < 0) {
    return {};
  }
  return std::string(as_text(out.data(), out.size()));
}

std::string claims_of(const assertion_claims& claims) {
  using std::chrono::seconds;
  const auto now = std::chrono::floor<seconds>(claims.now.time_since_epoch());
  return fmt::format(R"({{"iss":{0},"sub":{0},"aud":{1},"iat":{2},"nbf":{2},"exp":{3},"jti":{4}}})",
                     json::quote(claims.client_id), json::quote(claims.audience), now.count(),
                     (now + seconds(life_of_assertion)).count(), json::quote(claims.id));
}

}  // namespace

std::string random_assertion_id() {
  std::array<unsigned char, 18> bytes{};
  RAND_bytes(bytes.data(), static_cast<int>(bytes.size()));
  return base64url_encode(as_text(bytes.data(), bytes.size()));
}

std::string why_no_signer(const EVP_PKEY* key) {
  switch (EVP_PKEY_get_base_id(key)) {
    case EVP_PKEY_RSA:
      return EVP_PKEY_get_bits(key) < least_rsa_bits ? "the RSA key is shorter than 2048 bits" : "";
    case EVP_PKEY_EC:
      return is_on_p256(key) ? "" : "the EC key is not on the curve P-256";
    default:
      return "the private key must be RSA or EC";
  }
}

std::optional<secret_string> signed_assertion(const certified_key& by,
                                              const assertion_claims& claims) {
  const auto sha1 = thumbprint(by.certificate.get(), EVP_sha1());
  const auto sha256 = thumbprint(by.certificate.get(), EVP_sha256());
  if (!sha1 || !sha256) return std::nullopt;
  const bool rsa = EVP_PKEY_get_base_id(by.key.get()) == EVP_PKEY_RSA;
  const auto head = fmt::format(R"({{"alg":"{}","typ":"JWT","x5t":"{}","x5t#S256":"{}"}})",
                                rsa ? "RS256" : "ES256", *sha1, *sha256);
  auto text = base64url_encode(head) + "." + base64url_encode(claims_of(claims));
  auto signature = sign_sha256(by.key.get(), text);
  if (!rsa) signature = flat(signature);
  ERR_clear_error();
  if (signature.empty()) return std::nullopt;
  text += "." + base64url_encode(signature);
  return secret_string::take(text);
}

}  // namespace connector::oauth
