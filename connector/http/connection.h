// One TCP connection to a server, with or without TLS. Reads and writes take what is possible now
// and say what to wait for; wait() is the only member that suspends. OpenSSL works on the socket
// itself, so an idle TLS connection keeps no buffer. Owned by the pool or by one exchange; `limits`
// and the object that `peer` points to outlive it. Loop's thread.
#pragma once

#include <boost/asio/awaitable.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "connector/base/clock.h"
#include "connector/http/deadlines.h"
#include "connector/http/tls.h"

struct bio_st;  // OpenSSL's BIO

namespace connector::http {

enum class step {
  done,        // some bytes went through, or the handshake is complete
  want_read,   // wait until the socket is readable, then repeat
  want_write,  // the same, writable
  closed,      // the server ended the stream in an orderly way
  broken,      // see connection::error()
};

enum class wake { ready, time_over, cancelled };

class connection final : public timed {
 public:
  connection(const boost::asio::any_io_executor& loop, deadlines& limits);
  ~connection() override;

  // TCP connection with all socket options; the limit that is armed ends it. False: error().
  boost::asio::awaitable<wake> connect(boost::asio::ip::tcp::endpoint to, bool& connected);

  // Plain until then. `context` outlives the connection. A second time: TLS within TLS, for a
  // server behind a proxy that is itself reached over TLS. `memory` may be null: no session is
  // kept.
  void start_tls(const tls_context& context, const destination& to, tls_memory* memory);
  step handshake();
  // After a complete handshake: whether it was a resumed one.
  [[nodiscard]] bool note_handshake() const;

  // At most one record or one system call; `moved` counts the bytes. A write that wants to wait
  // is repeated with the same bytes.
  step read_some(char* into, std::size_t room, std::size_t& moved);
  step write_some(std::string_view bytes, std::size_t& moved);
  // Bytes that the system took since the connection was made, TLS framing included.
  [[nodiscard]] std::uint64_t bytes_out() const { return bytes_out_; }

  // The result of a read now: `done` for bytes, which stay unread. Processes TLS's own messages.
  step peek();
  // Nothing has arrived: no end of the stream, no bytes that no request asked for, no part of a TLS
  // record that may become such bytes.
  bool quiet();

  // Waits for the socket, the armed limit, or cancellation of the coroutine. Quiet cancellation
  // (base/cancellation.h). After anything but `ready` the connection cannot be used any more.
  boost::asio::awaitable<wake> wait(boost::asio::ip::tcp::socket::wait_type event);
  // The same for both directions at once.
  boost::asio::awaitable<wake> wait_for_any();
  // Lets the loop do its other work, and comes back with what wait() would say. For loops in which
  // no wait is due as long as the other side goes on sending.
  boost::asio::awaitable<wake> give_way();

  // The messages of TLS before the data of the last read_some(): work that brought no byte.
  [[nodiscard]] std::size_t messages_before() const { return messages_before_; }

  void arm(deadline at) { limits_.arm(*this, at); }
  // Ends every wait under way with `time_over`.
  void abandon() { time_over(); }
  // Sends TLS's close_notify if that needs no wait. For a connection with no exchange under way.
  void close_politely();

  // Why the last step was broken, or connect() failed; for people.
  [[nodiscard]] const std::string& error() const { return error_; }
  [[nodiscard]] const std::string& certificate_error() const { return peer_->error; }

  // After a failed connect(): the system or the process has no descriptor left.
  [[nodiscard]] bool lacks_descriptors() const { return lacks_descriptors_; }

  deadline idle_until{};      // the pool's notes, while it is idle
  std::uint64_t kept_as = 0;  // the larger, the later
  bool reused = false;        // it has carried an exchange before

 private:
  friend struct socket_bio;

  void time_over() override;
  [[nodiscard]] wake wake_reason(wake otherwise, bool cancelled) const;
  void free_buffers();
  step tls_step(int outcome);
  step plain_step(std::ptrdiff_t outcome, std::size_t& moved);
  // The server sends messages of TLS and no data: then there is an error().
  bool has_only_messages();
  // One step has read enough, and the loop has its turn. A step of data reads a record.
  [[nodiscard]] bool is_long_step() const { return bytes_in_step_ >= most_in_step; }
  void begin_step();
  // OpenSSL holds nothing that the server sent: no bytes, no end of the stream, no alert. True of a
  // plain connection.
  [[nodiscard]] bool tls_is_quiet() const;
  std::ptrdiff_t receive(char* into, std::size_t room, int flags);
  std::ptrdiff_t transmit(const char* from, std::size_t size);

  boost::asio::ip::tcp::socket socket_;
  deadlines& limits_;
  // Of the proxy, when there are two layers. OpenSSL keeps pointers to the peers.
  std::unique_ptr<tls_peer> outer_peer_;
  ssl_pointer outer_ssl_;
  std::unique_ptr<tls_peer> peer_ = std::make_unique<tls_peer>();
  ssl_pointer ssl_;
  std::uint64_t bytes_out_ = 0;
  bool over_ = false;
  bool lacks_descriptors_ = false;
  bool stream_ended_ = false;
  int system_error_ = 0;
  std::size_t messages_before_ = 0;
  static constexpr std::size_t most_in_step = 128 * 1024;
  std::size_t bytes_in_step_ = 0;  // read from the socket, TLS framing included
  std::string error_;
};

using connection_pointer = std::unique_ptr<connection>;

}  // namespace connector::http
