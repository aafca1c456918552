#include "connector/http/pooled_client.h"

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
    exchange one(pool_, std::move(outgoing), bounds);
    co_return co_await under_quiet_cancellation(one.run());
  }

  void close_idle() override { pool_->close_idle(); }

  [[nodiscard]] counters count() const override { return pool_->counted; }

 private:
  const std::shared_ptr<pool> pool_;
};

}  // namespace

std::unique_ptr<client> make_client(const asio::any_io_executor& loop, client_settings settings) {
  return std::make_unique<pooled_client>(loop, std::move(settings));
}

}  // namespace connector::http
