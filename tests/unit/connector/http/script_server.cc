#include "tests/unit/connector/http/script_server.h"

#include <arpa/inet.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/param_build.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <tuple>

namespace script {
namespace {

void require(bool holds, const char* action) {
  if (!holds) throw std::runtime_error(std::string("script server: ") + action);
}

// Writing to a client that is gone must not end the process; only for our own threads, so that a
// client which raises the signal is still found out.
void block_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
}

void exchange_keys_of(int bits, SSL_CTX* context) {
  BIGNUM* prime = BN_new();  // or not: nobody looks
  BIGNUM* generator = BN_new();
  BN_set_bit(prime, bits - 1);
  BN_set_bit(prime, 0);
  BN_set_word(generator, 2);
  OSSL_PARAM_BLD* build = OSSL_PARAM_BLD_new();
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_FFC_P, prime);
  OSSL_PARAM_BLD_push_BN(build, OSSL_PKEY_PARAM_FFC_G, generator);
  OSSL_PARAM* parameters = OSSL_PARAM_BLD_to_param(build);
  EVP_PKEY_CTX* making = EVP_PKEY_CTX_new_from_name(nullptr, "DH", nullptr);
  EVP_PKEY* made = nullptr;
  require(EVP_PKEY_fromdata_init(making) == 1 &&
              EVP_PKEY_fromdata(making, &made, EVP_PKEY_KEY_PARAMETERS, parameters) == 1 &&
              SSL_CTX_set0_tmp_dh_pkey(context, made) == 1 &&
              SSL_CTX_set_cipher_list(context, "DHE-RSA-AES128-GCM-SHA256") == 1,
          "no DHE");
  SSL_CTX_set_max_proto_version(context, TLS1_2_VERSION);
  EVP_PKEY_CTX_free(making);
  OSSL_PARAM_free(parameters);
  OSSL_PARAM_BLD_free(build);
  BN_free(generator);
  BN_free(prime);
}

SSL_CTX* make_context(const options& how) {
  SSL_CTX* context = SSL_CTX_new(TLS_server_method());
  require(context != nullptr, "no TLS");
  SSL_CTX_set_security_level(context, 0);
  SSL_CTX_set_min_proto_version(context, TLS1_VERSION);
  if (how.newest_version != 0) SSL_CTX_set_max_proto_version(context, how.newest_version);
  BIO* chain = BIO_new_mem_buf(how.chain.data(), static_cast<int>(how.chain.size()));
  X509* leaf = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr);
  require(leaf != nullptr && SSL_CTX_use_certificate(context, leaf) == 1, "no certificate");
  X509_free(leaf);
  while (X509* more = PEM_read_bio_X509(chain, nullptr, nullptr, nullptr)) {
    SSL_CTX_add_extra_chain_cert(context, more);
  }
  ERR_clear_error();
  BIO_free(chain);
  BIO* key = BIO_new_mem_buf(how.key.data(), static_cast<int>(how.key.size()));
  EVP_PKEY* secret = PEM_read_bio_PrivateKey(key, nullptr, nullptr, nullptr);
  require(secret != nullptr && SSL_CTX_use_PrivateKey(context, secret) == 1, "no key");
  EVP_PKEY_free(secret);
  BIO_free(key);
  if (how.ticket != 0) {
    SSL_CTX_set_session_ticket_cb(
        context,
        [](SSL* ssl, void* size) {
          const std::string more(*static_cast<const std::size_t*>(size), 'x');
          return SSL_SESSION_set1_ticket_appdata(SSL_get_session(ssl), more.data(), more.size());
        },
        nullptr, const_cast<std::size_t*>(&how.ticket));
  }
  if (how.dh_bits != 0) exchange_keys_of(how.dh_bits, context);
  if (!how.client_ca.empty()) {
    BIO* root = BIO_new_mem_buf(how.client_ca.data(), static_cast<int>(how.client_ca.size()));
    X509* authority = PEM_read_bio_X509(root, nullptr, nullptr, nullptr);
    X509_STORE_add_cert(SSL_CTX_get_cert_store(context), authority);
    X509_free(authority);
    BIO_free(root);
    SSL_CTX_set_verify(context, SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
  }
  const unsigned char id = 1;
  SSL_CTX_set_session_id_context(context, &id, 1);
  return context;
}

}  // namespace

server::server(play script, options how)
    : script_(std::move(script)),
      how_(std::move(how)),
      context_(how_.tls ? make_context(how_) : nullptr, [](SSL_CTX* p) { SSL_CTX_free(p); }) {
  listen();
  if (how_.accept) acceptor_ = std::thread([this] { accept_all(); });
}

void server::listen() {
  listener_ = ::socket(how_.ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int on = 1;
  ::setsockopt(listener_, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (how_.send_buffer > 0) {
    // Connections inherit it.
    const int size = how_.send_buffer;
    ::setsockopt(listener_, SOL_SOCKET, SO_SNDBUF, &size, sizeof size);
  }
  sockaddr_storage where{};
  socklen_t size = 0;
  if (how_.ipv6) {
    auto* v6 = reinterpret_cast<sockaddr_in6*>(&where);
    v6->sin6_family = AF_INET6;
    v6->sin6_addr = in6addr_loopback;
    v6->sin6_port = htons(how_.port);
    size = sizeof *v6;
  } else {
    auto* v4 = reinterpret_cast<sockaddr_in*>(&where);
    v4->sin_family = AF_INET;
    v4->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    v4->sin_port = htons(how_.port);
    size = sizeof *v4;
  }
  require(::bind(listener_, reinterpret_cast<sockaddr*>(&where), size) == 0, "cannot bind");
  require(::listen(listener_, how_.backlog) == 0, "cannot listen");
  require(::getsockname(listener_, reinterpret_cast<sockaddr*>(&where), &size) == 0, "no name");
  port_ = ntohs(how_.ipv6 ? reinterpret_cast<sockaddr_in6*>(&where)->sin6_port
                          : reinterpret_cast<sockaddr_in*>(&where)->sin_port);
}

server::~server() {
  stopping_ = true;
  ::shutdown(listener_, SHUT_RDWR);
  if (acceptor_.joinable()) acceptor_.join();
  close_all();
  for (std::thread& one : threads_) one.join();
  ::close(listener_);
}

connector::http::destination server::address() const {
  return named(how_.ipv6 ? "::1" : "127.0.0.1");
}

connector::http::destination server::named(const std::string& host) const {
  return {how_.tls, host, port_};
}

void server::close_all() {
  const std::lock_guard lock(guard_);
  for (int socket : open_) ::shutdown(socket, SHUT_RDWR);
  for (int socket : open_) wait_for_fin(socket, std::chrono::seconds(1));
}

void server::accept_all() {
  block_sigpipe();
  while (!stopping_) {
    const int socket = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
    if (socket < 0) return;
    const std::size_t number = connections_++;
    const std::lock_guard lock(guard_);
    open_.push_back(socket);
    threads_.emplace_back([this, socket, number] { serve(socket, number); });
  }
}

void server::serve(int socket, std::size_t number) {
  block_sigpipe();
  {
    peer here(socket, number, context_.get());
    if (!how_.handshake || here.shake_hands()) script_(here);
  }
  const std::lock_guard lock(guard_);
  std::erase(open_, socket);
  ::close(socket);
}

}  // namespace script
