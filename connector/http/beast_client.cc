#include "connector/http/beast_client.h"

#include <boost/asio/this_coro.hpp>
#include <utility>

#include "connector/http/exchange.h"
#include "connector/http/pool.h"

namespace connector::http {

namespace asio = boost::asio;

namespace {

class beast_client final : public client {
 public:
  beast_client(const asio::any_io_executor& loop, client_settings settings)
      : pool_(std::make_shared<pool>(loop, std::move(settings))) {}
  ~beast_client() override { pool_->close(); }

  asio::awaitable<result<response>> send(request what, limits bounds) override {
    exchange one(pool_, std::move(what), bounds);
    // Cancellation is an outcome like others here; the caller gets his own setting back.
    const bool throws = co_await asio::this_coro::throw_if_cancelled();
    co_await asio::this_coro::throw_if_cancelled(false);
    result<response> outcome = co_await one.run();
    co_await asio::this_coro::throw_if_cancelled(throws);
    co_return outcome;
  }

  void close_idle() override { pool_->close_idle(); }

  [[nodiscard]] counters count() const override { return pool_->counted; }

 private:
  const std::shared_ptr<pool> pool_;
};

}  // namespace

std::unique_ptr<client> make_client(const asio::any_io_executor& loop, client_settings settings) {
  return std::make_unique<beast_client>(loop, std::move(settings));
}

}  // namespace connector::http
