#include "connector/http/connection.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <cerrno>
#include <new>
#include <system_error>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/http/socket_bio.h"
#include "connector/http/tls_failure.h"

namespace connector::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// NAT gateways and load balancers forget a silent connection after 350 s, so a long call must show
// signs of life well before; a peer that is gone is noticed in less than two minutes.
constexpr int keepalive_idle_s = 45;
constexpr int keepalive_interval_s = 15;
constexpr int keepalive_count = 4;
constexpr int user_timeout_ms = 100'000;

void set_option(int socket, int level, int name, int value) {
  // Each of them only makes things better: a system without one still works.
  ::setsockopt(socket, level, name, &value, sizeof value);
}

void set_options(int socket) {
  set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  set_option(socket, SOL_SOCKET, SO_KEEPALIVE, 1);
  set_option(socket, IPPROTO_TCP, TCP_KEEPIDLE, keepalive_idle_s);
  set_option(socket, IPPROTO_TCP, TCP_KEEPINTVL, keepalive_interval_s);
  set_option(socket, IPPROTO_TCP, TCP_KEEPCNT, keepalive_count);
  set_option(socket, IPPROTO_TCP, TCP_USER_TIMEOUT, user_timeout_ms);
}

std::string words_for(int system_error) { return std::system_category().message(system_error); }

}  // namespace

connection::connection(const asio::any_io_executor& loop, deadlines& limits)
    : socket_(loop), limits_(limits) {}

connection::~connection() {
  disarm();
  // Without this OpenSSL marks the session as unfit to be resumed.
  for (const auto* layer : {&ssl_, &outer_ssl_}) {
    if (*layer == nullptr) continue;
    SSL_set_shutdown(layer->get(), SSL_SENT_SHUTDOWN | SSL_RECEIVED_SHUTDOWN);
  }
}

void connection::time_over() {
  over_ = true;
  boost::system::error_code ignored;
  socket_.cancel(ignored);
}

wake connection::wake_reason(wake otherwise, bool cancelled) const {
  if (cancelled) return wake::cancelled;
  return over_ ? wake::time_over : otherwise;
}

asio::awaitable<wake> connection::connect(tcp::endpoint to, bool& connected) {
  connected = false;
  if (over_) co_return wake::time_over;
  boost::system::error_code failed;
  socket_.open(to.protocol(), failed);
  if (!failed) socket_.native_non_blocking(true, failed);
  if (!failed) {
    set_options(socket_.native_handle());
    co_await socket_.async_connect(to, asio::redirect_error(asio::use_awaitable, failed));
  }
  const auto state = co_await asio::this_coro::cancellation_state;
  const wake how = wake_reason(wake::ready, is_cancelled(state));
  if (failed) error_ = failed.message();
  lacks_descriptors_ = failed == boost::system::errc::too_many_files_open ||
                       failed == boost::system::errc::too_many_files_open_in_system;
  connected = how == wake::ready && !failed;
  co_return how;
}

void connection::start_tls(const tls_context& context, const destination& to, tls_memory* memory) {
  if (ssl_ != nullptr) {
    outer_ssl_ = std::move(ssl_);
    outer_peer_ = std::exchange(peer_, std::make_unique<tls_peer>());
  }
  peer_->to = to;
  peer_->memory = memory;
  ssl_ = context.make_session(*peer_);
  BIO* bio = nullptr;
  if (outer_ssl_ == nullptr) {
    bio = socket_bio::make(*this);
  } else {
    bio = BIO_new(BIO_f_ssl());
    if (bio == nullptr) throw std::bad_alloc();
    BIO_set_ssl(bio, outer_ssl_.get(), BIO_NOCLOSE);
  }
  SSL_set_bio(ssl_.get(), bio, bio);
}

step connection::handshake() {
  begin_step();
  return tls_step(SSL_do_handshake(ssl_.get()));
}

bool connection::note_handshake() const { return tls_context::note_handshake(ssl_.get(), *peer_); }

step connection::read_some(char* into, std::size_t room, std::size_t& moved) {
  moved = 0;
  if (ssl_ == nullptr) return plain_step(receive(into, room, 0), moved);
  begin_step();
  const step outcome = tls_step(SSL_read_ex(ssl_.get(), into, room, &moved));
  if (outcome == step::done) {
    messages_before_ = static_cast<std::size_t>(std::exchange(peer_->messages, 0));
    if (outer_peer_ != nullptr) {
      messages_before_ += static_cast<std::size_t>(std::exchange(outer_peer_->messages, 0));
    }
  }
  return outcome;
}

step connection::write_some(std::string_view bytes, std::size_t& moved) {
  moved = 0;
  if (ssl_ == nullptr) {
    const step outcome = plain_step(transmit(bytes.data(), bytes.size()), moved);
    return outcome == step::want_read ? step::want_write : outcome;
  }
  begin_step();
  return tls_step(SSL_write_ex(ssl_.get(), bytes.data(), bytes.size(), &moved));
}

step connection::peek() {
  char byte = 0;
  std::size_t moved = 0;
  if (tls_is_quiet()) {
    // Mostly nothing has arrived. OpenSSL would take 17 KB of memory to find that out.
    const auto outcome = receive(&byte, 1, MSG_PEEK);
    if (outcome < 0 || ssl_ == nullptr) return plain_step(outcome, moved);
  }
  begin_step();
  const step outcome = tls_step(SSL_peek_ex(ssl_.get(), &byte, 1, &moved));
  if (outcome != step::want_read || !is_long_step()) return outcome;
  error_ = "the other side sent much that is no data";
  return step::broken;
}

