#include "connector/base/private_key.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#include <cstring>

namespace connector {

namespace {

using digest_context = std::unique_ptr<EVP_MD_CTX, freed_by<EVP_MD_CTX_free>>;

struct passphrase_question {
  std::string_view answer;
  bool asked = false;
};

// Always given to OpenSSL, which would ask at the terminal otherwise.
int give_passphrase(char* into, int room, int /*writing*/, void* question) {
  auto& known = *static_cast<passphrase_question*>(question);
  known.asked = true;
  if (known.answer.empty() || static_cast<std::size_t>(room) < known.answer.size()) return -1;
  std::memcpy(into, known.answer.data(), known.answer.size());
  return static_cast<int>(known.answer.size());
}

}  // namespace

pem_key read_private_key(std::string_view pem, const secret_string& passphrase) {
  pem_key out;
  passphrase_question question{passphrase.reveal()};
  if (const auto reader = bio_over(pem)) {
    out.key.reset(PEM_read_bio_PrivateKey(reader.get(), nullptr, &give_passphrase, &question));
  }
  ERR_clear_error();
  out.encrypted = question.asked;
  return out;
}

std::string sign_sha256(EVP_PKEY* key, std::string_view text) {
  const digest_context context(EVP_MD_CTX_new());
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.data());
  std::size_t size = 0;
  const bool measured = context &&
                        EVP_DigestSignInit_ex(context.get(), nullptr, "SHA256", nullptr, nullptr,
                                              key, nullptr) == 1 &&
                        EVP_DigestSign(context.get(), nullptr, &size, bytes, text.size()) == 1;
  std::string out(measured ? size : 0, '\0');
  if (!measured || EVP_DigestSign(context.get(), reinterpret_cast<unsigned char*>(out.data()),
                                  &size, bytes, text.size()) != 1) {
    ERR_clear_error();
    return {};
  }
  out.resize(size);
  return out;
}

}  // namespace connector
