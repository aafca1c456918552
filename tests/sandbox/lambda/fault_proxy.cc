#include "tests/sandbox/lambda/fault_proxy.h"

#include <algorithm>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <condition_variable>
#include <future>
#include <mutex>
#include <string>
#include <thread>
#include <unordered_set>

namespace sandbox {

namespace asio = boost::asio;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;
using tcp = asio::ip::tcp;

namespace {

constexpr std::size_t block_size = 16 * 1024;

std::size_t index_of(direction where) { return where == direction::to_target ? 0 : 1; }

// How many more bytes may pass before something happens.
std::size_t allowance(const fault& what, std::size_t passed, std::size_t wanted) {
  std::size_t most = wanted;
  for (const auto& bound : {what.reset_after, what.half_close_after, what.stall_after}) {
    if (bound) most = std::min(most, *bound > passed ? *bound - passed : 0);
  }
  if (what.bytes_per_interval > 0) most = std::min(most, what.bytes_per_interval);
  return most;
}

bool reached(const std::optional<std::size_t>& bound, std::size_t passed) {
  return bound && passed >= *bound;
}

// One connection: the client's socket, the target's, and where a stalled direction waits.
struct link {
  link(tcp::socket accepted, asio::io_context& io)
      : client(std::move(accepted)),
        target(io),
        waiting{asio::steady_timer(io), asio::steady_timer(io)} {}

  void end(bool reset) {
    ended = true;
    error_code ignored;
    for (tcp::socket* each : {&client, &target}) {
      if (reset) each->set_option(asio::socket_base::linger(true, 0), ignored);
      each->close(ignored);
    }
    wake();
  }

  void wake() {
    for (asio::steady_timer& each : waiting) each.cancel();
  }

  tcp::socket client;
  tcp::socket target;
  asio::steady_timer waiting[2];
  int pumping = 2;
  bool ended = false;
};

}  // namespace

struct fault_proxy::state {
  // The first three outlive the context, whose end drops the coroutines that are left.
  mutable std::mutex guard;
  mutable std::condition_variable change;
  std::unordered_set<link*> links;  // on the proxy's thread
  proxy_counts counts;              // under the guard, as the two below
  fault faults[2];
  std::uint16_t target = 0;

  asio::io_context io{1};
  std::optional<tcp::acceptor> acceptor;
  std::uint16_t port = 0;
  std::thread thread;

  fault current(std::size_t which) const {
    const std::lock_guard lock(guard);
    return faults[which];
  }

  void passed(std::size_t which, std::size_t bytes) {
    const std::lock_guard lock(guard);
    (which == 0 ? counts.bytes_to_target : counts.bytes_to_client) += bytes;
  }

  template <class Work>
  void on_thread(Work work) {
    std::promise<void> done;
    asio::post(io, [&] {
      try {
        work();
        done.set_value();
      } catch (...) {
        done.set_exception(std::current_exception());
      }
    });
    done.get_future().get();
  }

