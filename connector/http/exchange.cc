#include "connector/http/exchange.h"

#include <algorithm>
#include <array>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "connector/http/keep_alive.h"
#include "connector/http/request_head.h"
#include "connector/http/unpacker.h"

namespace connector::http {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

// Head and the beginning of the body go out together, in one TLS record if they fit.
constexpr std::size_t one_record = 16 * 1024;
// What one connection may take in before the others have their turn.
constexpr std::size_t fair_share = 256 * 1024;
// In what steps memory is asked for while a large answer grows, and a packed one is unpacked.
constexpr std::size_t room_step = 16UL * 1024;
constexpr std::size_t steps_in_a_row = fair_share / room_step;

deadline end_of(const limits& bounds) {
  if (bounds.end != deadline{}) return bounds.end;
  return boot_clock::now() + bounds.connect + bounds.handshake + bounds.first_byte +
         std::chrono::minutes(1);
}

}  // namespace

exchange::exchange(std::shared_ptr<pool> connections, request what, const limits& bounds)
    : pool_(std::move(connections)),
      request_(std::move(what)),
      key_{request_.to, request_.identity},
      bounds_(bounds),
      end_(end_of(bounds)),
      pace_(bounds.silence, bounds.least_rate) {}

exchange::~exchange() = default;

failure exchange::fail(failure_kind kind, const std::string& what) const {
  if (connection_ == nullptr || untouched()) return {kind, request_progress::nothing_sent, what};
  return {kind, all_sent_ ? request_progress::sent : request_progress::incomplete, what};
}

// The server, or a device on the way to it, sent something before the request.
failure exchange::spoilt(step what, const std::string& where) const {
  if (what == step::done) {
    return fail(failure_kind::malformed, request_.to.host + " sent something before it was asked");
  }
  return fail(failure_kind::write,
              "the connection broke " + where + ": " +
                  (what == step::closed ? "the server closed it" : connection_->error()));
}

// A kept connection that broke before the request was complete. Bytes on it may belong to an
// earlier request.
bool exchange::may_replace(const failure& why) const {
  return connection_ != nullptr && connection_->reused && !all_sent_ &&
         why.kind != failure_kind::timeout && why.kind != failure_kind::cancelled;
}

failure exchange::stopped(wake how, const std::string& where) const {
  if (how == wake::cancelled) return fail(failure_kind::cancelled, "given up " + where);
  const bool total = boot_clock::now() >= end_;
  return fail(failure_kind::timeout,
              std::string(total ? "the time for the whole call was over "
                                : "the time until the first byte of the answer was over ") +
                  where);
}

failure exchange::unanswered(wake how) const {
  const std::string& host = request_.to.host;
  if (hurried()) {
    return fail(failure_kind::timeout,
                "the answer of " + host +
                    " came too slowly while others waited for the memory that "
                    "it held (LAMBDA_CONNECTOR_BYTE_BUDGET)");
  }
  if (how == wake::time_over && boot_clock::now() < end_ && pace_.begun()) {
    return fail(failure_kind::timeout, "the answer of " + host + " " + pace_.error());
  }
  return stopped(how, "while waiting for the answer of " + host);
}

asio::awaitable<result<response>> exchange::run() {
  ++pool_->counted.requests;
  if (const auto why = find_error(request_)) co_return fail(failure_kind::invalid_request, *why);
  bool fresh = false;
  for (;;) {
    std::optional<failure> failed = co_await get_connection(fresh);
    if (failed) co_return std::move(*failed);
    failed = co_await write();
    if (!failed) failed = co_await read();
    response got;
    if (!failed) {
      if (parser_->surplus()) pool_->give_up_on(request_.to);
      got = parser_->take();
      failed = co_await unpack(got);
    }
    if (failed) {
      const bool try_another = may_replace(*failed);
      // Once more at most with bytes on the wire, and where nothing else can answer.
      fresh = !untouched();
      if (try_another) ++pool_->counted.found_dead;
      pool_->drop(key_, std::move(connection_));
      if (try_another) continue;
      co_return std::move(*failed);
    }
    got.request_complete = all_sent_;
    if (share_) {
      share_->shrink_to(got.body.size());
      got.memory = share_->complete();
    }
    // An exchange that was told to give up at the last moment has closed its connection.
    const bool keep = all_sent_ && parser_->keep_alive() && !hurried();
    pool_->give_back(key_, std::move(connection_),
                     keep ? keep_for(got) : std::chrono::milliseconds::zero());
    co_return got;
  }
}

asio::awaitable<std::optional<failure>> exchange::get_connection(bool fresh) {
  if (!fresh) connection_ = pool_->take_idle(key_);
  just_checked_ = connection_ != nullptr;
  if (connection_ == nullptr) {
    result<connection_pointer> opened = co_await pool_->wait(key_, bounds_, end_, fresh);
    if (!opened) co_return std::move(opened).error();
    connection_ = std::move(*opened);
  }
  if (connection_->reused) ++pool_->counted.reused;
  bytes_before_ = connection_->bytes_out();
  connection_->arm(end_);
  co_return std::nullopt;
}

