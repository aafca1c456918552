// The half of an exchange that reads the response: its bytes, the memory for a large body, and the
// unpacking of a body that the server packed.
#include <algorithm>
#include <boost/asio/post.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connector/http/exchange.h"
#include "connector/http/unpacker.h"

namespace connector::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// The bytes that one connection may read before the others have their turn.
constexpr std::size_t fair_share = 256 * 1024;
// What a read, and a message of TLS before it, counts at least: a server may put each byte into a
// record of its own, and change its keys before each.
constexpr std::size_t least_of_share = 1024;
// In what steps memory is asked for while a large answer grows, and a packed one is unpacked.
constexpr std::size_t room_step = 16UL * 1024;
constexpr std::size_t steps_in_a_row = fair_share / room_step;

}  // namespace

response_parser& exchange::parser() {
  if (!parser_) {
    response_limits limits;
    limits.header_bytes = bounds_.header_bytes;
    limits.body_bytes = bounds_.body_bytes;
    limits.of_head = request_.method == "HEAD";
    parser_.emplace(limits);
  }
  return *parser_;
}

asio::awaitable<std::optional<failure>> exchange::read() {
  first_byte_until_ = std::min(end_, boot_clock::now() + bounds_.first_byte);
  connection_->arm(first_byte_until_);

  bool readable = early_;  // else there cannot be anything yet
  auto wanted = tcp::socket::wait_read;
  std::size_t in_a_row = 0;
  std::vector<char>& into = pool_->scratch;
  for (;;) {
    if (!readable) {
      const wake how = co_await connection_->wait(wanted);
      if (how != wake::ready) co_return unanswered(how);
      in_a_row = 0;
    }
    std::size_t moved = 0;
    const step outcome = connection_->read_some(into.data(), into.size(), moved);
    readable = outcome == step::done;
    // TLS has to write first where the server changed the keys.
    wanted = outcome == step::want_write ? tcp::socket::wait_write : tcp::socket::wait_read;
    if (outcome == step::want_read || outcome == step::want_write) continue;
    if (outcome == step::broken) {
      co_return fail(failure_kind::read,
                     "the connection to " + request_.to.host +
                         " broke before the answer was complete: " + connection_->error());
    }
    const parse_state state = outcome == step::closed
                                  ? parser().end_of_stream()
                                  : parser().feed(std::string_view(into.data(), moved));
    if (state == parse_state::failed) {
      // On a kept connection they may be the rest of an earlier answer.
      if (connection_->reused && parser_->stray()) pool_->give_up_on(request_.to);
      co_return fail(parser_->kind(), "no answer from " + request_.to.host + ": " +
                                          parser_->reason() + hint_of_tls(moved));
    }
    note_arrival(moved);
    if (needs_room(parser_->body_bytes())) {
      auto no_room = co_await make_room(parser_->body_bytes());
      if (no_room) co_return no_room;
    }
    answered_ = state == parse_state::done;
    if (answered_) co_return std::nullopt;
    if (!all_sent_ && !parser_->begun()) co_return std::nullopt;
    in_a_row += std::max(moved, least_of_share) + least_of_share * connection_->messages_before();
    if (in_a_row >= fair_share) {
      in_a_row = 0;
      // The server may send as fast as it is read, and the time is over all the same.
      const wake how = co_await connection_->give_way();
      if (how != wake::ready) co_return unanswered(how);
    }
  }
}

// A port that speaks TLS answers a request in plain HTTP with the end of the connection, or with
// an alert of TLS. `moved` bytes arrived last. A port that answered before speaks plain HTTP.
std::string exchange::hint_of_tls(std::size_t moved) const {
  constexpr char tls_alert = 0x15;
  if (request_.to.tls || bytes_before_ != 0) return {};
  const bool tls = moved == 0 ? !parser_->begun() : pool_->scratch.front() == tls_alert;
  return tls ? "; the request went out in plain HTTP: if that port speaks TLS, write https:// in "
               "the address"
             : "";
}

void exchange::note_arrival(std::size_t bytes) {
  if (parser_->informational() != informational_) {
    informational_ = parser_->informational();
    pace_ = new_pace();
    connection_->arm(first_byte_until_);
  }
  if (!parser_->begun()) return;
  const deadline next = pace_.arrived(bytes, boot_clock::now());
  connection_->arm(std::min(end_, next));
}

bool exchange::needs_room(std::size_t bytes) const {
  return bytes > small_body && pool_->settings().response_budget != nullptr;
}

// Before more of a large answer is read; the server waits meanwhile.
asio::awaitable<std::optional<failure>> exchange::make_room(std::size_t bytes) {
  if (!needs_room(bytes)) co_return std::nullopt;
  const auto& rooms = pool_->settings().response_budget;
  const std::size_t wanted = (bytes + room_step - 1) / room_step * room_step;
  if (!share_) {
    share_.emplace(rooms, [this] {
      if (connection_ != nullptr) connection_->abandon();
    });
  }
  if (wanted <= share_->bytes()) co_return std::nullopt;
  const auto before = boot_clock::now();
  connection_->arm(end_);
  const bool room = co_await share_->grow_to(wanted, end_);
  if (room) {
    // The server was not at fault.
    connection_->arm(std::min(end_, pace_.held_up(boot_clock::now() - before)));
    co_return std::nullopt;
  }
  if (hurried()) co_return unanswered(wake::time_over);
  const wake how = boot_clock::now() >= end_ ? wake::time_over : wake::cancelled;
  co_return stopped(how, "while the answer of " + request_.to.host + " waited for memory");
}

bool exchange::is_packed(const response& got) {
  return !got.body.empty() && packing_of(got.fields) != packing::none;
}

asio::awaitable<std::optional<failure>> exchange::unpack(response& got) {
  const packing how = packing_of(got.fields);
  if (how == packing::other) {
    co_return fail(
        failure_kind::malformed,
        request_.to.host + " sent an answer with Content-Encoding " + packing_name(got.fields) +
            ", which was not asked for and is not unpacked here: let it answer without one");
  }
  const std::string packed = std::move(got.body);
  got.body = std::string();
  unpacker reading(how, packed);
  for (std::size_t step = 0;; ++step) {
    auto no_room = co_await make_room(packed.size() + got.body.size() + room_step);
    if (no_room) co_return no_room;
    const std::size_t left = bounds_.body_bytes - got.body.size();
    const unpack_state state = reading.next(got.body, std::min(left + 1, room_step));
    if (got.body.size() > bounds_.body_bytes) {
      co_return fail(failure_kind::too_large,
                     "no answer from " + request_.to.host +
                         ": unpacked, the body is larger than the limit of " +
                         std::to_string(bounds_.body_bytes) + " bytes");
    }
    if (state == unpack_state::failed) {
      co_return fail(failure_kind::malformed, "the packed answer of " + request_.to.host +
                                                  " (Content-Encoding) is damaged or cut off");
    }
    if (state == unpack_state::done) break;
    if (step % steps_in_a_row == steps_in_a_row - 1) {
      co_await asio::post(pool_->loop(), asio::use_awaitable);
    }
  }
  // They spoke of the packed body.
  std::erase_if(got.fields, [](const auto& field) {
    return same_name(field.first, "Content-Encoding") || same_name(field.first, "Content-Length");
  });
  co_return std::nullopt;
}

}  // namespace connector::http
