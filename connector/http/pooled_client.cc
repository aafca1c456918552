#include "connector/http/pooled_client.h"

#include <boost/asio/this_coro.hpp>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/http/exchange.h"
#include "connector/http/pool.h"

namespace connector::http {

namespace asio = boost::asio;

namespace {

class pooled_client final : public client {
 public:
  pooled_client(const asio::any_io_executor& loop, client_settings settings)
      : pool_(std::make_shared<pool>(loop, std::move(settings))) {}
  ~pooled_client() override { pool_->close(); }

  asio::awaitable<result<response>> send(request outgoing, limits bounds) override {
    return carry_out(std::make_unique<exchange>(pool_, std::move(outgoing), bounds));
  }

  void close_idle() override { pool_->close_idle(); }

  [[nodiscard]] counters count() const override { return pool_->counted; }

 private:
  // Quiet cancellation in one frame: many calls wait in it.
  static asio::awaitable<result<response>> carry_out(std::unique_ptr<exchange> one) {
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await quiet_cancellation();
    auto out = co_await one->run();
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return out;
  }

  const std::shared_ptr<pool> pool_;
};

}  // namespace

std::unique_ptr<client> make_client(const asio::any_io_executor& loop, client_settings settings) {
  return std::make_unique<pooled_client>(loop, std::move(settings));
}

}  // namespace connector::http