asio::awaitable<std::optional<failure>> exchange::write() {
  const std::string where = "while the request to " + request_.to.host + " went out";
  std::string first;
  write_head(request_, first);
  const std::size_t with_head =
      std::min(request_.body.size(), first.size() < one_record ? one_record - first.size() : 0);
  first.append(request_.body, 0, with_head);

  std::string_view left = first;
  bool body_next = with_head < request_.body.size();
  for (;;) {
    if (left.empty()) {
      if (!body_next) break;
      left = std::string_view(request_.body).substr(with_head);
      body_next = false;
    }
    // Bytes that arrive before the request is complete may belong to an earlier request. The client
    // believes an early response only on a connection that carried no exchange before.
    const step before = std::exchange(just_checked_, false) ? step::want_read : connection_->peek();
    if (before != step::want_read && before != step::want_write) {
      early_ = !untouched() && !connection_->reused && before != step::broken;
      if (early_) co_return std::nullopt;
      if (untouched() && before == step::done) pool_->give_up_on(request_.to);
      co_return spoilt(before, where);
    }
    std::size_t moved = 0;
    const step outcome = connection_->write_some(left, moved);
    left.remove_prefix(moved);
    if (outcome == step::done) continue;
    if (outcome == step::want_read || outcome == step::want_write) {
      const wake how = co_await connection_->wait_for_any();
      if (how != wake::ready) co_return stopped(how, where);
      const step other_way = connection_->peek();
      if (other_way == step::want_read) continue;
      if (connection_->reused) co_return spoilt(other_way, where);
      early_ = other_way != step::broken;
    } else {
      // A server that refuses a request early says so, then closes: its answer, or its TLS alert,
      // may be there already.
      early_ = connection_->peek() == step::done && !untouched() && !connection_->reused;
    }
    if (early_) co_return std::nullopt;
    co_return spoilt(outcome == step::closed ? outcome : step::broken, where);
  }
  all_sent_ = true;
  // A long call does not need the request's memory while it waits.
  request_.body = std::string();
  co_return std::nullopt;
}

asio::awaitable<std::optional<failure>> exchange::read() {
  response_limits limits;
  limits.header_bytes = bounds_.header_bytes;
  limits.body_bytes = bounds_.body_bytes;
  limits.of_head = request_.method == "HEAD";
  parser_.emplace(limits);
  connection_->arm(std::min(end_, boot_clock::now() + bounds_.first_byte));

  bool readable = early_;  // else there cannot be anything yet
  std::size_t in_a_row = 0;
  std::vector<char>& into = pool_->scratch;
  for (;;) {
    if (!readable) {
      const wake how = co_await connection_->wait(tcp::socket::wait_read);
      if (how != wake::ready) co_return unanswered(how);
      in_a_row = 0;
    }
    std::size_t moved = 0;
    const step outcome = connection_->read_some(into.data(), into.size(), moved);
    readable = outcome == step::done;
    if (outcome == step::want_read || outcome == step::want_write) continue;
    if (outcome == step::broken) {
      co_return fail(failure_kind::read,
                     "the connection to " + request_.to.host +
                         " broke before the answer was complete: " + connection_->error());
    }
    const parse_state state = outcome == step::closed
                                  ? parser_->end_of_stream()
                                  : parser_->feed(std::string_view(into.data(), moved));
    if (state == parse_state::failed) {
      co_return fail(parser_->kind(),
                     "no answer from " + request_.to.host + ": " + parser_->reason());
    }
    note_arrival(moved);
    auto no_room = co_await make_room(parser_->body_bytes());
    if (no_room || state == parse_state::done) co_return no_room;
    in_a_row += moved;
    if (in_a_row >= fair_share) {
      in_a_row = 0;
      co_await asio::post(pool_->loop(), asio::use_awaitable);
    }
  }
}

void exchange::note_arrival(std::size_t bytes) {
  if (!parser_->begun()) return;
  const deadline next = pace_.arrived(bytes, boot_clock::now());
  connection_->arm(std::min(end_, next));
}

// Before more of a large answer is read; the server waits meanwhile.
asio::awaitable<std::optional<failure>> exchange::make_room(std::size_t bytes) {
  const auto& rooms = pool_->settings().response_budget;
  if (rooms == nullptr || bytes <= small_body) co_return std::nullopt;
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

asio::awaitable<std::optional<failure>> exchange::unpack(response& got) {
  const packing how = packing_of(got.fields);
  if (how == packing::none || got.body.empty()) co_return std::nullopt;
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

std::chrono::milliseconds exchange::keep_for(const response& got) const {
  using std::chrono::milliseconds;
  const milliseconds ours = pool_->settings().idle_close;
  const auto announced = announced_keep_alive(got.fields);
  if (!announced) return ours;
  // A second earlier than the server, or half its time when that is short.
  const milliseconds theirs = *announced;
  return std::min(ours, std::max(theirs - std::chrono::seconds(1), theirs / 2));
}

}  // namespace connector::http
