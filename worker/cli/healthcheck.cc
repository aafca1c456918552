// The command `healthcheck`: asks the admin port of the worker in the same container whether the
// worker makes progress. For HEALTHCHECK of an image without a shell and curl. Exit codes: 0 it
// does, or the admin port is off; 1 it does not; 2 the port cannot be known.
#include <fmt/format.h>

#include <array>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <string>

#include "connector/base/ip_address.h"
#include "connector/base/let_out.h"
#include "worker/cli/actions.h"

namespace worker::cli {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Platforms give a health check a few seconds.
constexpr std::chrono::milliseconds longest{4000};

// The answer of the admin port, or the error instead of it.
struct probe_result {
  std::string answer;
  std::string error = "no answer in time";
};

asio::ip::address address_of(const config::listen_address& where) {
  const auto address = connector::ip_address_of(where.host);
  if (!address || *address == asio::ip::address_v4::any()) {
    return asio::ip::address_v4::loopback();
  }
  if (*address == asio::ip::address_v6::any()) return asio::ip::address_v6::loopback();
  return *address;
}

asio::awaitable<void> ask(tcp::endpoint where, probe_result& found) {
  tcp::socket socket(co_await asio::this_coro::executor);
  boost::system::error_code failed;
  co_await socket.async_connect(where, asio::redirect_error(asio::use_awaitable, failed));
  if (!failed) {
    const std::string request = "GET /livez HTTP/1.1\r\nHost: localhost\r\n\r\n";
    co_await asio::async_write(socket, asio::buffer(request),
                               asio::redirect_error(asio::use_awaitable, failed));
  }
  std::array<char, 4096> bytes{};
  if (!failed) {
    const auto got = co_await asio::async_read(socket, asio::buffer(bytes),
                                               asio::redirect_error(asio::use_awaitable, failed));
    found.answer.assign(bytes.data(), got);
  }
  if (failed && failed != asio::error::eof) found.error = failed.message();
}

}  // namespace

int healthcheck(const config::settings& settings) {
  const auto& where = settings.admin.listen;
  if (!where.on) {
    fmt::print("nothing to ask: the admin port is off\n");
    return exit_fine;
  }
  if (where.port == 0) {
    fmt::print(stderr, "the admin port is any free one, so it cannot be known here: set one\n");
    return exit_configuration;
  }
  asio::io_context loop(1);
  probe_result found;
  const tcp::endpoint target(address_of(where), where.port);
  asio::co_spawn(loop, ask(target, found), connector::let_out);
  loop.run_for(longest);
  if (found.answer.starts_with("HTTP/1.1 200 ")) {
    fmt::print("alive\n");
    return exit_fine;
  }
  const auto line = found.answer.substr(0, found.answer.find('\r'));
  fmt::print(stderr, "not alive: {}:{} ({}): {}\n", target.address().to_string(), target.port(),
             settings.source_of("admin.address"), line.empty() ? found.error : line);
  return exit_failed;
}

}  // namespace worker::cli
