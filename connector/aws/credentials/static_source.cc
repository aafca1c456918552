#include "connector/aws/credentials/static_source.h"

#include <utility>

namespace connector::aws {

namespace {

namespace asio = boost::asio;

class static_source final : public credentials_source {
 public:
  explicit static_source(credentials keys) : keys_(std::move(keys)) {}

  asio::awaitable<fetched> fetch(deadline /*end*/) override { co_return keys_; }

  [[nodiscard]] std::string describe() const override { return keys_.source; }

 private:
  credentials keys_;
};

}  // namespace

std::unique_ptr<credentials_source> make_static_source(credentials keys) {
  return std::make_unique<static_source>(std::move(keys));
}

}  // namespace connector::aws
