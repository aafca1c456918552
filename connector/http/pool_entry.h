// The pool's connections for one destination and identity, and a request that waits there. Private
// to the pool's two sources; loop's thread.
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <boost/intrusive/list.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "connector/http/connection_opener.h"
#include "connector/http/pool.h"

namespace connector::http {

struct pool::waiter final : public timed, public boost::intrusive::list_base_hook<> {
  waiter(const boost::asio::any_io_executor& loop, pool_entry& where, const limits& wanted,
         bool only_fresh)
      : gate(loop, boost::asio::steady_timer::time_point::max()),
        at(where),
        bounds(wanted),
        fresh(only_fresh) {}
  ~waiter() override { leave(); }

  void leave();
  void wake() {
    leave();
    gate.cancel();
  }
  void time_over() override;

  boost::asio::steady_timer gate;
  pool_entry& at;  // as long as this is linked; afterwards the pool may forget it
  const limits bounds;
  const bool fresh;  // takes no connection that was used before
  std::uint64_t arrived = 0;
  connection_pointer got;
  std::optional<failure> failed;
  std::string failed_before;  // when its time was over; for people
};

struct pool::pool_entry {
  explicit pool_entry(pool_key whose) : name(std::move(whose)), to(name.to) {}

  const pool_key name;
  const destination& to;
  destination_memory memory;
  std::vector<connection_pointer> idle;    // the one used last at the back
  boost::intrusive::list<waiter> waiters;  // constant-time size
  std::vector<connection_opener*> openers;
  std::size_t opening = 0;
  std::size_t open = 0;         // in use or idle
  std::uint64_t succeeded = 0;  // when a connection was last opened or given back
  std::string last_failure;     // of opening one, since one was opened; for people

  // An opener that no request needs, because each that waits has another one. Null without one.
  [[nodiscard]] connection_opener* spare_opener() const;
  [[nodiscard]] bool unused() const { return open == 0 && opening == 0 && waiters.empty(); }
};

}  // namespace connector::http
