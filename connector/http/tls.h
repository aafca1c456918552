// TLS for the client: 1.2 and 1.3 only, peer and name always verified, sessions resumed. There is
// no switch that weakens any of it. The context outlives the sessions made of it, a `tls_peer` the
// session it was given to. Loop's thread.
#pragma once

#include <memory>
#include <string>

#include "connector/base/clock.h"
#include "connector/http/message.h"
#include "connector/http/tls_material.h"

struct ssl_st;          // OpenSSL's SSL
struct ssl_ctx_st;      // SSL_CTX
struct ssl_session_st;  // SSL_SESSION

namespace connector::http {

struct ssl_free {
  void operator()(ssl_st* p) const;
  void operator()(ssl_ctx_st* p) const;
  void operator()(ssl_session_st* p) const;
};
using ssl_pointer = std::unique_ptr<ssl_st, ssl_free>;

// The client's memory of a destination between connections, so that it can resume TLS.
struct tls_memory {
  std::unique_ptr<ssl_session_st, ssl_free> session;
  // When the certificate was last seen and verified; a resumed handshake shows none.
  boot_clock::time_point verified_at{};
  // What the session was made with: another certificate or root needs a whole handshake.
  std::shared_ptr<const tls_material> material;

  void forget() { session.reset(); }
};

// The other side of one connection, as the handshake finds it.
struct tls_peer {
  destination to;
  tls_memory* memory = nullptr;
  std::string error;  // why its certificate or key exchange was refused, for people; empty: neither
  std::string trust_setting{};  // of the session's context
  int messages = 0;  // of TLS itself that arrived since the last data; the owner takes them off
};

// A handshake has about ten, and servers send two session tickets behind it.
inline constexpr int most_messages = 32;

struct tls_settings {
  std::string ca_bundle;              // PEM file of trusted roots; empty: the system's
  std::string client_certificate;     // PEM file with chain, for servers that ask; empty: none
  std::string client_key;             // PEM file, not encrypted
  std::string trust_setting;          // which setting names the trusted roots, for people
  tls_material_source material{};     // counts before the three files; may be null
  std::string certificate_setting{};  // the same for certificate and key; empty: unknown
  std::string key_setting{};
};

class tls_context {
 public:
  // Throws std::runtime_error that names the file which cannot be used, and its setting. Nothing
  // asks at the terminal for the passphrase of a key.
  explicit tls_context(const tls_settings& settings);

  // A client session that will verify `peer.to.host` and offers its kept session.
  // The owner gives it its BIO.
  [[nodiscard]] ssl_pointer make_session(tls_peer& peer) const;

  // After a complete handshake; true when it was a resumed one.
  static bool note_handshake(const ssl_st* ssl, const tls_peer& peer);

 private:
  std::unique_ptr<ssl_ctx_st, ssl_free> context_;
  std::string trust_setting_;
  tls_material_source material_;
};

}  // namespace connector::http
