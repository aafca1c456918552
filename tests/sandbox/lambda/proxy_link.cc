#include "tests/sandbox/lambda/proxy_link.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

namespace sandbox {

namespace asio = boost::asio;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;

namespace {

constexpr std::size_t block_size = 16 * 1024;

std::size_t index_of(direction where) { return where == direction::to_target ? 0 : 1; }

bool reached(const std::optional<std::size_t>& bound, std::size_t passed) {
  return bound && passed >= *bound;
}

// How many more bytes may pass before something happens; not 0 unless a bound is reached.
std::size_t allowance(const fault& active, std::size_t passed, std::size_t wanted) {
  std::size_t most = wanted;
  for (const auto& bound : {active.reset_after, active.half_close_after, active.stall_after}) {
    if (bound) most = std::min(most, *bound > passed ? *bound - passed : 0);
  }
  if (active.bytes_per_interval > 0) most = std::min(most, active.bytes_per_interval);
  return most;
}

}  // namespace

fault proxy_board::current(direction where) const {
  const std::lock_guard lock(guard);
  return faults[index_of(where)];
}

proxy_link::proxy_link(tcp::socket accepted, asio::io_context& io, proxy_board& board)
    : board_(board),
      client_(std::move(accepted)),
      target_(io),
      waiting_{asio::steady_timer(io), asio::steady_timer(io)} {
  board_.links.insert(this);
  const std::lock_guard lock(board_.guard);
  ++board_.counts.connections;
  ++board_.counts.open;
  board_.change.notify_all();
}

proxy_link::~proxy_link() {
  board_.links.erase(this);
  const std::lock_guard lock(board_.guard);
  --board_.counts.open;
  board_.change.notify_all();
}

void proxy_link::end(bool reset) {
  ended_ = true;
  error_code ignored;
  for (tcp::socket* each : {&client_, &target_}) {
    if (reset) each->set_option(asio::socket_base::linger(true, 0), ignored);
    each->close(ignored);
  }
  wake();
}

void proxy_link::wake() {
  for (asio::steady_timer& each : waiting_) each.cancel();
}

awaitable<void> proxy_link::run(std::shared_ptr<proxy_link> self) {
  std::uint16_t port = 0;
  {
    const std::lock_guard lock(self->board_.guard);
    port = self->board_.target;
  }
  error_code failed;
  const tcp::endpoint where(asio::ip::address_v4::loopback(), port);
  co_await self->target_.async_connect(where, redirect_error(use_awaitable, failed));
  if (failed || self->ended_) {
    self->end(true);
    co_return;
  }
  self->client_.set_option(tcp::no_delay(true), failed);
  self->target_.set_option(tcp::no_delay(true), failed);
  const auto executor = self->client_.get_executor();
  asio::co_spawn(executor, pump(self, direction::to_target), asio::detached);
  asio::co_spawn(executor, pump(self, direction::to_client), asio::detached);
}

awaitable<void> proxy_link::pump(std::shared_ptr<proxy_link> self, direction where) {
  const bool forward = where == direction::to_target;
  tcp::socket& from = forward ? self->client_ : self->target_;
  tcp::socket& to = forward ? self->target_ : self->client_;
  std::string block(block_size, '\0');
  const std::string nothing;
  // A bound of zero holds from the start.
  bool good = co_await self->pass(where, nothing);
  while (good) {
    error_code failed;
    const std::size_t size =
        co_await from.async_read_some(asio::buffer(block), redirect_error(use_awaitable, failed));
    if (failed == asio::error::eof && !self->ended_) {
      to.shutdown(tcp::socket::shutdown_send, failed);
      break;
    }
    if (failed) {
      self->end(true);
      break;
    }
    const std::string bytes = block.substr(0, size);
    good = co_await self->pass(where, bytes);
  }
  if (--self->pumping_ == 0) self->end(false);
}

bool proxy_link::bound_reached(direction where) {
  if (ended_) return true;
  const fault active = board_.current(where);
  const std::size_t passed = passed_[index_of(where)];
  if (reached(active.reset_after, passed)) {
    end(true);
    return true;
  }
  if (!reached(active.half_close_after, passed)) return false;
  error_code ignored;
  (where == direction::to_target ? target_ : client_).shutdown(tcp::socket::shutdown_send, ignored);
  return true;
}

awaitable<bool> proxy_link::pass(direction where, const std::string& bytes) {
  const std::size_t index = index_of(where);
  tcp::socket& to = where == direction::to_target ? target_ : client_;
  asio::steady_timer& waiting = waiting_[index];
  error_code failed;
  std::size_t at = 0;
  for (;;) {
    if (bound_reached(where)) co_return false;
    if (at == bytes.size()) co_return true;
    const fault active = board_.current(where);
    if (reached(active.stall_after, passed_[index])) {
      waiting.expires_at(asio::steady_timer::time_point::max());
      co_await waiting.async_wait(redirect_error(use_awaitable, failed));
      continue;
    }
    const std::size_t now = allowance(active, passed_[index], bytes.size() - at);
    co_await asio::async_write(to, asio::buffer(bytes.data() + at, now),
                               redirect_error(use_awaitable, failed));
    if (failed) {
      end(true);
      co_return false;
    }
    at += now;
    passed_[index] += now;
    {
      const std::lock_guard lock(board_.guard);
      (index == 0 ? board_.counts.bytes_to_target : board_.counts.bytes_to_client) += now;
    }
    if (active.bytes_per_interval > 0 && !ended_) {
      waiting.expires_after(active.interval);
      co_await waiting.async_wait(redirect_error(use_awaitable, failed));
    }
  }
}

}  // namespace sandbox
