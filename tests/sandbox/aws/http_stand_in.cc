#include "tests/sandbox/aws/http_stand_in.h"

#include <sys/socket.h>

#include <algorithm>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>
#include <condition_variable>
#include <list>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <tuple>

namespace sandbox {

namespace asio = boost::asio;
namespace beast = boost::beast;
using asio::ip::tcp;

namespace {

bool same(std::string_view a, std::string_view b) {
  return beast::iequals({a.data(), a.size()}, {b.data(), b.size()});
}

stand_in_request convert(const beast::http::request<beast::http::string_body>& from) {
  stand_in_request made;
  made.method.assign(from.method_string().data(), from.method_string().size());
  made.target.assign(from.target().data(), from.target().size());
  for (const auto& field : from) {
    made.headers.emplace_back(std::string(field.name_string().data(), field.name_string().size()),
                              std::string(field.value().data(), field.value().size()));
  }
  made.body = from.body();
  return made;
}

}  // namespace

std::string_view stand_in_request::header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (same(known, name)) return value;
  }
  return {};
}

struct http_stand_in::state {
  state(handler wanted, bool ipv6, std::uint16_t port)
      : answer(std::move(wanted)),
        acceptor(context, tcp::endpoint(ipv6 ? asio::ip::address(asio::ip::address_v6::loopback())
                                             : asio::ip::address(asio::ip::address_v4::loopback()),
                                        port)) {
    listener = std::thread([this] { listen(); });
  }

  void listen() {
    for (;;) {
      boost::system::error_code failed;
      tcp::socket socket(context);
      acceptor.accept(socket, failed);
      const std::lock_guard lock(guard);
      if (stopping) return;
      if (failed) continue;
      open.push_back(std::move(socket));
      const auto place = std::prev(open.end());
      threads.emplace_back([this, place] { serve(*place); });
    }
  }

  void serve(tcp::socket& socket) {
    beast::flat_buffer buffer;
    for (;;) {
      beast::http::request_parser<beast::http::string_body> parser;
      parser.header_limit(64 * 1024);
      parser.body_limit(1024 * 1024);
      boost::system::error_code failed;
      beast::http::read(socket, buffer, parser, failed);
      if (failed || !send(socket, asked(convert(parser.get())))) break;
    }
    ::shutdown(socket.native_handle(), SHUT_RDWR);
  }

  stand_in_answer asked(const stand_in_request& request) {
    const std::lock_guard lock(one_at_a_time);
    return answer(request);
  }

  // False: the connection is over.
  bool send(tcp::socket& socket, const stand_in_answer& given) {
    if (given.close || !wait(given)) return false;
    if (!given.raw.empty()) {
      std::ignore = write(socket, given.raw);
      return false;
    }
    const std::size_t size = given.filler != 0 ? given.filler : given.body.size();
    std::string head = "HTTP/1.1 " + std::to_string(given.status) + " Stand-in\r\n";
    for (const auto& [name, value] : given.headers)
      head.append(name).append(": ").append(value) += "\r\n";
    head += "Content-Length: " + std::to_string(size) + "\r\n\r\n";
    if (!write(socket, head)) return false;
    if (given.filler == 0) return write(socket, given.body);
    const std::string piece(64 * 1024, 'x');
    for (std::size_t sent = 0; sent < size; sent += piece.size()) {
      if (!write(socket, piece.substr(0, std::min(piece.size(), size - sent)))) return false;
    }
    return true;
  }

  bool wait(const stand_in_answer& given) {
    std::unique_lock lock(guard);
    if (given.hang) stopped.wait(lock, [this] { return stopping; });
    if (given.delay.count() > 0) stopped.wait_for(lock, given.delay, [this] { return stopping; });
    return !stopping;
  }

  static bool write(tcp::socket& socket, std::string_view bytes) {
    while (!bytes.empty()) {
      const auto sent = ::send(socket.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return false;
      bytes.remove_prefix(static_cast<std::size_t>(sent));
    }
    return true;
  }

  const handler answer;
  asio::io_context context;
  tcp::acceptor acceptor;
  std::mutex one_at_a_time;
  std::mutex guard;  // of what follows
  std::condition_variable stopped;
  bool stopping = false;
  std::list<tcp::socket> open;
  std::vector<std::thread> threads;
  std::thread listener;
};

http_stand_in::http_stand_in(handler answer, bool ipv6, std::uint16_t port)
    : state_(std::make_unique<state>(std::move(answer), ipv6, port)) {}

http_stand_in::~http_stand_in() {
  {
    const std::lock_guard lock(state_->guard);
    state_->stopping = true;
    state_->stopped.notify_all();
    ::shutdown(state_->acceptor.native_handle(), SHUT_RDWR);
  }
  state_->listener.join();
  // No thread is added any more.
  for (auto& socket : state_->open) ::shutdown(socket.native_handle(), SHUT_RDWR);
  for (auto& thread : state_->threads) thread.join();
}

std::uint16_t http_stand_in::port() const { return state_->acceptor.local_endpoint().port(); }

std::string http_stand_in::host() const {
  return state_->acceptor.local_endpoint().address().to_string();
}

std::string http_stand_in::url() const {
  const bool v6 = state_->acceptor.local_endpoint().address().is_v6();
  return "http://" + (v6 ? "[" + host() + "]" : host()) + ":" + std::to_string(port());
}

}  // namespace sandbox
