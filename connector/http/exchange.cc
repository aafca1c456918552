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
      what_(std::move(what)),
      site_{what_.to, what_.identity},
      bounds_(bounds),
      end_(end_of(bounds)),
      pace_(bounds.silence, bounds.least_rate) {}

exchange::~exchange() = default;

failure exchange::fail(failure_kind kind, const std::string& what) const {
  if (now_ == nullptr || untouched()) return {kind, progress::nothing_sent, what};
  return {kind, all_sent_ ? progress::sent : progress::incomplete, what};
}

// The server, or what is on the way to it, said something before it was asked.
failure exchange::spoilt(step what, const std::string& where) const {
  if (what == step::done) {
    return fail(failure_kind::malformed, what_.to.host + " sent something before it was asked");
  }
  return fail(failure_kind::write,
              "the connection broke " + where + ": " +
                  (what == step::closed ? "the server closed it" : now_->trouble()));
}

// A kept connection that was of no use before the request was complete. What came on it may be what
// an earlier request left behind.
bool exchange::may_replace(const failure& why) const {
  return now_ != nullptr && now_->reused && !all_sent_ && why.kind != failure_kind::timeout &&
         why.kind != failure_kind::cancelled;
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
  const std::string& host = what_.to.host;
  if (hurried()) {
    return fail(failure_kind::timeout,
                "the answer of " + host +
                    " came too slowly while others waited for the memory that "
                    "it held (LAMBDA_CONNECTOR_BYTE_BUDGET)");
  }
  if (how == wake::time_over && boot_clock::now() < end_ && pace_.begun()) {
    return fail(failure_kind::timeout, "the answer of " + host + " " + pace_.complaint());
  }
  return stopped(how, "while waiting for the answer of " + host);
}

asio::awaitable<result<response>> exchange::run() {
  ++pool_->counted.requests;
  if (const auto why = why_unsendable(what_)) co_return fail(failure_kind::unsendable, *why);
  bool fresh = false;
  for (;;) {
    std::optional<failure> failed = co_await get_connection(fresh);
    if (failed) co_return std::move(*failed);
    failed = co_await write();
    if (!failed) failed = co_await read();
    response got;
    if (!failed) {
      if (answer_->surplus()) pool_->give_up_on(what_.to);
      got = answer_->take();
      failed = co_await unpack(got);
    }
    if (failed) {
      const bool try_another = may_replace(*failed);
      // Once more at most with bytes on the wire, and where nothing else can answer.
      fresh = !untouched();
      if (try_another) ++pool_->counted.found_dead;
      pool_->drop(site_, std::move(now_));
      if (try_another) continue;
      co_return std::move(*failed);
    }
    got.request_complete = all_sent_;
    if (share_) {
      share_->shrink_to(got.body.size());
      got.room = share_->complete();
    }
    // One that was told to give up at the last moment broke off its connection.
    const bool keep = all_sent_ && answer_->keep_alive() && !hurried();
    pool_->give_back(site_, std::move(now_),
                     keep ? keep_for(got) : std::chrono::milliseconds::zero());
    co_return got;
  }
}

asio::awaitable<std::optional<failure>> exchange::get_connection(bool fresh) {
  if (!fresh) now_ = pool_->take_idle(site_);
  if (now_ == nullptr) {
    result<connection_pointer> opened = co_await pool_->wait(site_, bounds_, end_, fresh);
    if (!opened) co_return std::move(opened).error();
    now_ = std::move(*opened);
  }
  if (now_->reused) ++pool_->counted.reused;
  bytes_before_ = now_->bytes_out();
  now_->arm(end_);
  co_return std::nullopt;
}

asio::awaitable<std::optional<failure>> exchange::write() {
  const std::string where = "while the request to " + what_.to.host + " went out";
  std::string first;
  write_head(what_, first);
  const std::size_t with_head =
      std::min(what_.body.size(), first.size() < one_record ? one_record - first.size() : 0);
  first.append(what_.body, 0, with_head);

  std::string_view left = first;
  bool body_next = with_head < what_.body.size();
  for (;;) {
    if (left.empty()) {
      if (!body_next) break;
      left = std::string_view(what_.body).substr(with_head);
      body_next = false;
    }
    // What is there before the request is complete was not asked for by it. An early answer can
    // only be believed where no exchange was before.
    const step before = now_->peek();
    if (before != step::want_read && before != step::want_write) {
      early_ = !untouched() && !now_->reused && before != step::broken;
      if (early_) co_return std::nullopt;
      if (untouched() && before == step::done) pool_->give_up_on(what_.to);
      co_return spoilt(before, where);
    }
    std::size_t moved = 0;
    const step outcome = now_->write_some(left, moved);
    left.remove_prefix(moved);
    if (outcome == step::done) continue;
    if (outcome == step::want_read || outcome == step::want_write) {
      const wake how = co_await now_->wait_for_any();
      if (how != wake::ready) co_return stopped(how, where);
      const step other_way = now_->peek();
      if (other_way == step::want_read) continue;
      if (now_->reused) co_return spoilt(other_way, where);
      early_ = other_way != step::broken;
    } else {
      // A server that refuses a request early says so, then closes: its answer, or its TLS alert,
      // may be there already.
      early_ = now_->peek() == step::done && !untouched() && !now_->reused;
    }
    if (early_) co_return std::nullopt;
    co_return spoilt(outcome == step::closed ? outcome : step::broken, where);
  }
  all_sent_ = true;
  // A long call does not need the request's memory while it waits.
  what_.body = std::string();
  co_return std::nullopt;
}

