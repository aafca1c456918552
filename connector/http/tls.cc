#include "connector/http/tls.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ssl.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>

#include <algorithm>
#include <chrono>
#include <new>
#include <stdexcept>
#include <utility>

#include "connector/base/certificates.h"
#include "connector/http/tls_failure.h"
#include "connector/http/trust_roots.h"

namespace connector::http {
namespace {

// A resumed session proves the key, not that the certificate is still good: look at it again daily.
constexpr auto longest_without_certificate = std::chrono::hours(12);

// Usual ones have 6 KiB. A server may send 100 KiB of certificates and tickets of 64 KiB, for each
// destination and identity that the client remembers.
constexpr std::size_t largest_session = 32UL * 1024;

int peer_index() {
  static const int index = SSL_get_ex_new_index(0, nullptr, nullptr, nullptr, nullptr);
  return index;
}

tls_peer* peer_of(const SSL* ssl) {
  return static_cast<tls_peer*>(SSL_get_ex_data(ssl, peer_index()));
}

// Never changes OpenSSL's verdict; only keeps the reason while the certificate is at hand.
int on_verify(int verdict, X509_STORE_CTX* store) {
  if (verdict == 1) return verdict;
  const auto* ssl = static_cast<const SSL*>(
      X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx()));
  tls_peer* peer = ssl != nullptr ? peer_of(ssl) : nullptr;
  if (peer != nullptr && peer->error.empty()) {
    peer->error =
        why_refused(X509_STORE_CTX_get_error(store), X509_STORE_CTX_get_current_cert(store),
                    peer->to, peer->trust_setting);
  }
  return verdict;
}

// The bytes that a server sent into a session: its ticket and its certificates.
std::size_t bytes_from_outside(const SSL* ssl, const SSL_SESSION* session) {
  const unsigned char* ticket = nullptr;
  std::size_t bytes = 0;
  SSL_SESSION_get0_ticket(session, &ticket, &bytes);
  const STACK_OF(X509)* chain = SSL_get_peer_cert_chain(ssl);
  for (int i = 0; i < sk_X509_num(chain); ++i) {
    bytes += static_cast<std::size_t>(std::max(0, i2d_X509(sk_X509_value(chain, i), nullptr)));
  }
  return bytes;
}

// Returns 1 when it keeps the reference. TLS 1.3 sends several, the newest is used.
int on_new_session(SSL* ssl, SSL_SESSION* session) {
  tls_peer* peer = peer_of(ssl);
  if (peer == nullptr || peer->memory == nullptr) return 0;
  if (bytes_from_outside(ssl, session) > largest_session) return 0;
  peer->memory->session.reset(session);
  return 1;
}

// Session tickets, changes of keys, wishes for a new handshake: OpenSSL reads them in one call
// until data comes or nothing more has arrived.
void on_message(int is_sent, int, int type, const void*, std::size_t, SSL* ssl, void*) {
  if (is_sent != 0 || type != SSL3_RT_HANDSHAKE) return;
  if (tls_peer* peer = peer_of(ssl)) ++peer->messages;
}

// The server chooses the parameters of an exchange of finite-field Diffie-Hellman. Of 10,000 bits
// they take a second of one call.
constexpr int longest_dh_parameters = 4096;

using security_check = int (*)(const SSL*, const SSL_CTX*, int, int, int, void*, void*);

security_check usual_security_check() {
  static const security_check usual = [] {
    const std::unique_ptr<ssl_ctx_st, ssl_free> context(SSL_CTX_new(TLS_client_method()));
    if (context == nullptr) throw std::bad_alloc();
    return SSL_CTX_get_security_callback(context.get());
  }();
  return usual;
}

int on_security_check(const SSL* ssl, const SSL_CTX* context, int of, int bits, int id, void* what,
                      void* more) {
  if (of == SSL_SECOP_TMP_DH && ssl != nullptr && what != nullptr &&
      EVP_PKEY_get_bits(static_cast<EVP_PKEY*>(what)) > longest_dh_parameters) {
    if (tls_peer* peer = peer_of(ssl)) {
      peer->error = peer->to.host + " asks for a key exchange with more than " +
                    std::to_string(longest_dh_parameters) +
                    " bits (DHE), which takes too long: let it offer ECDHE";
    }
    return 0;
  }
  return usual_security_check()(ssl, context, of, bits, id, what, more);
}

// For messages. `setting`: what names the file; empty: unknown.
std::string named(const std::string& setting, const std::string& noun, const std::string& file) {
  return (setting.empty() ? "" : setting + ": ") + noun + " " + file;
}

[[noreturn]] void refuse(const std::string& file) {
  const std::string reason = first_tls_error();
  throw std::runtime_error(file + " cannot be used: " + reason);
}

// In place of OpenSSL's own, which asks at the terminal.
int no_passphrase(char* /*into*/, int /*room*/, int /*writing*/, void* asked) {
  if (asked != nullptr) *static_cast<bool*>(asked) = true;
  return -1;
}

void trust_system(SSL_CTX* context) {
  const trust_roots roots = system_trust_roots();
  if (!roots.file.empty()) SSL_CTX_load_verify_file(context, roots.file.c_str());
  for (const auto& folder : roots.folders) SSL_CTX_load_verify_dir(context, folder.c_str());
  // Without any root each handshake fails with an unknown issuer.
  ERR_clear_error();
}

void use_client_certificate(SSL_CTX* context, const tls_settings& settings) {
  if (settings.client_certificate.empty()) return;
  SSL_CTX_set_default_passwd_cb(context, no_passphrase);
  if (SSL_CTX_use_certificate_chain_file(context, settings.client_certificate.c_str()) != 1) {
    refuse(named(settings.certificate_setting, "client certificate", settings.client_certificate));
  }
  const bool together = settings.client_key.empty();
  const std::string& file = together ? settings.client_certificate : settings.client_key;
  const auto key = named(together ? settings.certificate_setting : settings.key_setting,
                         "key of the client certificate", file);
  bool asked = false;
  SSL_CTX_set_default_passwd_cb_userdata(context, &asked);
  const bool taken = SSL_CTX_use_PrivateKey_file(context, file.c_str(), SSL_FILETYPE_PEM) == 1;
  SSL_CTX_set_default_passwd_cb_userdata(context, nullptr);
  if (asked) {
    ERR_clear_error();
    throw std::runtime_error(key +
                             " is encrypted: write it without a passphrase, and let only the "
                             "worker read it");
  }
  if (!taken || SSL_CTX_check_private_key(context) != 1) refuse(key);
}

void take_material(SSL* ssl, tls_memory* memory, std::shared_ptr<const tls_material> now) {
  // What cannot be used was refused when it was made (trouble_of); the server will say what it
  // misses.
  if (now && !use_material(ssl, *now)) ERR_clear_error();
  if (memory == nullptr || memory->material == now) return;
  memory->forget();
  memory->material = std::move(now);
}

}  // namespace

