// A server for tests that does what a script says, on a free port of the loopback: one thread for
// each connection, blocking calls, so that a script reads from top to bottom. Every wait in it is
// bounded. The destructor closes all connections and joins the threads; what a script uses must
// outlive the server.
#pragma once

#include <atomic>
#include <chrono>
#include <cstdint>
#include <functional>
#include <future>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "connector/http/message.h"

struct ssl_st;
struct ssl_ctx_st;

namespace script {

// Set once by one thread, waited for by another; the wait is bounded.
class event {
 public:
  void set() { promise_.set_value(); }
  [[nodiscard]] bool is_set() const {
    return future_.wait_for(std::chrono::seconds(0)) == std::future_status::ready;
  }
  bool wait() { return future_.wait_for(std::chrono::seconds(20)) == std::future_status::ready; }

 private:
  std::promise<void> promise_;
  std::future<void> future_ = promise_.get_future();
};

// The server's side of one connection. Used by its script's thread alone.
class peer {
 public:
  peer(int socket, std::size_t number, ssl_ctx_st* context);
  ~peer();
  peer(const peer&) = delete;
  peer& operator=(const peer&) = delete;

  // TLS only; done before the script starts unless the server was told otherwise.
  bool shake_hands();

  // As a proxy: takes a CONNECT without TLS, says yes (with so many bytes of header, when they are
  // more than it needs) and shakes hands as the destination.
  bool open_tunnel(std::size_t header_bytes = 0, std::string_view and_behind_it = "");

  // The next whole request (head and as much body as it announces). Nothing when there is no more.
  std::optional<std::string> request();
  // At most so many bytes of what comes, at least one; empty when there is no more.
  std::string some_bytes(std::size_t most);
  // False when the client is gone.
  bool send(std::string_view bytes);
  // Both in one TCP segment, each in a TLS record of its own.
  bool send_together(std::string_view first, std::string_view second);
  // Past TLS.
  void send_raw(std::string_view bytes);
  // Each byte in a TLS record of its own, all of them at once.
  bool send_byte_by_byte(std::string_view bytes);
  // TLS 1.3: one session ticket; a change of keys that asks the client for one too.
  bool send_ticket();
  bool send_key_update();
  // TLS 1.2: asks for a new handshake.
  bool send_hello_request();
  // A complete 200.
  bool answer(std::string_view body, std::string_view more_headers = "");
  // Until the client closes; what it sends is dropped.
  void wait_for_end();

  // Until the client closes, without reading what it sends.
  void stay();
  // From now on a send waits no longer than `time`.
  void wait_to_send(std::chrono::seconds time);
  // Whether the client closed, or does so within `time`. What it sends is dropped, also what TLS
  // would have to read.
  bool gone_within(std::chrono::milliseconds time);
  // Until the client's system has all that was sent.
  void settle();

  // These come back when the client's system knows of it.
  void close();  // TLS close_notify, then FIN
  void cut();    // FIN alone
  void reset();  // RST

  const std::size_t number;  // 0 for the first connection
  [[nodiscard]] bool resumed() const;
  [[nodiscard]] std::string server_name() const;  // the client's SNI

 private:
  friend class server;
  long receive(char* into, std::size_t room);

  int socket_;
  ssl_st* ssl_ = nullptr;
  std::string unread_;
};

// Comes back when the other side's system knows of our FIN, or after `most`. A busy kernel is late
// on the loopback too.
void wait_for_fin(int socket, std::chrono::seconds most);

struct options {
  bool tls = false;
  std::string chain;       // PEM
  std::string key;         // PEM
  int newest_version = 0;  // TLS1_1_VERSION and so on; 0: any
  int dh_bits = 0;         // TLS 1.2 with an exchange of so many bits (DHE), for an RSA key; 0: any
  std::string client_ca;   // PEM: demands a client certificate of this authority
  std::size_t ticket = 0;  // bytes that a session ticket has more than usual; at most 60,000
  bool handshake = true;   // false: the script does it
  bool ipv6 = false;
  std::uint16_t port = 0;  // 0: any free one
  int backlog = 1024;
  int send_buffer = 0;  // bytes that the system keeps of what is sent; 0: its own choice
  bool accept = true;   // false: connections pile up in the backlog
};

class server {
 public:
  using play = std::function<void(peer&)>;

  explicit server(play script, options how = {});
  ~server();
  server(const server&) = delete;
  server& operator=(const server&) = delete;

  [[nodiscard]] std::uint16_t port() const { return port_; }
  // As "127.0.0.1", or "::1" when it listens there.
  [[nodiscard]] connector::http::destination address() const;
  // The same port under a name.
  [[nodiscard]] connector::http::destination named(const std::string& host) const;
  [[nodiscard]] std::size_t connections() const { return connections_; }
  // FIN or RST to all that is open now. It has arrived afterwards, unless the other side left no
  // room for what was sent before it.
  void close_all();

 private:
  void listen();
  void accept_all();
  void serve(int socket, std::size_t number);

  const play script_;
  const options how_;
  std::unique_ptr<ssl_ctx_st, void (*)(ssl_ctx_st*)> context_;
  int listener_ = -1;
  std::uint16_t port_ = 0;
  std::atomic<std::size_t> connections_{0};
  std::atomic<bool> stopping_{false};
  std::mutex guard_;
  std::vector<int> open_;
  std::vector<std::thread> threads_;
  std::thread acceptor_;
};

}  // namespace script
