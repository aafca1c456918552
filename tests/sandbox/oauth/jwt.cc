#include "tests/sandbox/oauth/jwt.h"

#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <algorithm>
#include <boost/json/array.hpp>
#include <boost/json/parse.hpp>
#include <memory>
#include <vector>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/sandbox/lambda/freeing.h"

namespace sandbox {

namespace {

using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free>>;
using x509_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using digest_ptr = std::unique_ptr<EVP_MD_CTX, freeing<EVP_MD_CTX_free>>;
using ecdsa_ptr = std::unique_ptr<ECDSA_SIG, freeing<ECDSA_SIG_free>>;

constexpr std::chrono::seconds allowed_skew{5};

const unsigned char* bytes_of(const std::string& text) {
  return reinterpret_cast<const unsigned char*>(text.data());
}

std::optional<std::string> base64url_decode(std::string text) {
  if (text.find_first_of("+/=") != std::string::npos) return std::nullopt;
  std::replace(text.begin(), text.end(), '-', '+');
  std::replace(text.begin(), text.end(), '_', '/');
  while (text.size() % 4 != 0) text += '=';
  return base64_decode(text);
}

x509_ptr certificate_of(const std::string& pem) {
  const bio_ptr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return x509_ptr(PEM_read_bio_X509(in.get(), nullptr, nullptr, nullptr));
}

key_ptr public_key_of(const std::string& pem) {
  if (const auto certificate = certificate_of(pem)) {
    return key_ptr(X509_get_pubkey(certificate.get()));
  }
  const bio_ptr in(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  return key_ptr(PEM_read_bio_PUBKEY(in.get(), nullptr, nullptr, nullptr));
}

// ECDSA of JWS: two numbers of 32 bytes. OpenSSL wants DER.
std::optional<std::string> der_of(const std::string& flat) {
  if (flat.size() != 64) return std::nullopt;
  const ecdsa_ptr pair(ECDSA_SIG_new());
  ECDSA_SIG_set0(pair.get(), BN_bin2bn(bytes_of(flat), 32, nullptr),
                 BN_bin2bn(bytes_of(flat) + 32, 32, nullptr));
  unsigned char* out = nullptr;
  const int size = i2d_ECDSA_SIG(pair.get(), &out);
  if (size <= 0) return std::nullopt;
  std::string der(reinterpret_cast<const char*>(out), static_cast<std::size_t>(size));
  OPENSSL_free(out);
  return der;
}

bool verifies(EVP_PKEY* key, const std::string& text, const std::string& signature) {
  const digest_ptr context(EVP_MD_CTX_new());
  return EVP_DigestVerifyInit(context.get(), nullptr, EVP_sha256(), nullptr, key) == 1 &&
         EVP_DigestVerify(context.get(), bytes_of(signature), signature.size(), bytes_of(text),
                          text.size()) == 1;
}

std::optional<boost::json::object> object_of(const std::string& part) {
  const auto text = base64url_decode(part);
  boost::system::error_code wrong;
  auto value = text ? boost::json::parse(*text, wrong) : boost::json::value();
  if (wrong || !value.is_object()) return std::nullopt;
  return std::move(value.as_object());
}

std::string text_at(const boost::json::object& in, std::string_view name) {
  const auto* found = in.if_contains(name);
  return found != nullptr && found->is_string() ? std::string(found->as_string()) : std::string();
}

std::optional<std::chrono::system_clock::time_point> time_at(const boost::json::object& in,
                                                             std::string_view name) {
  const auto* found = in.if_contains(name);
  if (found == nullptr || !found->is_int64()) return std::nullopt;
  return std::chrono::system_clock::time_point(std::chrono::seconds(found->as_int64()));
}

bool is_for(const boost::json::object& claims, const std::string& audience) {
  const auto* found = claims.if_contains("aud");
  if (found == nullptr) return false;
  if (found->is_string()) return found->as_string() == audience;
  const auto is_it = [&](const auto& one) {
    return one.is_string() && one.as_string() == audience;
  };
  return found->is_array() &&
         std::any_of(found->as_array().begin(), found->as_array().end(), is_it);
}

std::string thumbprint(const X509* certificate, const EVP_MD* how) {
  std::string bytes(EVP_MAX_MD_SIZE, '\0');
  unsigned int size = 0;
  X509_digest(certificate, how, reinterpret_cast<unsigned char*>(bytes.data()), &size);
  bytes.resize(size);
  return bytes;
}

}  // namespace

signed_token read_signed_token(const std::string& text, const std::string& key) {
  signed_token out;
  const auto first = text.find('.');
  const auto second = first == std::string::npos ? first : text.find('.', first + 1);
  if (second == std::string::npos || text.find('.', second + 1) != std::string::npos) {
    out.problem = "it has not three parts";
    return out;
  }
  auto head = object_of(text.substr(0, first));
  auto claims = object_of(text.substr(first + 1, second - first - 1));
  auto signature = base64url_decode(text.substr(second + 1));
  if (!head || !claims || !signature) {
    out.problem = "a part of it cannot be read";
    return out;
  }
  out.head = *std::move(head);
  out.claims = *std::move(claims);
  const auto by = public_key_of(key);
  const auto algorithm = text_at(out.head, "alg");
  const int kind = by ? EVP_PKEY_get_base_id(by.get()) : 0;
  if ((algorithm != "RS256" || kind != EVP_PKEY_RSA) &&
      (algorithm != "ES256" || kind != EVP_PKEY_EC)) {
    out.problem = "the algorithm " + algorithm + " is not that of the key";
    return out;
  }
  if (algorithm == "ES256") signature = der_of(*signature);
  if (!signature || !verifies(by.get(), text.substr(0, second), *signature)) {
    out.problem = "the signature is wrong";
  }
  return out;
}

std::string refusal_of_assertion(const std::string& text, const std::string& certificate,
                                 const std::string& client_id, const std::string& audience,
                                 std::chrono::system_clock::time_point now) {
  const auto token = read_signed_token(text, certificate);
  if (!token.problem.empty()) return token.problem;
  const auto whose = certificate_of(certificate);
  if (base64url_decode(text_at(token.head, "x5t")) != thumbprint(whose.get(), EVP_sha1()) ||
      base64url_decode(text_at(token.head, "x5t#S256")) != thumbprint(whose.get(), EVP_sha256())) {
    return "the thumbprints are not those of the certificate";
  }
  if (text_at(token.head, "typ") != "JWT") return "the type is not JWT";
  if (text_at(token.claims, "iss") != client_id || text_at(token.claims, "sub") != client_id) {
    return "issuer and subject are not the client";
  }
  if (!is_for(token.claims, audience)) return "the audience is not this server";
  const auto begins = time_at(token.claims, "nbf");
  const auto issued = time_at(token.claims, "iat");
  const auto ends = time_at(token.claims, "exp");
  if (!begins || !issued || *begins > now + allowed_skew || *issued > now + allowed_skew) {
    return "it is not good yet";
  }
  if (!ends || *ends <= now || *ends > now + std::chrono::minutes(10)) return "it has a wrong end";
  return text_at(token.claims, "jti").size() < 16 ? "it has no id" : "";
}

std::string refusal_of_bearer(const std::string& authorization, const std::string& key,
                              const std::string& audience,
                              std::chrono::system_clock::time_point now) {
  const std::string bearer = "Bearer ";
  if (!authorization.starts_with(bearer)) {
    return "Expected bearer token at header with key [authorization], but found nothing";
  }
  const auto token = read_signed_token(authorization.substr(bearer.size()), key);
  if (!token.problem.empty()) return "Failed to parse bearer token: " + token.problem;
  const auto ends = time_at(token.claims, "exp");
  if (!ends || *ends <= now) return "Failed to parse bearer token: it has expired";
  if (!audience.empty() && !is_for(token.claims, audience)) {
    return "Failed to parse bearer token: the audience is not " + audience;
  }
  return {};
}

}  // namespace sandbox
