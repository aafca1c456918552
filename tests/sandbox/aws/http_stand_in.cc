#include "tests/sandbox/aws/http_stand_in.h"

#include <openssl/ssl.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl/context.hpp>
#include <boost/asio/ssl/stream.hpp>
#include <boost/asio/write.hpp>
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

asio::ssl::context context_of(const stand_in_tls& from) {
  asio::ssl::context out(asio::ssl::context::tls_server);
  out.use_certificate_chain(asio::buffer(from.chain));
  out.use_private_key(asio::buffer(from.key), asio::ssl::context::pem);
  if (from.client_roots.empty()) return out;
  out.add_certificate_authority(asio::buffer(from.client_roots));
  out.set_verify_mode(asio::ssl::verify_peer | asio::ssl::verify_fail_if_no_peer_cert);
  // A session that is resumed shows no certificate again.
  SSL_CTX_set_session_id_context(out.native_handle(),
                                 reinterpret_cast<const unsigned char*>("stand-in"), 8);
  return out;
}

std::string client_of(SSL* session) {
  X509* const shown = SSL_get0_peer_certificate(session);
  std::array<char, 256> name{};
  if (shown == nullptr) return {};
  X509_NAME_get_text_by_NID(X509_get_subject_name(shown), NID_commonName, name.data(),
                            static_cast<int>(name.size()));
  return name.data();
}

}  // namespace

std::string_view stand_in_request::header(std::string_view name) const {
  for (const auto& [known, value] : headers) {
    if (same(known, name)) return value;
  }
  return {};
}

struct http_stand_in::state {
  state(handler wanted, bool ipv6, std::uint16_t port, std::optional<stand_in_tls> with_tls)
      : answer(std::move(wanted)),
        acceptor(context, tcp::endpoint(ipv6 ? asio::ip::address(asio::ip::address_v6::loopback())
                                             : asio::ip::address(asio::ip::address_v4::loopback()),
                                        port)) {
    if (with_tls) tls = context_of(*with_tls);
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
    if (tls) {
      asio::ssl::stream<tcp::socket&> stream(socket, *tls);
      boost::system::error_code failed;
      stream.handshake(asio::ssl::stream_base::server, failed);
      if (!failed) answer_all(stream, client_of(stream.native_handle()));
    } else {
      answer_all(socket, {});
    }
    ::shutdown(socket.native_handle(), SHUT_RDWR);
  }

  template <class Stream>
  void answer_all(Stream& stream, const std::string& client) {
    beast::flat_buffer buffer;
    for (;;) {
      beast::http::request_parser<beast::http::string_body> parser;
      parser.header_limit(64 * 1024);
      parser.body_limit(1024 * 1024);
      boost::system::error_code failed;
      beast::http::read(stream, buffer, parser, failed);
      if (failed) return;
      auto request = convert(parser.get());
      request.client = client;
      if (!send(stream, asked(request))) return;
    }
  }

  stand_in_answer asked(const stand_in_request& request) {
    const std::lock_guard lock(one_at_a_time);
    return answer(request);
  }

  // False: the connection is over.
  template <class Stream>
  bool send(Stream& stream, const stand_in_answer& given) {
    if (given.close || !wait(given)) return false;
    if (!given.raw.empty()) {
      std::ignore = write(stream, given.raw);
      return false;
    }
    const std::size_t size = given.filler != 0 ? given.filler : given.body.size();
    std::string head = "HTTP/1.1 " + std::to_string(given.status) + " Stand-in\r\n";
    for (const auto& [name, value] : given.headers)
      head.append(name).append(": ").append(value) += "\r\n";
    head += "Content-Length: " + std::to_string(size) + "\r\n\r\n";
    if (!write(stream, head)) return false;
    if (given.filler == 0) return write(stream, given.body);
    const std::string piece(64 * 1024, 'x');
    for (std::size_t sent = 0; sent < size; sent += piece.size()) {
      if (!write(stream, piece.substr(0, std::min(piece.size(), size - sent)))) return false;
    }
    return true;
  }

  bool wait(const stand_in_answer& given) {
    std::unique_lock lock(guard);
    if (given.hang) stopped.wait(lock, [this] { return stopping; });
    if (given.delay.count() > 0) stopped.wait_for(lock, given.delay, [this] { return stopping; });
    return !stopping;
  }

  template <class Stream>
  static bool write(Stream& stream, std::string_view bytes) {
    boost::system::error_code failed;
    asio::write(stream, asio::buffer(bytes), failed);
    return !failed;
  }

  const handler answer;
  std::optional<asio::ssl::context> tls;
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

http_stand_in::http_stand_in(handler answer, bool ipv6, std::uint16_t port,
                             std::optional<stand_in_tls> tls)
    : state_(std::make_unique<state>(std::move(answer), ipv6, port, std::move(tls))) {}

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
  return (state_->tls ? "https://" : "http://") + (v6 ? "[" + host() + "]" : host()) + ":" +
         std::to_string(port());
}

}  // namespace sandbox
