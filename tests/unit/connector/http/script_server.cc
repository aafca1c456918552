#include "tests/unit/connector/http/script_server.h"

#include <arpa/inet.h>
#include <linux/sockios.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <stdexcept>
#include <tuple>

namespace script {
namespace {

constexpr int longest_wait_s = 20;

void require(bool holds, const char* what) {
  if (!holds) throw std::runtime_error(std::string("script server: ") + what);
}

// Writing to a client that is gone must not end the process; only for our own threads, so that a
// client which raises the signal is still found out.
void block_sigpipe() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
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

void wait_for(const std::function<bool()>& done) {
  const auto bound = std::chrono::steady_clock::now() + std::chrono::seconds(longest_wait_s);
  while (!done() && std::chrono::steady_clock::now() < bound) ::poll(nullptr, 0, 1);
}

std::size_t announced_body(const std::string& head) {
  const std::size_t at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

}  // namespace

peer::peer(int socket, std::size_t position, ssl_ctx_st* context)
    : number(position), socket_(socket) {
  const timeval limit{longest_wait_s, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
  const int on = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  if (context != nullptr) {
    ssl_ = SSL_new(context);
    SSL_set_fd(ssl_, socket_);
  }
}

peer::~peer() {
  if (ssl_ != nullptr) SSL_free(ssl_);
}

bool peer::shake_hands() { return ssl_ == nullptr || SSL_accept(ssl_) == 1; }

bool peer::open_tunnel(std::size_t header_bytes, std::string_view and_behind_it) {
  std::string asked;
  char byte = 0;
  while (!asked.ends_with("\r\n\r\n")) {
    if (::recv(socket_, &byte, 1, 0) != 1) return false;
    asked += byte;
  }
  std::string yes = "HTTP/1.1 200 Yes\r\nX: \r\n\r\n";
  if (header_bytes > yes.size()) yes.insert(21, header_bytes - yes.size(), 'x');
  send_raw(yes.append(and_behind_it));
  return shake_hands();
}

bool peer::resumed() const { return ssl_ != nullptr && SSL_session_reused(ssl_) == 1; }

std::string peer::server_name() const {
  const char* name =
      ssl_ != nullptr ? SSL_get_servername(ssl_, TLSEXT_NAMETYPE_host_name) : nullptr;
  return name != nullptr ? name : "";
}

long peer::receive(char* into, std::size_t room) {
  if (ssl_ != nullptr) return SSL_read(ssl_, into, static_cast<int>(room));
  return ::recv(socket_, into, room, 0);
}

std::string peer::some_bytes(std::size_t most) {
  std::string bytes = std::move(unread_);
  unread_.clear();
  if (bytes.empty()) {
    bytes.resize(most);
    const long got = receive(bytes.data(), most);
    bytes.resize(got > 0 ? static_cast<std::size_t>(got) : 0);
  }
  return bytes;
}

std::optional<std::string> peer::request() {
  std::string all = std::move(unread_);
  unread_.clear();
  char piece[16 * 1024];
  for (;;) {
    const std::size_t end = all.find("\r\n\r\n");
    if (end != std::string::npos) {
      const std::size_t size = end + 4 + announced_body(all.substr(0, end));
      if (all.size() >= size) {
        unread_ = all.substr(size);
        return all.substr(0, size);
      }
    }
    const long got = receive(piece, sizeof piece);
    if (got <= 0) return std::nullopt;
    all.append(piece, static_cast<std::size_t>(got));
  }
}

bool peer::send(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::size_t size = std::min<std::size_t>(bytes.size(), 64 * 1024);
    const long sent = ssl_ != nullptr ? SSL_write(ssl_, bytes.data(), static_cast<int>(size))
                                      : ::send(socket_, bytes.data(), size, MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool peer::send_together(std::string_view first, std::string_view second) {
  int corked = 1;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_CORK, &corked, sizeof corked);
  const bool sent = send(first) && send(second);
  corked = 0;
  ::setsockopt(socket_, IPPROTO_TCP, TCP_CORK, &corked, sizeof corked);
  return sent;
}

void peer::send_raw(std::string_view bytes) {
  std::ignore = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
}

bool peer::answer(std::string_view body, std::string_view more_headers) {
  std::string text = "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) + "\r\n";
  text.append(more_headers).append("\r\n").append(body);
  return send(text);
}

void peer::wait_for_end() {
  char piece[4096];
  while (receive(piece, sizeof piece) > 0) {
  }
}

void peer::stay() {
  pollfd look{socket_, POLLRDHUP, 0};
  ::poll(&look, 1, longest_wait_s * 1000);
}

bool peer::gone_within(std::chrono::milliseconds time) {
  pollfd look{socket_, POLLIN, 0};
  if (::poll(&look, 1, static_cast<int>(time.count())) <= 0) return false;
  char piece[4096];
  return ::recv(socket_, piece, sizeof piece, 0) <= 0;
}

void peer::close() {
  if (ssl_ != nullptr) SSL_shutdown(ssl_);
  cut();
}

void peer::cut() {
  ::shutdown(socket_, SHUT_RDWR);
  wait_for([this] {
    tcp_info now{};
    socklen_t size = sizeof now;
    ::getsockopt(socket_, IPPROTO_TCP, TCP_INFO, &now, &size);
    // The other side has acknowledged our FIN, or is gone.
    return now.tcpi_state != TCP_FIN_WAIT1 && now.tcpi_state != TCP_CLOSING;
  });
}

void peer::settle() {
  wait_for([this] {
    int unacknowledged = 0;
    return ::ioctl(socket_, SIOCOUTQ, &unacknowledged) != 0 || unacknowledged == 0;
  });
}

void peer::reset() {
  const linger now{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &now, sizeof now);
  // The server closes the descriptor when the script is over; connecting to nothing sends RST here.
  sockaddr nowhere{};
  nowhere.sa_family = AF_UNSPEC;
  std::ignore = ::connect(socket_, &nowhere, sizeof nowhere);
}

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
