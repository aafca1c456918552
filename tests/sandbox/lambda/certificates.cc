#include "tests/sandbox/lambda/certificates.h"

#include <openssl/bio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/rsa.h>
#include <openssl/x509v3.h>

#include <fstream>
#include <stdexcept>

#include "tests/sandbox/lambda/freeing.h"

namespace sandbox {

namespace {

using key_ptr = std::unique_ptr<EVP_PKEY, freeing<EVP_PKEY_free>>;
using x509_ptr = std::unique_ptr<X509, freeing<X509_free>>;
using bio_ptr = std::unique_ptr<BIO, freeing<BIO_free>>;
using extension_ptr = std::unique_ptr<X509_EXTENSION, freeing<X509_EXTENSION_free>>;

void must(bool good, const char* step) {
  if (!good) throw std::runtime_error(std::string("certificates: ") + step + " failed");
}

key_ptr make_key(bool rsa, const std::string& curve = "P-256", unsigned rsa_bits = 2048) {
  key_ptr key(rsa ? EVP_RSA_gen(rsa_bits) : EVP_EC_gen(curve.c_str()));
  must(key != nullptr, "making a key");
  return key;
}

template <class Write>
std::string to_pem(Write write) {
  const bio_ptr memory(BIO_new(BIO_s_mem()));
  must(memory && write(memory.get()) == 1, "writing PEM");
  char* data = nullptr;
  const long size = BIO_get_mem_data(memory.get(), &data);
  return {data, static_cast<std::size_t>(size)};
}

std::string pem_of(X509* certificate) {
  return to_pem([&](BIO* out) { return PEM_write_bio_X509(out, certificate); });
}

std::string pem_of(EVP_PKEY* key, const std::string& passphrase) {
  const EVP_CIPHER* cipher = passphrase.empty() ? nullptr : EVP_aes_256_cbc();
  return to_pem([&](BIO* out) {
    return PEM_write_bio_PrivateKey(out, key, cipher,
                                    reinterpret_cast<const unsigned char*>(passphrase.data()),
                                    static_cast<int>(passphrase.size()), nullptr, nullptr);
  });
}

void add_extension(X509* certificate, X509* issuer, int id, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, issuer, certificate, nullptr, nullptr, 0);
  const extension_ptr extension(X509V3_EXT_conf_nid(nullptr, &context, id, value.c_str()));
  must(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "adding an extension");
}

// Everything but the signature and the extensions.
x509_ptr make_blank(const std::string& common_name, EVP_PKEY* key, std::chrono::seconds from,
                    std::chrono::seconds to) {
  x509_ptr made(X509_new());
  must(made != nullptr, "making a certificate");
  unsigned char serial[16];
  must(RAND_bytes(serial, sizeof serial) == 1, "making a serial number");
  serial[0] &= 0x7F;
  BIGNUM* number = BN_bin2bn(serial, sizeof serial, nullptr);
  const bool numbered = BN_to_ASN1_INTEGER(number, X509_get_serialNumber(made.get())) != nullptr;
  BN_free(number);
  must(numbered && X509_set_version(made.get(), X509_VERSION_3) == 1, "numbering a certificate");
  must(X509_gmtime_adj(X509_getm_notBefore(made.get()), from.count()) != nullptr &&
           X509_gmtime_adj(X509_getm_notAfter(made.get()), to.count()) != nullptr,
       "dating a certificate");
  X509_NAME* subject = X509_get_subject_name(made.get());
  must(X509_NAME_add_entry_by_txt(subject, "CN", MBSTRING_UTF8,
                                  reinterpret_cast<const unsigned char*>(common_name.c_str()), -1,
                                  -1, 0) == 1,
       "naming a certificate");
  must(X509_set_pubkey(made.get(), key) == 1, "setting a public key");
  return made;
}

void sign(X509* certificate, EVP_PKEY* issuer_key) {
  must(X509_sign(certificate, issuer_key, EVP_sha256()) > 0, "signing a certificate");
}

x509_ptr make_authority(const std::string& common_name, EVP_PKEY* key, X509* issuer,
                        EVP_PKEY* issuer_key) {
  x509_ptr made =
      make_blank(common_name, key, std::chrono::hours(-48), std::chrono::hours(24 * 365));
  X509* const parent = issuer != nullptr ? issuer : made.get();
  must(X509_set_issuer_name(made.get(), X509_get_subject_name(parent)) == 1, "naming an issuer");
  add_extension(made.get(), parent, NID_basic_constraints, "critical,CA:TRUE");
  add_extension(made.get(), parent, NID_key_usage, "critical,keyCertSign,cRLSign");
  add_extension(made.get(), parent, NID_subject_key_identifier, "hash");
  if (issuer != nullptr) {
    add_extension(made.get(), parent, NID_authority_key_identifier, "keyid:always");
  }
  sign(made.get(), issuer_key != nullptr ? issuer_key : key);
  return made;
}

std::string alternative_names(const leaf_options& options) {
  std::string names;
  for (const std::string& name : options.dns_names) names += ",DNS:" + name;
  for (const std::string& address : options.ip_addresses) names += ",IP:" + address;
  return names.empty() ? names : names.substr(1);
}

}  // namespace

