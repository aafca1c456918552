#include "connector/http/exchange.h"

#include <algorithm>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <utility>

#include "connector/http/keep_alive.h"
#include "connector/http/request_head.h"

namespace connector::http {

namespace asio = boost::asio;

namespace {

// Head and the beginning of the body go out together, in one TLS record if they fit.
constexpr std::size_t one_record = 16 * 1024;

deadline end_of(const limits& bounds) {
  if (bounds.end != deadline{}) return bounds.end;
  return boot_clock::now() + bounds.connect + bounds.handshake + bounds.first_byte +
         std::chrono::minutes(1);
}

}  // namespace

exchange::exchange(std::shared_ptr<pool> connections, request outgoing, const limits& bounds)
    : pool_(std::move(connections)),
      request_(std::move(outgoing)),
      key_{request_.to, request_.identity},
      bounds_(bounds),
      end_(end_of(bounds)),
      pace_(new_pace()) {}

exchange::~exchange() = default;

failure exchange::fail(failure_kind kind, const std::string& message) const {
  if (connection_ == nullptr || untouched()) return {kind, request_progress::nothing_sent, message};
  return {kind, all_sent_ ? request_progress::sent : request_progress::incomplete, message};
}

// The server, or a device on the way to it, sent something before the request.
failure exchange::spoilt(step seen, const std::string& where) const {
  if (seen == step::done) {
    return fail(failure_kind::malformed, request_.to.host + " sent something before it was asked");
  }
  return fail(failure_kind::write,
              "the connection broke " + where + ": " +
                  (seen == step::closed ? "the server closed it" : connection_->error()));
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

// `unpacking`: the answer whose body could not be unpacked; empty when it did not arrive whole.
std::shared_ptr<const response> exchange::head_of_failed(const failure& why,
                                                         response unpacking) const {
  if (!parser_ || why.kind == failure_kind::malformed) return nullptr;
  if (unpacking.status == 0) {
    auto arrived = parser_->head();
    if (!arrived) return nullptr;
    unpacking = *std::move(arrived);
  }
  unpacking.body = std::string();
  unpacking.request_complete = all_sent_;
  return std::make_shared<const response>(std::move(unpacking));
}

asio::awaitable<result<response>> exchange::run() {
  ++pool_->counted.requests;
  if (const auto why = find_error(request_)) co_return fail(failure_kind::invalid_request, *why);
  bool fresh = false;
  for (;;) {
    std::optional<failure> failed;
    if (!take_idle_connection(fresh)) failed = co_await wait_for_connection(fresh);
    if (failed) co_return std::move(*failed);
    begin_with_connection();
    do {
      failed = co_await write();
      if (!failed) failed = co_await read();
    } while (!failed && !answered_);
    response got;
    if (!failed) {
      if (parser_->surplus()) pool_->give_up_on(request_.to);
      got = parser_->take();
      if (is_packed(got)) failed = co_await unpack(got);
    }
    if (failed) {
      const bool try_another = may_replace(*failed);
      // Once more at most with bytes on the wire, and where nothing else can answer.
      fresh = !untouched();
      if (try_another) ++pool_->counted.found_dead;
      pool_->drop(key_, std::move(connection_));
      if (try_another) continue;
      failed->head = head_of_failed(*failed, std::move(got));
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

bool exchange::take_idle_connection(bool fresh) {
  if (!fresh) connection_ = pool_->take_idle(key_);
  just_checked_ = connection_ != nullptr;
  return just_checked_;
}

asio::awaitable<std::optional<failure>> exchange::wait_for_connection(bool fresh) {
  result<connection_pointer> opened = co_await pool_->wait(key_, bounds_, end_, fresh);
  if (!opened) co_return std::move(opened).error();
  connection_ = std::move(*opened);
  co_return std::nullopt;
}

void exchange::begin_with_connection() {
  if (connection_->reused) ++pool_->counted.reused;
  bytes_before_ = connection_->bytes_out();
  parser_.reset();
  informational_ = 0;
  first_.clear();
  write_head(request_, first_);
  const std::size_t with_head =
      std::min(request_.body.size(), first_.size() < one_record ? one_record - first_.size() : 0);
  first_.append(request_.body, 0, with_head);
  left_ = first_;
  rest_ = std::string_view(request_.body).substr(with_head);
}

asio::awaitable<std::optional<failure>> exchange::write() {
  const auto where = [this] { return "while the request to " + request_.to.host + " went out"; };
  connection_->arm(end_);
  early_ = false;
  for (;;) {
    if (left_.empty()) left_ = std::exchange(rest_, {});
    if (left_.empty()) break;
    // Bytes that arrive before the request is complete may belong to an earlier request. The client
    // believes an early response only on a connection that carried no exchange before.
    const step before = std::exchange(just_checked_, false) ? step::want_read : connection_->peek();
    if (before != step::want_read && before != step::want_write) {
      early_ = !untouched() && !connection_->reused && before != step::broken;
      if (early_) co_return std::nullopt;
      if (untouched() && before == step::done) pool_->give_up_on(request_.to);
      co_return spoilt(before, where());
    }
    std::size_t moved = 0;
    const step outcome = connection_->write_some(left_, moved);
    left_.remove_prefix(moved);
    if (outcome == step::done) continue;
    if (outcome == step::want_read || outcome == step::want_write) {
      const wake how = co_await connection_->wait_for_any();
      if (how != wake::ready) co_return stopped(how, where());
      const step other_way = connection_->peek();
      if (other_way == step::want_read) continue;
      if (connection_->reused) co_return spoilt(other_way, where());
      early_ = other_way != step::broken;
    } else {
      // A server that refuses a request early says so, then closes: its answer, or its TLS alert,
      // may be there already.
      early_ = connection_->peek() == step::done && !untouched() && !connection_->reused;
    }
    if (early_) co_return std::nullopt;
    co_return spoilt(outcome == step::closed ? outcome : step::broken, where());
  }
  all_sent_ = true;
  // A long call does not need the request's memory while it waits.
  first_ = std::string();
  request_.body = std::string();
  request_.fields = headers();
  request_.target = std::string();
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
