#include "connector/aws/credentials/callback_source.h"

#include <utility>

namespace connector::aws {

namespace {

namespace asio = boost::asio;

class callback_source final : public credentials_source {
 public:
  callback_source(std::function<fetched()> look, std::string name)
      : look_(std::move(look)), name_(std::move(name)) {}

  asio::awaitable<fetched> fetch(deadline /*end*/) override { co_return look_(); }

  [[nodiscard]] std::string describe() const override { return name_; }

 private:
  std::function<fetched()> look_;
  std::string name_;
};

}  // namespace

std::unique_ptr<credentials_source> make_callback_source(std::function<fetched()> look,
                                                         std::string name) {
  return std::make_unique<callback_source>(std::move(look), std::move(name));
}

}  // namespace connector::aws
