#include "connector/aws/credentials/callback_source.h"

#include <optional>
#include <utility>

namespace connector::aws {

namespace {

namespace asio = boost::asio;

class callback_source final : public credentials_source {
 public:
  callback_source(std::function<fetched()> look, std::string name)
      : look_(std::move(look)), name_(std::move(name)) {}

  asio::awaitable<fetched> fetch(deadline /*end*/) override {
    auto found = look_();
    if (found) last_ = *found;
    co_return found;
  }

  // Keys that cannot be read now are no others: the old ones are used on.
  [[nodiscard]] bool changed() const override {
    if (!last_) return false;
    const auto found = look_();
    return found && !(found->access_key_id == last_->access_key_id &&
                      found->secret_access_key == last_->secret_access_key &&
                      found->session_token == last_->session_token);
  }

  [[nodiscard]] std::string describe() const override { return name_; }

 private:
  std::function<fetched()> look_;
  std::string name_;
  std::optional<credentials> last_;  // of the last fetch that gave keys
};

}  // namespace

std::unique_ptr<credentials_source> make_callback_source(std::function<fetched()> look,
                                                         std::string name) {
  return std::make_unique<callback_source>(std::move(look), std::move(name));
}

}  // namespace connector::aws
