// The open connections of a client, by destination and identity. The one used last is taken first,
// so that surplus connections grow old and are closed. A request that finds no connection waits for
// one that is given back or newly opened, whichever is first. Few are opened at a time, so a fast
// server is not flooded and a slow one still gets as many as there are requests. Shared by the
// client, its exchanges and the openers under way. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connector/http/client.h"
#include "connector/http/connection.h"
#include "connector/http/connection_opener.h"
#include "connector/http/deadlines.h"
#include "connector/http/pooled_client.h"
#include "connector/http/recent_set.h"
#include "connector/http/tls.h"

namespace connector::http {

// Whose connections, to where.
struct pool_key {
  destination to;
  std::string identity;  // as in `request`

  friend auto operator<=>(const pool_key&, const pool_key&) = default;
};

// The files of the client.
tls_settings tls_settings_of(const client_settings& from);

class pool : public std::enable_shared_from_this<pool> {
 public:
  // Throws std::runtime_error for a CA bundle or client certificate that cannot be used.
  pool(const boost::asio::any_io_executor& loop, client_settings settings);
  ~pool();

  // A kept connection that is quiet, or null.
  connection_pointer take_idle(const pool_key& of);
  // Waits for one until `end`; `fresh`: for one that no exchange has used. Must not throw on
  // cancellation (this_coro::throw_if_cancelled(false)).
  boost::asio::awaitable<result<connection_pointer>> wait(const pool_key& of, const limits& bounds,
                                                          deadline end, bool fresh);
  // After a whole exchange; kept for at most `keep_for` (0: not at all), and only when it is quiet.
  void give_back(const pool_key& of, connection_pointer used, std::chrono::milliseconds keep_for);
  // Closes a connection that may not be used again.
  void drop(const pool_key& of, connection_pointer used);

  // The server sent bytes without a request. From now on none of its connections is kept, whatever
  // the identity, because late surplus bytes cannot be told from the next answer.
  void give_up_on(const destination& server);

  // Breaks off openers too that nothing waits for.
  void close_idle();
  // Closes idle connections and breaks off openers; nothing is kept or opened any more.
  void close();

  [[nodiscard]] const client_settings& settings() const { return settings_; }
  [[nodiscard]] const boost::asio::any_io_executor& loop() const { return loop_; }
  counters counted;
  // Where exchanges read into, and take from before they wait again. One TLS record.
  std::vector<char> scratch = std::vector<char>(16 * 1024);

 private:
  struct waiter;
  struct pool_entry;
  class sweeper;

  pool_entry& site_of(const pool_key& of);
  connection_pointer take_quiet(pool_entry& at);
  void hand_out(pool_entry& at);
  void close_all_idle(pool_entry& at);
  void open_more(pool_entry& at);
  boost::asio::awaitable<void> open_one(pool_entry& at, limits bounds,
                                        std::shared_ptr<boost::asio::cancellation_signal> stop);
  void opened(pool_entry& at, connection_pointer made, bool resumed);
  void failed(pool_entry& at, std::uint64_t started, const failure& why);
  void closed(pool_entry& at);
  void close_oldest(pool_entry& at);
  bool close_oldest_of_all();
  bool spare_descriptors();
  bool room_for_one_more(pool_entry& at);
  void abandon_spare_opener();
  void place_is_free(pool_entry& at);
  void serve_starved();
  void sweep();
  void forget_old_sites();

  const boost::asio::any_io_executor loop_;
  const client_settings settings_;
  const std::shared_ptr<deadlines> limits_;
  connect_context context_;
  std::map<pool_key, std::unique_ptr<pool_entry>> sites_;
  // Bounded: a server that is forgotten has to send a surplus again to be given up.
  recent_set<destination> given_up_{1000};
  std::unique_ptr<sweeper> sweeper_;
  std::uint64_t clock_ = 0;  // orders arrivals, starts and successes
  std::size_t in_all_ = 0;   // connections open or being opened
  std::size_t idle_ = 0;     // of them idle
  bool starved_ = false;     // someone waits because of the limit on all connections
  bool closed_ = false;
};

}  // namespace connector::http
