#include "connector/aws/credentials/cached_source.h"

#include <utility>

namespace connector::aws {

namespace {

namespace asio = boost::asio;
using kind = source_failure::kind;

class cached_source final : public credentials_source {
 public:
  explicit cached_source(std::shared_ptr<credentials_cache> cache) : cache_(std::move(cache)) {}

  asio::awaitable<fetched> fetch(deadline end) override {
    auto found = co_await cache_->get(end);
    if (found) co_return *std::move(found);
    const bool rejected = found.error().failure == failure_class::permanent;
    co_return source_failure{rejected ? kind::rejected : kind::unavailable, found.error().message};
  }

  void rejected(const std::string& access_key_id) override { cache_->expired(access_key_id); }

  [[nodiscard]] std::string describe() const override { return cache_->describe(); }

 private:
  std::shared_ptr<credentials_cache> cache_;
};

}  // namespace

std::unique_ptr<credentials_source> make_cached_source(std::shared_ptr<credentials_cache> cache) {
  return std::make_unique<cached_source>(std::move(cache));
}

}  // namespace connector::aws
