// One connection of the script server, as a script sees it.
#include <linux/sockios.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/ssl.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <tuple>

#include "tests/unit/connector/http/script_server.h"

namespace script {
namespace {

constexpr int longest_wait_s = 20;

void wait_for(const std::function<bool()>& done,
              std::chrono::seconds most = std::chrono::seconds(longest_wait_s)) {
  const auto bound = std::chrono::steady_clock::now() + most;
  while (!done() && std::chrono::steady_clock::now() < bound) ::poll(nullptr, 0, 1);
}

std::size_t announced_body(const std::string& head) {
  const std::size_t at = head.find("Content-Length: ");
  return at == std::string::npos ? 0 : std::stoul(head.substr(at + 16));
}

}  // namespace

void wait_for_fin(int socket, std::chrono::seconds most) {
  wait_for(
      [socket] {
        tcp_info now{};
        socklen_t size = sizeof now;
        return ::getsockopt(socket, IPPROTO_TCP, TCP_INFO, &now, &size) != 0 ||
               (now.tcpi_state != TCP_FIN_WAIT1 && now.tcpi_state != TCP_CLOSING);
      },
      most);
}

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

bool peer::send_byte_by_byte(std::string_view bytes) {
  BIO* memory = BIO_new(BIO_s_mem());
  SSL_set0_wbio(ssl_, memory);
  bool sent = true;
  for (const char& one : bytes) sent = SSL_write(ssl_, &one, 1) == 1 && sent;
  char* start = nullptr;
  const long size = BIO_get_mem_data(memory, &start);
  const std::string records(start, static_cast<std::size_t>(size));
  BIO_up_ref(SSL_get_rbio(ssl_));
  SSL_set0_wbio(ssl_, SSL_get_rbio(ssl_));
  send_raw(records);
  return sent;
}

bool peer::send_ticket() {
  return SSL_new_session_ticket(ssl_) == 1 && SSL_do_handshake(ssl_) == 1;
}

bool peer::send_key_update() {
  return SSL_key_update(ssl_, SSL_KEY_UPDATE_REQUESTED) == 1 && SSL_do_handshake(ssl_) == 1;
}

bool peer::send_hello_request() {
  return SSL_renegotiate(ssl_) == 1 && SSL_do_handshake(ssl_) == 1;
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

void peer::wait_to_send(std::chrono::seconds time) {
  const timeval limit{time.count(), 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
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
  wait_for_fin(socket_, std::chrono::seconds(longest_wait_s));
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

}  // namespace script
