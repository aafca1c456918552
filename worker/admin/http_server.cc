#include "worker/admin/http_server.h"

#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <boost/beast/http/write.hpp>
#include <exception>
#include <utility>

#include "connector/base/log.h"

namespace worker::admin {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = beast::http;
using asio::awaitable;
using asio::ip::tcp;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

// A client that sends more after its request would get a reset instead of the answer, so the server
// reads and drops a bounded rest.
constexpr milliseconds farewell{1000};
constexpr std::size_t farewell_reads = 16;

void report_bug(const std::exception_ptr& escaped) {
  if (!escaped) return;
  try {
    std::rethrow_exception(escaped);
  } catch (const std::exception& e) {
    connector::log::error("a bug in the worker: the admin port met an exception",
                          {{"what", e.what()}});
  }
}

error_code open_at(tcp::acceptor& acceptor, const tcp::endpoint& where, bool both_families) {
  error_code failed;
  acceptor.open(where.protocol(), failed);
  if (failed) return failed;
  acceptor.set_option(asio::socket_base::reuse_address(true), failed);
  if (!failed && both_families) acceptor.set_option(asio::ip::v6_only(false), failed);
  if (!failed) acceptor.bind(where, failed);
  if (!failed) acceptor.listen(64, failed);
  if (failed) {
    error_code ignored;
    acceptor.close(ignored);
  }
  return failed;
}

http::response<http::string_body> message_of(reply from, bool head_only) {
  http::response<http::string_body> out(http::int_to_status(from.status), 11);
  out.set(http::field::content_type, from.content_type);
  out.set(http::field::cache_control, "no-store");
  if (from.status == 405) out.set(http::field::allow, "GET, HEAD");
  out.keep_alive(false);
  const auto length = from.body.size();
  if (!head_only) out.body() = std::move(from.body);
  out.content_length(length);
  return out;
}

}  // namespace

struct http_server::session {
  explicit session(tcp::socket socket) : stream(std::move(socket)) {}
  beast::tcp_stream stream;
};

http_server::http_server(asio::any_io_executor loop, answerer answer, server_limits bounds)
    : loop_(loop),
      answer_(std::move(answer)),
      bounds_(bounds),
      acceptor_(loop),
      pause_(std::move(loop)) {}

http_server::~http_server() = default;

std::string http_server::listen(const config::listen_address& where) {
  error_code failed;
  if (where.host.empty()) {
    // One socket for both families; a machine without IPv6 has only the other one.
    failed = open_at(acceptor_, {tcp::v6(), where.port}, true);
    if (failed && failed != asio::error::address_in_use) {
      failed = open_at(acceptor_, {tcp::v4(), where.port}, false);
    }
  } else {
    const auto host = where.host == "localhost"
                          ? asio::ip::address(asio::ip::address_v4::loopback())
                          : asio::ip::make_address(where.host, failed);
    if (!failed) failed = open_at(acceptor_, {host, where.port}, false);
  }
  if (failed) return failed.message();
  const auto bound = acceptor_.local_endpoint(failed);
  port_ = bound.port();
  return failed ? failed.message() : std::string();
}

awaitable<void> http_server::run() {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!stopping_) {
    error_code failed;
    tcp::socket socket(loop_);
    co_await acceptor_.async_accept(socket, asio::redirect_error(asio::use_awaitable, failed));
    if (stopping_) break;
    if (!failed) {
      take(std::move(socket));
      continue;
    }
    // Out of file descriptors, most likely: never a busy loop.
    pause_.expires_after(milliseconds(100));
    co_await pause_.async_wait(asio::redirect_error(asio::use_awaitable, failed));
  }
}

void http_server::take(tcp::socket socket) {
  if (sessions_.size() >= bounds_.connections) {
    sessions_.front()->stream.close();
    sessions_.pop_front();
  }
  auto one = std::make_shared<session>(std::move(socket));
  sessions_.push_back(one);
  asio::co_spawn(loop_, serve(one), [this, one](const std::exception_ptr& escaped) {
    sessions_.remove(one);
    report_bug(escaped);
  });
}

void http_server::stop() {
  stopping_ = true;
  error_code ignored;
  acceptor_.close(ignored);
  pause_.cancel();
  for (const auto& one : sessions_) one->stream.close();
}

awaitable<void> http_server::serve(std::shared_ptr<session> one) {
  co_await asio::this_coro::throw_if_cancelled(false);
  auto& stream = one->stream;
  error_code failed;
  beast::flat_buffer buffer(bounds_.head_bytes + 1);
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(bounds_.head_bytes));
  stream.expires_after(bounds_.reading);
  co_await http::async_read_header(stream, buffer, parser,
                                   asio::redirect_error(asio::use_awaitable, failed));
  if (failed) {
    stream.close();
    co_return;
  }
  const auto& request = parser.get();
  const bool head_only = request.method() == http::verb::head;
  const std::string target(request.target().data(), request.target().size());
  reply made{405, "text/plain", "GET or HEAD\n"};
  if (head_only || request.method() == http::verb::get) {
    made = answer_(std::string_view(target).substr(0, target.find('?')));
  }
  auto message = message_of(std::move(made), head_only);
  http::response_serializer<http::string_body> writer(message);
  writer.split(head_only);
  stream.expires_after(bounds_.writing);
  if (head_only) {
    co_await http::async_write_header(stream, writer,
                                      asio::redirect_error(asio::use_awaitable, failed));
  } else {
    co_await http::async_write(stream, writer, asio::redirect_error(asio::use_awaitable, failed));
  }
  error_code ignored;
  stream.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream.expires_after(farewell);
  std::array<char, 4096> dropped{};
  for (std::size_t i = 0; i < farewell_reads && !failed; ++i) {
    co_await stream.async_read_some(asio::buffer(dropped),
                                    asio::redirect_error(asio::use_awaitable, failed));
  }
  stream.close();
}

}  // namespace worker::admin
