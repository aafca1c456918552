#include "connector/aws/sha256.h"

#include <openssl/crypto.h>
#include <openssl/evp.h>

#include <array>
#include <memory>
#include <stdexcept>

namespace connector::aws {

namespace {

constexpr std::size_t digest_bytes = 32;
constexpr std::size_t block_bytes = 64;

// Fetched once: EVP_sha256() looks the algorithm up again on every use.
const EVP_MD* sha256_algorithm() {
  static const std::unique_ptr<EVP_MD, decltype(&EVP_MD_free)> fetched(
      EVP_MD_fetch(nullptr, "SHA256", nullptr), &EVP_MD_free);
  return fetched.get();
}

// The digest of `first` followed by `second`.
std::string digest_of(std::string_view first, std::string_view second) {
  // Kept: to make one costs as much as the digest of a short text.
  thread_local const std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)> context(
      EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  std::string out(digest_bytes, '\0');
  unsigned length = 0;
  if (!context || EVP_DigestInit_ex2(context.get(), sha256_algorithm(), nullptr) != 1 ||
      EVP_DigestUpdate(context.get(), first.data(), first.size()) != 1 ||
      EVP_DigestUpdate(context.get(), second.data(), second.size()) != 1 ||
      EVP_DigestFinal_ex(context.get(), reinterpret_cast<unsigned char*>(out.data()), &length) !=
          1) {
    throw std::runtime_error("SHA-256 is not available in this OpenSSL");
  }
  return out;
}

}  // namespace

std::string sha256(std::string_view bytes) { return digest_of(bytes, {}); }

// RFC 2104 by hand: OpenSSL's own HMAC looks its algorithm up on every call.
std::string hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<char, block_bytes> inner{};
  if (key.size() > block_bytes) {
    sha256(key).copy(inner.data(), digest_bytes);
  } else {
    key.copy(inner.data(), key.size());
  }
  std::array<char, block_bytes> outer = inner;
  for (char& c : inner) c = static_cast<char>(c ^ 0x36);
  for (char& c : outer) c = static_cast<char>(c ^ 0x5c);
  const auto hashed = digest_of({inner.data(), inner.size()}, bytes);
  auto out = digest_of({outer.data(), outer.size()}, hashed);
  OPENSSL_cleanse(inner.data(), inner.size());
  OPENSSL_cleanse(outer.data(), outer.size());
  return out;
}

std::string hex(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::string out(bytes.size() * 2, '\0');
  auto at = out.begin();
  for (const char c : bytes) {
    const auto byte = static_cast<unsigned char>(c);
    *at++ = digits[byte >> 4U];
    *at++ = digits[byte & 15U];
  }
  return out;
}

std::string sha256_hex(std::string_view bytes) { return hex(sha256(bytes)); }

}  // namespace connector::aws