struct certificate_authority::state {
  key_ptr key;
  x509_ptr certificate;
  std::string root;           // PEM
  std::string intermediates;  // PEM, this one first; empty for a root
};

certificate_authority::certificate_authority(const std::string& common_name)
    : state_(std::make_unique<state>()) {
  state_->key = make_key(false);
  state_->certificate = make_authority(common_name, state_->key.get(), nullptr, nullptr);
  state_->root = pem_of(state_->certificate.get());
}

certificate_authority::certificate_authority(std::unique_ptr<state> made)
    : state_(std::move(made)) {}

certificate_authority::~certificate_authority() = default;
certificate_authority::certificate_authority(certificate_authority&&) noexcept = default;
certificate_authority& certificate_authority::operator=(certificate_authority&&) noexcept = default;

issued_certificate certificate_authority::issue(const leaf_options& options) const {
  const key_ptr key = make_key(options.rsa, options.curve, options.rsa_bits);
  const x509_ptr made =
      make_blank(options.common_name, key.get(), options.valid_from, options.valid_to);
  X509* const parent = state_->certificate.get();
  must(X509_set_issuer_name(made.get(), X509_get_subject_name(parent)) == 1, "naming an issuer");
  add_extension(made.get(), parent, NID_basic_constraints, "critical,CA:FALSE");
  add_extension(made.get(), parent, NID_key_usage, "critical,digitalSignature");
  add_extension(made.get(), parent, NID_ext_key_usage, "serverAuth,clientAuth");
  add_extension(made.get(), parent, NID_authority_key_identifier, "keyid:always");
  const std::string names = alternative_names(options);
  if (!names.empty()) add_extension(made.get(), parent, NID_subject_alt_name, names);
  sign(made.get(), state_->key.get());
  issued_certificate out;
  out.certificate = pem_of(made.get());
  out.chain = out.certificate + state_->intermediates;
  out.key = pem_of(key.get(), options.passphrase);
  return out;
}

certificate_authority certificate_authority::intermediate(const std::string& common_name) const {
  auto below = std::make_unique<state>();
  below->key = make_key(false);
  below->certificate =
      make_authority(common_name, below->key.get(), state_->certificate.get(), state_->key.get());
  below->root = state_->root;
  below->intermediates = pem_of(below->certificate.get()) + state_->intermediates;
  return certificate_authority(std::move(below));
}

std::string certificate_authority::root_pem() const { return state_->root; }

issued_certificate make_certificate(const certificate_authority& authority, certificate_kind kind) {
  leaf_options options;
  switch (kind) {
    case certificate_kind::good:
      return authority.issue(options);
    case certificate_kind::rsa:
      options.rsa = true;
      return authority.issue(options);
    case certificate_kind::with_intermediate:
      return authority.intermediate("Sandbox intermediate").issue(options);
    case certificate_kind::missing_intermediate: {
      issued_certificate made = authority.intermediate("Sandbox intermediate").issue(options);
      made.chain = made.certificate;
      return made;
    }
    case certificate_kind::expired:
      options.valid_from = std::chrono::hours(-24);
      options.valid_to = std::chrono::hours(-1);
      return authority.issue(options);
    case certificate_kind::not_yet_valid:
      options.valid_from = std::chrono::hours(1);
      return authority.issue(options);
    case certificate_kind::wrong_name:
      options.common_name = "elsewhere.example";
      options.dns_names = {"elsewhere.example"};
      options.ip_addresses = {"192.0.2.1"};
      return authority.issue(options);
    case certificate_kind::other_authority:
      return certificate_authority("Another root").issue(options);
  }
  throw std::logic_error("no such certificate");
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  if (!file.flush()) throw std::runtime_error("cannot write " + path.string());
}

}  // namespace sandbox
