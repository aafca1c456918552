// One connection of the embedded Lambda: handshake, requests one after the other, scripts of wire
// faults. A session lives in its coroutine, on the one thread of its context; the host outlives it.
#pragma once

#include <atomic>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_set>

#include "tests/sandbox/lambda/service.h"

namespace sandbox {

class session;

// What the sessions share.
struct session_host {
  const service& api;
  account& counts;
  std::atomic<bool> hang_handshakes = false;

  std::mutex guard;  // of the two below
  keep_alive connections;
  std::shared_ptr<boost::asio::ssl::context> tls;

  keep_alive policy();
  std::shared_ptr<boost::asio::ssl::context> tls_context();
};

// The sessions of one thread, touched only there.
using session_set = std::unordered_set<session*>;

class session : public std::enable_shared_from_this<session> {
 public:
  // Starts serving; `secure` false speaks plain HTTP.
  static void start(boost::asio::ip::tcp::socket socket, bool secure, session_host& host,
                    session_set& all);

  session(boost::asio::ip::tcp::socket socket, bool secure, session_host& host, session_set& all);
  ~session();
  session(const session&) = delete;
  session& operator=(const session&) = delete;

  // From the session's own thread: the connection ends with a FIN, or an RST.
  void end(bool reset);

 private:
  using tcp = boost::asio::ip::tcp;
  using secure_stream = boost::asio::ssl::stream<tcp::socket&>;

  static boost::asio::awaitable<void> run(std::shared_ptr<session> self);
  boost::asio::awaitable<bool> handshake();
  template <class Stream>
  boost::asio::awaitable<void> serve(Stream& stream);
  template <class Stream>
  boost::asio::awaitable<bool> read_request(Stream& stream, http_request& request);
  template <class Stream>
  boost::asio::awaitable<bool> write(Stream& stream, const std::string& bytes);
  // True: go on with the next request on this connection.
  template <class Stream>
  boost::asio::awaitable<bool> play(Stream& stream, const wire_script& script);
  // Until the client goes away.
  template <class Stream>
  boost::asio::awaitable<void> swallow(Stream& stream);
  template <class Stream>
  boost::asio::awaitable<void> close(Stream& stream);
  boost::asio::awaitable<void> let_pass(std::chrono::milliseconds time);
  static boost::asio::awaitable<void> finish_later(std::shared_ptr<session> self,
                                                   std::shared_ptr<counted_call> call,
                                                   std::chrono::milliseconds time);
  // The connection is closed unless disarm comes within the time.
  void arm(std::chrono::milliseconds time);
  void disarm();

  tcp::socket socket_;
  session_host& host_;
  session_set& all_;
  std::shared_ptr<boost::asio::ssl::context> context_;  // while stream_ uses it
  std::optional<secure_stream> stream_;                 // empty: plain HTTP
  boost::asio::steady_timer pause_;
  boost::asio::steady_timer guard_;
  std::uint64_t armed_ = 0;
  bool ended_ = false;
  bool oversized_ = false;  // the last request's body was not read to its end
  boost::beast::flat_buffer buffer_;
  std::string out_;
};

}  // namespace sandbox