void ssl_free::operator()(ssl_st* p) const { SSL_free(p); }
void ssl_free::operator()(ssl_ctx_st* p) const { SSL_CTX_free(p); }
void ssl_free::operator()(ssl_session_st* p) const { SSL_SESSION_free(p); }

tls_context::tls_context(const tls_settings& settings)
    : context_(SSL_CTX_new(TLS_client_method())),
      trust_setting_(settings.trust_setting),
      material_(settings.material) {
  SSL_CTX* context = context_.get();
  if (context == nullptr) throw std::runtime_error("OpenSSL cannot start: " + first_tls_error());
  SSL_CTX_set_min_proto_version(context, TLS1_2_VERSION);
  SSL_CTX_set_max_proto_version(context, TLS1_3_VERSION);
  SSL_CTX_set_options(context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
  // Buffers are given back between records: an idle connection keeps none.
  SSL_CTX_set_mode(context, SSL_MODE_RELEASE_BUFFERS | SSL_MODE_ENABLE_PARTIAL_WRITE |
                                SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_read_ahead(context, 1);  // one system call for a record instead of two
  SSL_CTX_set_verify(context, SSL_VERIFY_PEER, on_verify);
  SSL_CTX_set_session_cache_mode(context, SSL_SESS_CACHE_CLIENT | SSL_SESS_CACHE_NO_INTERNAL_STORE);
  SSL_CTX_sess_set_new_cb(context, on_new_session);
  SSL_CTX_set_msg_callback(context, on_message);
  usual_security_check();  // it may throw here, and not where OpenSSL calls
  SSL_CTX_set_security_callback(context, on_security_check);
  if (settings.ca_bundle.empty()) {
    trust_system(context);
  } else if (SSL_CTX_load_verify_file(context, settings.ca_bundle.c_str()) != 1) {
    refuse(named(settings.trust_setting, "CA bundle", settings.ca_bundle));
  }
  use_client_certificate(context, settings);
}

ssl_pointer tls_context::make_session(tls_peer& peer) const {
  ssl_pointer ssl(SSL_new(context_.get()));
  if (ssl == nullptr) throw std::bad_alloc();
  SSL_set_ex_data(ssl.get(), peer_index(), &peer);
  peer.trust_setting = trust_setting_;
  const auto name = expect_host(SSL_get0_param(ssl.get()), peer.to.host);
  if (!name.empty()) SSL_set_tlsext_host_name(ssl.get(), name.c_str());
  tls_memory* memory = peer.memory;
  if (material_) take_material(ssl.get(), memory, material_());
  if (memory != nullptr && memory->session != nullptr) {
    if (boot_clock::now() - memory->verified_at > longest_without_certificate) {
      memory->forget();
    } else {
      SSL_set_session(ssl.get(), memory->session.get());
    }
  }
  SSL_set_connect_state(ssl.get());
  return ssl;
}

bool tls_context::note_handshake(const ssl_st* ssl, const tls_peer& peer) {
  if (SSL_session_reused(ssl) == 1) return true;
  if (peer.memory != nullptr) peer.memory->verified_at = boot_clock::now();
  return false;
}

}  // namespace connector::http
