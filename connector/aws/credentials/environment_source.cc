#include "connector/aws/credentials/environment_source.h"

#include <utility>

namespace connector::aws {

namespace {

namespace asio = boost::asio;
using kind = source_failure::kind;

class environment_source final : public credentials_source {
 public:
  explicit environment_source(variables look_up) : look_up_(std::move(look_up)) {}

  asio::awaitable<fetched> fetch(deadline /*end*/) override {
    auto found = environment_credentials(look_up_);
    if (!found) co_return source_failure{kind::rejected, found.error().message};
    if (!*found) co_return source_failure{kind::not_configured, "no AWS_ACCESS_KEY_ID"};
    co_return **std::move(found);
  }

  [[nodiscard]] std::string describe() const override { return "environment"; }

 private:
  variables look_up_;
};

}  // namespace

std::unique_ptr<credentials_source> make_environment_source(variables look_up) {
  return std::make_unique<environment_source>(std::move(look_up));
}

}  // namespace connector::aws