bool connection::quiet() { return peek() == step::want_read && tls_is_quiet(); }

bool connection::tls_is_quiet() const {
  for (const auto* layer : {&ssl_, &outer_ssl_}) {
    if (*layer == nullptr) continue;
    if (SSL_has_pending(layer->get()) == 1) return false;
    if ((SSL_get_shutdown(layer->get()) & SSL_RECEIVED_SHUTDOWN) != 0) return false;
  }
  return ssl_ == nullptr || error_.empty();
}

void connection::begin_step() {
  ERR_clear_error();
  bytes_in_step_ = 0;
}

bool connection::has_only_messages() {
  const int outer = outer_peer_ != nullptr ? outer_peer_->messages : 0;
  if (std::max(peer_->messages, outer) <= most_messages) return false;
  error_ = "the other side sent more than " + std::to_string(most_messages) +
           " messages of TLS in a row and no data";
  return true;
}

// OpenSSL gives its buffers back by itself, but not always: when it reads the session tickets that
// a server sends after the handshake, or writes an alert, it keeps 16 KiB until the next write.
void connection::free_buffers() {
  for (const auto* layer : {&ssl_, &outer_ssl_}) {
    // Does nothing while bytes are in them.
    if (*layer != nullptr) SSL_free_buffers(layer->get());
  }
}

asio::awaitable<wake> connection::wait(tcp::socket::wait_type event) {
  free_buffers();
  auto state = co_await asio::this_coro::cancellation_state;
  const wake before = wake_reason(wake::ready, is_cancelled(state));
  if (before != wake::ready) co_return before;
  boost::system::error_code failed;
  co_await socket_.async_wait(event, asio::redirect_error(asio::use_awaitable, failed));
  // A failed wait is seen, with its reason, by the read or write that follows.
  state = co_await asio::this_coro::cancellation_state;
  co_return wake_reason(wake::ready, is_cancelled(state));
}

asio::awaitable<wake> connection::wait_for_any() {
  using namespace asio::experimental::awaitable_operators;
  auto state = co_await asio::this_coro::cancellation_state;
  const wake before = wake_reason(wake::ready, is_cancelled(state));
  if (before != wake::ready) co_return before;
  boost::system::error_code no_read;
  boost::system::error_code no_write;
  auto readable = socket_.async_wait(tcp::socket::wait_read,
                                     asio::redirect_error(asio::use_awaitable, no_read));
  auto writable = socket_.async_wait(tcp::socket::wait_write,
                                     asio::redirect_error(asio::use_awaitable, no_write));
  co_await (std::move(readable) || std::move(writable));
  state = co_await asio::this_coro::cancellation_state;
  co_return wake_reason(wake::ready, is_cancelled(state));
}

asio::awaitable<wake> connection::give_way() {
  co_await asio::post(socket_.get_executor(), asio::use_awaitable);
  const auto state = co_await asio::this_coro::cancellation_state;
  co_return wake_reason(wake::ready, is_cancelled(state));
}

void connection::close_politely() {
  disarm();
  if (ssl_ == nullptr) return;
  ERR_clear_error();
  SSL_shutdown(ssl_.get());
  if (outer_ssl_ != nullptr) SSL_shutdown(outer_ssl_.get());
  // The alert took one, and hundreds of connections may be closed before the first one is
  // destroyed.
  free_buffers();
}

step connection::tls_step(int outcome) {
  if (outcome == 1) return step::done;
  switch (SSL_get_error(ssl_.get(), outcome)) {
    case SSL_ERROR_WANT_READ:
      return step::want_read;
    case SSL_ERROR_WANT_WRITE:
      return step::want_write;
    case SSL_ERROR_ZERO_RETURN:
      return step::closed;
    case SSL_ERROR_SYSCALL:
      // An alert that was read before, or will be, says more than what the system says.
      if (error_.empty()) {
        error_ = system_error_ != 0 ? words_for(system_error_) : "the connection was lost";
      }
      return step::broken;
    default:
      error_ = why_broken(peer_->to);
      return step::broken;
  }
}

step connection::plain_step(std::ptrdiff_t outcome, std::size_t& moved) {
  if (outcome > 0) {
    moved = static_cast<std::size_t>(outcome);
    return step::done;
  }
  if (outcome == 0) return step::closed;
  if (errno == EAGAIN) return step::want_read;
  error_ = words_for(errno);
  return step::broken;
}

std::ptrdiff_t connection::receive(char* into, std::size_t room, int flags) {
  std::ptrdiff_t outcome = 0;
  do {
    outcome = ::recv(socket_.native_handle(), into, room, flags);
  } while (outcome < 0 && errno == EINTR);
  if (outcome == 0) stream_ended_ = true;
  if (outcome < 0 && errno != EAGAIN) system_error_ = errno;
  return outcome;
}

std::ptrdiff_t connection::transmit(const char* from, std::size_t size) {
  std::ptrdiff_t outcome = 0;
  do {
    outcome = ::send(socket_.native_handle(), from, size, MSG_NOSIGNAL);
  } while (outcome < 0 && errno == EINTR);
  if (outcome > 0) bytes_out_ += static_cast<std::uint64_t>(outcome);
  if (outcome < 0 && errno != EAGAIN) system_error_ = errno;
  return outcome;
}

}  // namespace connector::http
