#include "worker/engine/client_identity.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <cstddef>
#include <stdexcept>
#include <utility>

#include "connector/base/certificates.h"
#include "connector/base/private_key.h"
#include "connector/base/small_file.h"

namespace worker::engine {

namespace {

constexpr std::size_t max_of_a_file = 1024 * 1024;
constexpr std::size_t max_chain = 20;

connector::secret_string read(const std::string& path, const std::string& named) {
  auto file = connector::read_small_file(path, max_of_a_file);
  if (file.result == connector::file_text::state::read) {
    return connector::secret_string::take(file.text);
  }
  throw std::runtime_error(
      named + " cannot be read: " + (file.reason.empty() ? "no such file" : file.reason));
}

connector::private_key_ptr key_of(const connector::secret_string& text, const std::string& named) {
  auto read = connector::read_private_key(text.reveal(), {});
  if (read.key) return std::move(read.key);
  throw std::runtime_error(named + (read.encrypted ? " holds an encrypted key: write it without a "
                                                     "passphrase, and let only the worker read it"
                                                   : " holds no private key (PEM)"));
}

}  // namespace

client_identity read_client_identity(const std::string& certificate_file,
                                     const std::string& key_file) {
  const auto certificate =
      "CAMUNDA_MTLS_CERT_PATH: the client certificate for the gateway, " + certificate_file + ",";
  const auto key =
      key_file.empty() ? certificate : "CAMUNDA_MTLS_KEY_PATH: the client key, " + key_file + ",";
  client_identity out;
  const auto text = read(certificate_file, certificate);
  const auto chain = connector::read_certificates(text.reveal(), max_chain);
  if (chain.certificates.empty()) {
    throw std::runtime_error(certificate + " holds no certificate (PEM, BEGIN CERTIFICATE)");
  }
  if (chain.damaged) throw std::runtime_error(certificate + " is damaged behind its first block");
  // Only certificates: the file may hold the key too.
  const connector::bio_ptr memory(BIO_new(BIO_s_mem()));
  for (const auto& one : chain.certificates) PEM_write_bio_X509(memory.get(), one.get());
  out.chain = connector::bytes_of(memory);
  out.key = key_file.empty() ? text : read(key_file, key);
  const auto own = key_of(out.key, key);
  const bool fits = X509_check_private_key(chain.certificates.front().get(), own.get()) == 1;
  ERR_clear_error();
  if (!fits) {
    throw std::runtime_error(key + " does not belong to the certificate in " + certificate_file +
                             ": give the two that were made together");
  }
  return out;
}

}  // namespace worker::engine
