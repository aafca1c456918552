#include "tests/faults/relay.h"

#include <sys/socket.h>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <thread>
#include <vector>

namespace faults {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

using shared_socket = std::shared_ptr<tcp::socket>;
constexpr auto quietly = asio::as_tuple(asio::use_awaitable);

asio::awaitable<void> pump(shared_socket from, shared_socket to) {
  std::vector<char> bytes(16 * 1024);
  for (;;) {
    auto [ended, size] = co_await from->async_read_some(asio::buffer(bytes), quietly);
    if (ended) break;
    auto [failed, sent] = co_await asio::async_write(*to, asio::buffer(bytes, size), quietly);
    if (failed) break;
  }
  boost::system::error_code ignored;
  to->shutdown(tcp::socket::shutdown_send, ignored);
}

}  // namespace

struct relay::state {
  state(const std::string& address, std::uint16_t port)
      : listener(loop, {asio::ip::make_address(address), 0}),
        target(asio::ip::make_address("127.0.0.1"), port) {}

  asio::awaitable<void> accept_all() {
    for (;;) {
      auto [failed, socket] = co_await listener.async_accept(quietly);
      if (failed) co_return;
      auto near = std::make_shared<tcp::socket>(std::move(socket));
      auto far = std::make_shared<tcp::socket>(loop);
      auto [refused] = co_await far->async_connect(target, quietly);
      if (refused) continue;
      asio::co_spawn(loop, pump(near, far), asio::detached);
      asio::co_spawn(loop, pump(far, near), asio::detached);
    }
  }

  asio::io_context loop{1};
  tcp::acceptor listener;
  tcp::endpoint target;
  std::thread thread;
};

relay::relay(const std::string& address, std::uint16_t to_port)
    : state_(std::make_unique<state>(address, to_port)) {
  asio::co_spawn(state_->loop, state_->accept_all(), asio::detached);
  state_->thread = std::thread([this] { state_->loop.run(); });
}

relay::~relay() {
  state_->loop.stop();
  state_->thread.join();
}

std::uint16_t relay::port() const { return state_->listener.local_endpoint().port(); }

struct silent_listener::state {
  state(const std::string& address, std::uint16_t port)
      : at(asio::ip::make_address(address), port), listener(loop, at.protocol()) {
    listener.set_option(asio::socket_base::reuse_address(true));
    listener.bind(at);
    listener.listen(0);
    // More than a backlog of none takes; from then on the system drops what comes.
    for (int i = 0; i < 4; ++i) {
      fill.emplace_back(loop, at.protocol());
      fill.back().native_non_blocking(true);
      (void)::connect(fill.back().native_handle(), at.data(), static_cast<socklen_t>(at.size()));
    }
  }

  asio::io_context loop{1};
  tcp::endpoint at;
  tcp::acceptor listener;
  std::vector<tcp::socket> fill;
};

silent_listener::silent_listener(const std::string& address, std::uint16_t port)
    : state_(std::make_unique<state>(address, port)) {}

silent_listener::~silent_listener() = default;

}  // namespace faults
