#include "tests/sandbox/lambda/fault_proxy.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>
#include <thread>

#include "tests/sandbox/lambda/proxy_link.h"

namespace sandbox {

namespace asio = boost::asio;
using boost::system::error_code;
using tcp = asio::ip::tcp;

struct fault_proxy::state {
  proxy_board board;  // outlives the context, whose end drops the links that are left
  asio::io_context io{1};
  std::optional<tcp::acceptor> acceptor;
  std::uint16_t port = 0;
  std::thread thread;

  // Runs on the proxy's thread, and waits for it.
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

  void end_all(bool reset) {
    on_thread([&] {
      for (proxy_link* each : board.links) each->end(reset);
    });
  }

  void listen();
  static asio::awaitable<void> accept(state& self);
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

asio::awaitable<void> fault_proxy::state::accept(state& self) {
  for (;;) {
    error_code failed;
    tcp::socket socket =
        co_await self.acceptor->async_accept(asio::redirect_error(asio::use_awaitable, failed));
    if (failed == asio::error::operation_aborted || !self.acceptor->is_open()) co_return;
    if (failed) continue;
    auto made = std::make_shared<proxy_link>(std::move(socket), self.io, self.board);
    asio::co_spawn(self.io, proxy_link::run(std::move(made)), asio::detached);
  }
}

fault_proxy::fault_proxy(std::uint16_t target_port, std::uint16_t port)
    : state_(std::make_unique<state>()) {
  state_->board.target = target_port;
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
  const std::lock_guard lock(state_->board.guard);
  state_->board.target = port;
}

void fault_proxy::set_fault(direction where, fault active) {
  state_->on_thread([&] {
    {
      const std::lock_guard lock(state_->board.guard);
      state_->board.faults[where == direction::to_target ? 0 : 1] = active;
    }
    for (proxy_link* each : state_->board.links) each->wake();
  });
}

void fault_proxy::clear_faults() {
  set_fault(direction::to_target, {});
  set_fault(direction::to_client, {});
}

void fault_proxy::reset_all() { state_->end_all(true); }

void fault_proxy::close_all() { state_->end_all(false); }

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
  const std::lock_guard lock(state_->board.guard);
  return state_->board.counts;
}

bool fault_proxy::wait_for_connections(std::uint64_t made, std::chrono::milliseconds limit) const {
  std::unique_lock lock(state_->board.guard);
  return state_->board.change.wait_for(lock, limit,
                                       [&] { return state_->board.counts.connections >= made; });
}

}  // namespace sandbox
