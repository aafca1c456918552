#include "connector/aws/credentials/simple_sources.h"

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
    if (!found) co_return source_failure{kind::refuses, found.error().message};
    if (!*found) co_return source_failure{kind::not_configured, "no AWS_ACCESS_KEY_ID"};
    co_return **std::move(found);
  }

  [[nodiscard]] std::string describe() const override { return "environment"; }

 private:
  variables look_up_;
};

class static_source final : public credentials_source {
 public:
  explicit static_source(credentials keys) : keys_(std::move(keys)) {}

  asio::awaitable<fetched> fetch(deadline /*end*/) override { co_return keys_; }

  [[nodiscard]] std::string describe() const override { return keys_.source; }

 private:
  credentials keys_;
};

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

class cached_source final : public credentials_source {
 public:
  explicit cached_source(std::shared_ptr<credentials_cache> kept) : kept_(std::move(kept)) {}

  asio::awaitable<fetched> fetch(deadline end) override {
    auto found = co_await kept_->get(end);
    if (found) co_return *std::move(found);
    const bool refuses = found.error().failure == failure_class::permanent;
    co_return source_failure{refuses ? kind::refuses : kind::away, found.error().message};
  }

  void rejected(const std::string& access_key_id) override { kept_->expired(access_key_id); }

  [[nodiscard]] std::string describe() const override { return kept_->describe(); }

 private:
  std::shared_ptr<credentials_cache> kept_;
};

}  // namespace

std::unique_ptr<credentials_source> make_environment_source(variables look_up) {
  return std::make_unique<environment_source>(std::move(look_up));
}

std::unique_ptr<credentials_source> make_given_source(credentials keys) {
  return std::make_unique<static_source>(std::move(keys));
}

std::unique_ptr<credentials_source> make_looked_up_source(std::function<fetched()> look,
                                                          std::string name) {
  return std::make_unique<callback_source>(std::move(look), std::move(name));
}

std::unique_ptr<credentials_source> make_kept_source(std::shared_ptr<credentials_cache> kept) {
  return std::make_unique<cached_source>(std::move(kept));
}

}  // namespace connector::aws
