#include "connector/http/connection_opener.h"

#include <algorithm>
#include <utility>

#include "connector/base/ip_address.h"
#include "connector/http/address_guard.h"

namespace connector::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

std::string milliseconds(std::chrono::milliseconds time) {
  return std::to_string(time.count()) + " ms";
}

std::string named_host(const destination& to) {
  return to.host + " port " + std::to_string(to.port);
}

destination hop(const destination& to, const std::optional<proxy>& by) {
  if (!by) return to;
  return {by->tls, by->host, by->port};
}

}  // namespace

connection_opener::connection_opener(const connect_context& context, destination to,
                                     destination_memory& memory, const limits& bounds,
                                     asio::cancellation_signal& stop)
    : context_(context),
      to_(std::move(to)),
      by_(context.proxy_for ? context.proxy_for(to_) : std::nullopt),
      first_hop_(hop(to_, by_)),
      memory_(memory),
      bounds_(bounds),
      stop_(stop) {}

failure connection_opener::fail(failure_kind kind, const std::string& message) const {
  return {kind, request_progress::nothing_sent, message};
}

failure connection_opener::may_not_connect(const asio::ip::address& where) const {
  const auto kind = kind_of(where);
  const bool never = kind == address_kind::metadata || kind == address_kind::special;
  return fail(failure_kind::address_refused,
              to_.host + " is not connected to: " + where.to_string() + " is " +
                  std::string(describe(kind)) +
                  (never ? ", which no setting allows"
                         : ", and the allow-list ALLOWED_HOSTS of this worker does not name this "
                           "host without *"));
}

void connection_opener::abandon() {
  abandoned_ = true;
  if (connection_ != nullptr) connection_->abandon();
  stop_.emit(asio::cancellation_type::terminal);
}

asio::awaitable<result<connection_pointer>> connection_opener::run() {
  result<addresses> found = co_await find_addresses();
  if (!found) co_return std::move(found).error();
  std::optional<failure> failed = co_await connect_to_any(std::move(*found));
  if (!failed && by_ && by_->tls) {
    connection_->start_tls(*context_.tls, first_hop_, nullptr);
    failed = co_await shake_hands(first_hop_);
    if (failed) failed->kind = failure_kind::proxy;
  }
  if (!failed && by_) {
    context_.limits->arm(*connection_, boot_clock::now() + bounds_.handshake);
    failed = co_await open_tunnel(*connection_, *by_, to_);
  }
  if (!failed && to_.tls) {
    connection_->start_tls(*context_.tls, to_, &memory_.tls);
    failed = co_await shake_hands(to_);
    resumed_ = !failed && connection_->note_handshake();
  }
  if (failed) co_return std::move(*failed);
  connection_->disarm();
  if (abandoned_) co_return fail(failure_kind::cancelled, "the client was closed");
  co_return std::move(connection_);
}

// A proxy resolves names for itself, but an address that is written out is known here.
std::optional<failure> connection_opener::refused_literal() const {
  if (!by_ || !context_.may_connect) return std::nullopt;
  const auto literal = ip_address_of(to_.host);
  if (!literal || context_.may_connect(to_, *literal)) return std::nullopt;
  return may_not_connect(*literal);
}

asio::awaitable<result<addresses>> connection_opener::find_addresses() {
  if (auto refused = refused_literal()) co_return std::move(*refused);
  // A resolver that hangs is given as long as a handshake: it is not a faster machine than the
  // server.
  result<addresses> found = co_await context_.names->resolve(first_hop_.host, bounds_.handshake);
  if (!found && by_) {
    co_return fail(failure_kind::proxy,
                   "the proxy of " + by_->variable + " is not found: " + found.error().message);
  }
  if (!found) co_return found;
  addresses& all = *found;
  // The proxy is the operator's choice; only what the destination resolves to here is checked.
  if (context_.may_connect && !by_) {
    const auto first = all.front();
    std::erase_if(all, [this](const auto& one) { return !context_.may_connect(to_, one); });
    if (all.empty()) co_return may_not_connect(first);
  }
  if (memory_.worked) {
    const auto known = std::find(all.begin(), all.end(), *memory_.worked);
    if (known != all.end()) std::rotate(all.begin(), known, known + 1);
  }
  co_return found;
}

asio::awaitable<bool> connection_opener::connect_to(tcp::endpoint where, std::string& tried) {
  bool connected = false;
  wake how = wake::ready;
  for (bool again = false;; again = true) {
    connection_ = std::make_unique<connection>(context_.loop, *context_.limits);
    context_.limits->arm(*connection_, boot_clock::now() + bounds_.connect);
    how = co_await connection_->connect(where, connected);
    if (connected) co_return true;
    if (again || !connection_->lacks_descriptors()) break;
    if (!context_.spare_descriptors || !context_.spare_descriptors()) break;
  }
  if (!tried.empty()) tried += "; ";
  tried += where.address().to_string() + ": ";
  tried += how == wake::ready ? connection_->error()
                              : "no connection within " + milliseconds(bounds_.connect);
  if (connection_->lacks_descriptors()) tried += ", raise the limit of open files (ulimit -n)";
  co_return false;
}

asio::awaitable<std::optional<failure>> connection_opener::connect_to_any(addresses candidates) {
  std::string tried;
  for (const auto& address : candidates) {
    if (abandoned_) co_return fail(failure_kind::cancelled, "the client was closed");
    const bool connected = co_await connect_to(tcp::endpoint(address, first_hop_.port), tried);
    if (connected) {
      memory_.worked = address;
      co_return std::nullopt;
    }
  }
  memory_.worked.reset();
  context_.names->forget(first_hop_.host);
  co_return fail(by_ ? failure_kind::proxy : failure_kind::connect,
                 (by_ ? "the proxy of " + by_->variable + ", " : std::string()) +
                     named_host(first_hop_) + " takes no connection (" + tried + ")");
}

asio::awaitable<std::optional<failure>> connection_opener::shake_hands(destination with) {
  context_.limits->arm(*connection_, boot_clock::now() + bounds_.handshake);
  for (;;) {
    const step outcome = connection_->handshake();
    if (outcome == step::done) break;
    if (outcome == step::want_read || outcome == step::want_write) {
      const auto direction =
          outcome == step::want_read ? tcp::socket::wait_read : tcp::socket::wait_write;
      const wake how = co_await connection_->wait(direction);
      if (how == wake::ready) continue;
      co_return fail(failure_kind::timeout, "the TLS handshake with " + named_host(with) +
                                                " was not complete within " +
                                                milliseconds(bounds_.handshake));
    }
    // Perhaps it was the offered session that the server did not like.
    memory_.tls.forget();
    const std::string& refused = connection_->certificate_error();
    const std::string why = !refused.empty()          ? refused
                            : outcome == step::closed ? with.host + " closed the connection"
                                                      : connection_->error();
    co_return fail(failure_kind::tls, "no TLS connection with " + named_host(with) + ": " + why);
  }
  co_return std::nullopt;
}

}  // namespace connector::http
