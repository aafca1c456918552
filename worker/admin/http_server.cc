#include "worker/admin/http_server.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/v6_only.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/empty_body.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/status.hpp>
#include <exception>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/base/log.h"
#include "connector/base/wait.h"

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

void report_bug_of_server(const std::exception_ptr& escaped) {
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

// Beast's own async_write and async_read_header would do; they take a compiler 10 s more.
std::string message_of(const reply& from, bool head_only) {
  const auto reason = http::obsolete_reason(http::int_to_status(from.status));
  const auto policy =
      from.content_security_policy.empty()
          ? std::string()
          : fmt::format("Content-Security-Policy: {}\r\nX-Content-Type-Options: nosniff\r\n",
                        from.content_security_policy);
  return fmt::format(
      "HTTP/1.1 {} {}\r\nContent-Type: {}\r\nCache-Control: no-store\r\n{}{}Connection: close\r\n"
      "Content-Length: {}\r\n\r\n{}",
      from.status, std::string_view(reason.data(), reason.size()), from.content_type,
      from.status == 405 ? "Allow: GET, HEAD\r\n" : "", policy, from.body.size(),
      head_only ? std::string_view() : std::string_view(from.body));
}

// Whether the head of a request came: in time, within the parser's limit, and well-formed.
awaitable<bool> read_head(beast::tcp_stream& stream, http::request_parser<http::empty_body>& parser,
                          std::size_t max_bytes) {
  constexpr std::size_t chunk = 1024;
  beast::flat_buffer buffer(max_bytes);
  error_code failed;
  while (!parser.is_header_done()) {
    const auto space = std::min(chunk, buffer.max_size() - buffer.size());
    if (space == 0) co_return false;
    const auto room = buffer.prepare(space);
    const std::size_t size =
        co_await stream.async_read_some(room, asio::redirect_error(asio::use_awaitable, failed));
    if (failed) co_return false;
    buffer.commit(size);
    buffer.consume(parser.put(buffer.data(), failed));
    if (failed && failed != http::error::need_more) co_return false;
  }
  co_return true;
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
  co_await connector::quiet_cancellation();
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
    co_await connector::wait_for(pause_, milliseconds(100));
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
    report_bug_of_server(escaped);
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
  co_await connector::quiet_cancellation();
  auto& stream = one->stream;
  error_code failed;
  http::request_parser<http::empty_body> parser;
  parser.header_limit(static_cast<std::uint32_t>(bounds_.head_bytes));
  stream.expires_after(bounds_.reading);
  const bool came = co_await read_head(stream, parser, bounds_.head_bytes + 1);
  if (!came) {
    stream.close();
    co_return;
  }
  const auto& request = parser.get();
  const bool head_only = request.method() == http::verb::head;
  const std::string target(request.target().data(), request.target().size());
  reply made{405, "text/plain", "GET or HEAD\n"};
  if (head_only || request.method() == http::verb::get) {
    const auto host = request[http::field::host];
    made = answer_(std::string_view(target).substr(0, target.find('?')),
                   std::string_view(host.data(), host.size()));
  }
  const std::string message = message_of(made, head_only);
  stream.expires_after(bounds_.writing);
  co_await asio::async_write(stream, asio::buffer(message),
                             asio::redirect_error(asio::use_awaitable, failed));
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
