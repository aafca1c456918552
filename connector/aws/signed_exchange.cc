#include "connector/aws/signed_exchange.h"

#include <utility>

#include "connector/aws/aws_error.h"
#include "connector/aws/error_table.h"

namespace connector::aws {

namespace asio = boost::asio;

asio::awaitable<signed_exchange::reply> signed_exchange::send_once(http::request request,
                                                                   signature by,
                                                                   http::limits bounds) {
  const auto host = request.to.host;
  const auto sent = time_.wall();
  const auto begin = time_.now();
  const auto used = clock_.correction(host);
  if (by && !by(request, sent + used)) {
    co_return reply{http::failure{http::failure_kind::invalid_request,
                                  http::request_progress::nothing_sent,
                                  "the request cannot be signed"}};
  }
  auto answer = co_await client_.send(std::move(request), bounds);
  reply out{std::move(answer)};
  if (!by || !out.answer) co_return out;
  if (out.answer->status < 400) {
    clock_.accepted(host, used);
  } else if (may_mean_time(read_service_error(*out.answer))) {
    const exchange_time when{sent, time_.now() - begin};
    out.worth_again = clock_.refused(host, used, out.answer->fields, when);
  }
  co_return out;
}

asio::awaitable<http::result<http::response>> signed_exchange::send(http::request request,
                                                                    signature by,
                                                                    http::limits bounds) {
  auto first = co_await send_once(request, by, bounds);
  if (!first.worth_again) co_return std::move(first.answer);
  auto second = co_await send_once(std::move(request), std::move(by), bounds);
  co_return std::move(second.answer);
}

}  // namespace connector::aws
