#include "tests/sandbox/lambda/session.h"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/string_body.hpp>

#include "tests/sandbox/lambda/encoding.h"
#include "tests/sandbox/lambda/response.h"

namespace sandbox {

namespace asio = boost::asio;
namespace http = boost::beast::http;
using asio::awaitable;
using asio::redirect_error;
using asio::use_awaitable;
using boost::system::error_code;
using std::chrono::milliseconds;

namespace {

constexpr std::size_t max_body = 16 * 1024 * 1024;
constexpr std::uint32_t max_header = 64 * 1024;
constexpr milliseconds handshake_time{10000};
constexpr milliseconds closing_time{1000};
constexpr std::size_t write_size = 16 * 1024;

}  // namespace

keep_alive session_host::policy() {
  const std::lock_guard lock(guard);
  return connections;
}

std::shared_ptr<asio::ssl::context> session_host::tls_context() {
  const std::lock_guard lock(guard);
  return tls;
}

void session::start(tcp::socket socket, bool secure, session_host& host, session_set& all) {
  const auto executor = socket.get_executor();
  auto made = std::make_shared<session>(std::move(socket), secure, host, all);
  asio::co_spawn(executor, run(std::move(made)), asio::detached);
}

session::session(tcp::socket socket, bool secure, session_host& host, session_set& all)
    : socket_(std::move(socket)),
      host_(host),
      all_(all),
      pause_(socket_.get_executor()),
      guard_(socket_.get_executor()) {
  if (secure) {
    context_ = host_.tls_context();
    stream_.emplace(socket_, *context_);
  }
  error_code ignored;
  socket_.set_option(tcp::no_delay(true), ignored);
  all_.insert(this);
  host_.counts.connection_opened();
}

session::~session() {
  all_.erase(this);
  host_.counts.connection_closed();
}

void session::end(bool reset) {
  ended_ = true;
  error_code ignored;
  if (reset) socket_.set_option(asio::socket_base::linger(true, 0), ignored);
  socket_.close(ignored);
  pause_.cancel();
  disarm();
}

void session::arm(milliseconds time) {
  const std::uint64_t mine = ++armed_;
  guard_.expires_after(time);
  guard_.async_wait([self = shared_from_this(), mine](error_code failed) {
    if (!failed && self->armed_ == mine) self->end(false);
  });
}

void session::disarm() {
  ++armed_;
  guard_.cancel();
}

awaitable<void> session::let_pass(milliseconds time) {
  error_code ignored;
  if (ended_) co_return;
  pause_.expires_after(time);
  co_await pause_.async_wait(redirect_error(use_awaitable, ignored));
}

awaitable<void> session::run(std::shared_ptr<session> self) {
  if (!self->stream_) {
    co_await self->serve(self->socket_);
    co_return;
  }
  const bool good = co_await self->handshake();
  if (good) co_await self->serve(*self->stream_);
}

awaitable<bool> session::handshake() {
  if (host_.hang_handshakes) {
    co_await swallow(socket_);
    co_return false;
  }
  error_code failed;
  arm(handshake_time);
  co_await stream_->async_handshake(asio::ssl::stream_base::server,
                                    redirect_error(use_awaitable, failed));
  disarm();
  if (failed) co_return false;
  host_.counts.handshake_done(SSL_session_reused(stream_->native_handle()) == 1);
  co_return true;
}

template <class Stream>
awaitable<void> session::serve(Stream& stream) {
  for (std::size_t answered = 1;; ++answered) {
    http_request request;
    const bool got = co_await read_request(stream, request);
    if (!got) break;
    const keep_alive policy = host_.policy();
    const bool client_closes = equals_ignoring_case(request.header("connection"), "close");
    plan made;
    if (oversized_) {
      made.request_id = make_request_id();
      made.reply = service_error(413, "RequestTooLargeException", "The body is too large.");
    } else {
      made = host_.api.handle(std::move(request));
    }
    if (!made.runs_on && made.reply.delay > milliseconds(0)) co_await let_pass(made.reply.delay);
    while (made.reply_later && !ended_) {
      auto reply = made.reply_later();
      if (reply) {
        made.reply = *std::move(reply);
        break;
      }
      co_await let_pass(milliseconds(5));
    }
    if (ended_) co_return;
    const answer& reply = made.reply;
    const std::shared_ptr<counted_call> call = std::move(made.call);
    if (call && !made.runs_on) {
      call->finish(reply.wire.empty() ? reply.status : 0, reply.body.size());
    }
    if (!reply.wire.empty() && !made.runs_on) {
      const bool next = co_await play(stream, reply.wire);
      if (!next) co_return;
      continue;
    }
    const bool full = policy.max_requests > 0 && answered >= policy.max_requests;
    const bool last = full || client_closes || oversized_;
    out_.clear();
    append_response(out_, made, host_.api.now(), client_closes || (last && policy.announce));
    if (made.runs_on) {
      asio::co_spawn(socket_.get_executor(), finish_later(shared_from_this(), call, *made.runs_on),
                     asio::detached);
    }
    const bool sent = co_await write(stream, out_);
    if (!sent) co_return;
    if (last) break;
  }
  co_await close(stream);
}

// An Event call ends on its own timer; the status is that of the answer it already got.
awaitable<void> session::finish_later(std::shared_ptr<session> self,
                                      std::shared_ptr<counted_call> call, milliseconds time) {
  if (time > milliseconds(0)) {
    asio::steady_timer timer(self->socket_.get_executor(), time);
    error_code ignored;
    co_await timer.async_wait(redirect_error(use_awaitable, ignored));
  }
  call->finish(202, 0);
}

template <class Stream>
awaitable<bool> session::read_request(Stream& stream, http_request& request) {
  http::request_parser<http::string_body> parser;
  parser.header_limit(max_header);
  parser.body_limit(max_body);
  error_code failed;
  const milliseconds idle = host_.policy().idle_time;
  if (idle > milliseconds(0)) arm(idle);
  co_await http::async_read_header(stream, buffer_, parser, redirect_error(use_awaitable, failed));
  if (idle > milliseconds(0)) disarm();
  if (failed && failed != http::error::body_limit) co_return false;
  oversized_ = failed == http::error::body_limit;
  if (!failed && !parser.is_done()) {
    if (equals_ignoring_case(parser.get()[http::field::expect], "100-continue")) {
      const bool sent = co_await write(stream, "HTTP/1.1 100 Continue\r\n\r\n");
      if (!sent) co_return false;
    }
    co_await http::async_read(stream, buffer_, parser, redirect_error(use_awaitable, failed));
    oversized_ = failed == http::error::body_limit;
    if (failed && !oversized_) co_return false;
  }
  auto message = parser.release();
  request.method = message.method_string();
  request.target = message.target();
  for (const auto& field : message.base()) {
    request.headers.emplace_back(std::string(field.name_string()), std::string(field.value()));
  }
  request.body = std::move(message.body());
  co_return true;
}

template <class Stream>
awaitable<bool> session::write(Stream& stream, const std::string& bytes) {
  error_code failed;
  co_await asio::async_write(stream, asio::buffer(bytes), redirect_error(use_awaitable, failed));
  co_return !failed && !ended_;
}

template <class Stream>
awaitable<bool> session::play(Stream& stream, const wire_script& script) {
  using kind = wire_step::kind;
  for (const wire_step& step : script) {
    if (step.action == kind::next) co_return true;
    if (step.action == kind::pause) co_await let_pass(step.interval);
    if (step.action == kind::hang) co_await swallow(stream);
    if (step.action == kind::close) co_await close(stream);
    if (step.action == kind::cut) end(false);
    if (step.action == kind::reset) end(true);
    if (step.action != kind::send) {
      if (step.action != kind::pause || ended_) co_return false;
      continue;
    }
    // Small pieces without a pause between them go out as blocks.
    const bool joined = step.repeat > 1 && step.interval == milliseconds(0);
    const std::size_t each =
        joined && step.bytes.size() < write_size ? write_size / (step.bytes.size() + 1) + 1 : 1;
    std::string block;
    for (std::size_t i = 0; i < each; ++i) block += step.bytes;
    for (std::size_t left = step.repeat; left > 0;) {
      const std::size_t now = std::min(left, each);
      if (now < each) block.resize(now * step.bytes.size());
      const bool sent = co_await write(stream, block);
      if (!sent) co_return false;
      left -= now;
      if (step.interval > milliseconds(0)) co_await let_pass(step.interval);
      if (ended_) co_return false;
    }
  }
  co_return false;
}

template <class Stream>
awaitable<void> session::swallow(Stream& stream) {
  std::string block(write_size, '\0');
  error_code failed;
  while (!failed && !ended_) {
    co_await stream.async_read_some(asio::buffer(block), redirect_error(use_awaitable, failed));
  }
}

template <class Stream>
awaitable<void> session::close(Stream& stream) {
  if (ended_) co_return;
  error_code failed;
  arm(closing_time);
  if constexpr (std::is_same_v<Stream, secure_stream>) {
    co_await stream.async_shutdown(redirect_error(use_awaitable, failed));
  }
  // Reading on until the client closes too keeps unread bytes from turning the FIN into an RST.
  socket_.shutdown(tcp::socket::shutdown_send, failed);
  failed = {};
  if (!ended_) co_await swallow(socket_);
  disarm();
  end(false);
}

}  // namespace sandbox