asio::awaitable<std::optional<failure>> exchange::read() {
  answer_limits limits;
  limits.header_bytes = bounds_.header_bytes;
  limits.body_bytes = bounds_.body_bytes;
  limits.of_head = what_.method == "HEAD";
  answer_.emplace(limits);
  now_->arm(std::min(end_, boot_clock::now() + bounds_.first_byte));

  bool readable = early_;  // else there cannot be anything yet
  std::size_t in_a_row = 0;
  std::vector<char>& into = pool_->scratch;
  for (;;) {
    if (!readable) {
      const wake how = co_await now_->wait(tcp::socket::wait_read);
      if (how != wake::ready) co_return unanswered(how);
      in_a_row = 0;
    }
    std::size_t moved = 0;
    const step outcome = now_->read_some(into.data(), into.size(), moved);
    readable = outcome == step::done;
    if (outcome == step::want_read || outcome == step::want_write) continue;
    if (outcome == step::broken) {
      co_return fail(failure_kind::read,
                     "the connection to " + what_.to.host +
                         " broke before the answer was complete: " + now_->trouble());
    }
    const answer_state state = outcome == step::closed
                                   ? answer_->end_of_stream()
                                   : answer_->feed(std::string_view(into.data(), moved));
    if (state == answer_state::failed) {
      co_return fail(answer_->kind(), "no answer from " + what_.to.host + ": " + answer_->reason());
    }
    note_arrival(moved);
    auto no_room = co_await make_room(answer_->body_bytes());
    if (no_room || state == answer_state::done) co_return no_room;
    in_a_row += moved;
    if (in_a_row >= fair_share) {
      in_a_row = 0;
      co_await asio::post(pool_->loop(), asio::use_awaitable);
    }
  }
}

void exchange::note_arrival(std::size_t bytes) {
  if (!answer_->begun()) return;
  const deadline next = pace_.arrived(bytes, boot_clock::now());
  now_->arm(std::min(end_, next));
}

// Before more of a large answer is read; the server waits meanwhile.
asio::awaitable<std::optional<failure>> exchange::make_room(std::size_t bytes) {
  const auto& rooms = pool_->settings().answer_room;
  if (rooms == nullptr || bytes <= small_answer) co_return std::nullopt;
  const std::size_t wanted = (bytes + room_step - 1) / room_step * room_step;
  if (!share_) {
    share_.emplace(rooms, [this] {
      if (now_ != nullptr) now_->abandon();
    });
  }
  if (wanted <= share_->bytes()) co_return std::nullopt;
  const auto before = boot_clock::now();
  now_->arm(end_);
  const bool room = co_await share_->grow_to(wanted, end_);
  if (room) {
    // The server was not at fault.
    now_->arm(std::min(end_, pace_.held_up(boot_clock::now() - before)));
    co_return std::nullopt;
  }
  if (hurried()) co_return unanswered(wake::time_over);
  const wake how = boot_clock::now() >= end_ ? wake::time_over : wake::cancelled;
  co_return stopped(how, "while the answer of " + what_.to.host + " waited for memory");
}

asio::awaitable<std::optional<failure>> exchange::unpack(response& got) {
  const packing how = packing_of(got.fields);
  if (how == packing::none || got.body.empty()) co_return std::nullopt;
  if (how == packing::other) {
    co_return fail(
        failure_kind::malformed,
        what_.to.host + " sent an answer with Content-Encoding " + packing_name(got.fields) +
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
                     "no answer from " + what_.to.host +
                         ": unpacked, the body is larger than the limit of " +
                         std::to_string(bounds_.body_bytes) + " bytes");
    }
    if (state == unpack_state::failed) {
      co_return fail(failure_kind::malformed, "the packed answer of " + what_.to.host +
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