  void listen();
  void forget(link* gone);
  static awaitable<void> accept(state& self);
  static awaitable<void> connect(state& self, std::shared_ptr<link> made);
  static awaitable<void> pump(state& self, std::shared_ptr<link> through, std::size_t which);
  static awaitable<bool> pass(state& self, std::shared_ptr<link> through, std::size_t which,
                              std::string bytes, std::size_t& passed);
};

void fault_proxy::state::listen() {
  const tcp::endpoint where(asio::ip::address_v4::loopback(), port);
  acceptor.emplace(io);
  acceptor->open(where.protocol());
  acceptor->set_option(tcp::acceptor::reuse_address(true));
  acceptor->bind(where);
  acceptor->listen();
  port = acceptor->local_endpoint().port();
  asio::co_spawn(io, accept(*this), asio::detached);
}

void fault_proxy::state::forget(link* gone) {
  links.erase(gone);
  const std::lock_guard lock(guard);
  --counts.open;
  change.notify_all();
}

awaitable<void> fault_proxy::state::accept(state& self) {
  for (;;) {
    error_code failed;
    tcp::socket socket =
        co_await self.acceptor->async_accept(redirect_error(use_awaitable, failed));
    if (failed == asio::error::operation_aborted || !self.acceptor || !self.acceptor->is_open()) {
      co_return;
    }
    if (failed) continue;
    auto made = std::make_shared<link>(std::move(socket), self.io);
    self.links.insert(made.get());
    {
      const std::lock_guard lock(self.guard);
      ++self.counts.connections;
      ++self.counts.open;
      self.change.notify_all();
    }
    asio::co_spawn(self.io, connect(self, std::move(made)), asio::detached);
  }
}

awaitable<void> fault_proxy::state::connect(state& self, std::shared_ptr<link> made) {
  std::uint16_t port = 0;
  {
    const std::lock_guard lock(self.guard);
    port = self.target;
  }
  error_code failed;
  const tcp::endpoint where(asio::ip::address_v4::loopback(), port);
  co_await made->target.async_connect(where, redirect_error(use_awaitable, failed));
  if (failed || made->ended) {
    made->end(true);
    self.forget(made.get());
    co_return;
  }
  made->client.set_option(tcp::no_delay(true), failed);
  made->target.set_option(tcp::no_delay(true), failed);
  asio::co_spawn(self.io, pump(self, made, 0), asio::detached);
  asio::co_spawn(self.io, pump(self, made, 1), asio::detached);
}

// Passes the bytes on as the faults allow. False: this direction is over.
awaitable<bool> fault_proxy::state::pass(state& self, std::shared_ptr<link> through,
                                         std::size_t which, std::string bytes,
                                         std::size_t& passed) {
  tcp::socket& to = which == 0 ? through->target : through->client;
  std::size_t at = 0;
  error_code failed;
  // Also without bytes: a bound of zero holds from the start.
  do {
    if (through->ended) co_return false;
    const fault what = self.current(which);
    if (reached(what.reset_after, passed)) {
      through->end(true);
      co_return false;
    }
    if (reached(what.half_close_after, passed)) {
      to.shutdown(tcp::socket::shutdown_send, failed);
      co_return false;
    }
    asio::steady_timer& waiting = through->waiting[which];
    if (reached(what.stall_after, passed)) {
      waiting.expires_at(asio::steady_timer::time_point::max());
      co_await waiting.async_wait(redirect_error(use_awaitable, failed));
      continue;
    }
    const std::size_t now = allowance(what, passed, bytes.size() - at);
    if (now == 0) continue;
    co_await asio::async_write(to, asio::buffer(bytes.data() + at, now),
                               redirect_error(use_awaitable, failed));
    if (failed) {
      through->end(true);
      co_return false;
    }
    at += now;
    passed += now;
    self.passed(which, now);
    if (what.bytes_per_interval > 0 && !through->ended) {
      waiting.expires_after(what.interval);
      co_await waiting.async_wait(redirect_error(use_awaitable, failed));
    }
    const fault after = self.current(which);
    if (reached(after.reset_after, passed)) {
      through->end(true);
      co_return false;
    }
    if (reached(after.half_close_after, passed)) {
      to.shutdown(tcp::socket::shutdown_send, failed);
      co_return false;
    }
  } while (at < bytes.size());
  co_return true;
}

awaitable<void> fault_proxy::state::pump(state& self, std::shared_ptr<link> through,
                                         std::size_t which) {
  tcp::socket& from = which == 0 ? through->client : through->target;
  tcp::socket& to = which == 0 ? through->target : through->client;
  std::size_t passed = 0;
  std::string block(block_size, '\0');
  bool good = co_await pass(self, through, which, std::string(), passed);
  while (good) {
    error_code failed;
    const std::size_t size =
        co_await from.async_read_some(asio::buffer(block), redirect_error(use_awaitable, failed));
    if (failed == asio::error::eof && !through->ended) {
      to.shutdown(tcp::socket::shutdown_send, failed);
      break;
    }
    if (failed) {
      through->end(true);
      break;
    }
    good = co_await pass(self, through, which, block.substr(0, size), passed);
  }
  if (--through->pumping > 0) co_return;
  through->end(false);
  self.forget(through.get());
}

fault_proxy::fault_proxy(std::uint16_t target_port, std::uint16_t port)
    : state_(std::make_shared<state>()) {
  state_->target = target_port;
  state_->port = port;
  state_->listen();
  state_->thread = std::thread([io = &state_->io] {
    const auto work = asio::make_work_guard(*io);
    io->run();
  });
}

fault_proxy::~fault_proxy() {
  state_->io.stop();
  state_->thread.join();
}

std::uint16_t fault_proxy::port() const { return state_->port; }

void fault_proxy::set_target(std::uint16_t port) {
  const std::lock_guard lock(state_->guard);
  state_->target = port;
}

void fault_proxy::set_fault(direction where, fault what) {
  state_->on_thread([&] {
    {
      const std::lock_guard lock(state_->guard);
      state_->faults[index_of(where)] = what;
    }
    for (link* each : state_->links) each->wake();
  });
}

void fault_proxy::clear_faults() {
  set_fault(direction::to_target, {});
  set_fault(direction::to_client, {});
}

void fault_proxy::reset_all() {
  state_->on_thread([this] {
    for (link* each : state_->links) each->end(true);
  });
}

void fault_proxy::close_all() {
  state_->on_thread([this] {
    for (link* each : state_->links) each->end(false);
  });
}

void fault_proxy::refuse(bool on) {
  state_->on_thread([this, on] {
    if (on) {
      state_->acceptor->close();
    } else if (!state_->acceptor->is_open()) {
      state_->listen();
    }
  });
}

proxy_counts fault_proxy::counts() const {
  const std::lock_guard lock(state_->guard);
  return state_->counts;
}

bool fault_proxy::wait_for_connections(std::uint64_t made, std::chrono::milliseconds limit) const {
  std::unique_lock lock(state_->guard);
  return state_->change.wait_for(lock, limit, [&] { return state_->counts.connections >= made; });
}

}  // namespace sandbox
