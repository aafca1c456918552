#include "connector/aws/signed_exchange.h"

#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/aws/error_table.h"

namespace connector::aws {

namespace asio = boost::asio;

namespace {

asio::awaitable<signed_exchange::reply> not_signed() {
  co_return signed_exchange::reply{http::failure{http::failure_kind::invalid_request,
                                                 http::request_progress::nothing_sent,
                                                 "the request cannot be signed"}};
}

}  // namespace

// No coroutine: what the request is made of does not stay in a frame while the answer is awaited.
asio::awaitable<signed_exchange::reply> signed_exchange::send_once(http::request request,
                                                                   const signature& by,
                                                                   http::limits bounds,
                                                                   word_of word) {
  sent_request one{{request.to.host, word, time_.now()}, {}, time_.wall(), static_cast<bool>(by)};
  if (by) one.correction = clock_.correction(one.to);
  if (by && !by(request, one.sent + one.correction)) return not_signed();
  return hear(client_.send(std::move(request), bounds), std::move(one));
}

asio::awaitable<signed_exchange::reply> signed_exchange::hear(
    asio::awaitable<http::result<http::response>> exchange, sent_request request) {
  reply out{co_await std::move(exchange)};
  if (!out.answer) co_return out;
  const exchange_time when{request.sent, time_.now() - request.to.began};
  out.ahead = request.is_signed ? request.correction : worthwhile_skew(out.answer->fields, when);
  if (!request.is_signed) co_return out;
  if (out.answer->status < 400) {
    clock_.accepted(request.to, request.correction);
  } else if (may_mean_time(read_service_error(*out.answer))) {
    out.worth_again = clock_.refused(request.to, request.correction, out.answer->fields, when);
  }
  co_return out;
}

asio::awaitable<signed_exchange::reply> signed_exchange::send(http::request request, signature by,
                                                              http::limits bounds) {
  auto first = co_await send_once(request, by, bounds);
  if (!first.worth_again) co_return first;
  auto second = co_await send_once(std::move(request), by, bounds);
  co_return second;
}

}  // namespace connector::aws
