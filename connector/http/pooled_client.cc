#include "connector/http/pooled_client.h"

#include <boost/asio/this_coro.hpp>
#include <stdexcept>
#include <utility>

#include "connector/base/cancellation.h"
#include "connector/http/exchange.h"
#include "connector/http/pool.h"
#include "connector/http/tls.h"

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

// Empty: the files can be used.
std::string trouble_with(const client_settings& files) {
  try {
    const tls_context tried(tls_settings_of(files));
  } catch (const std::runtime_error& e) {
    return e.what();
  }
  return {};
}

}  // namespace

std::vector<std::string> take_out_unusable_files(client_settings& settings) {
  std::vector<std::string> out;
  client_settings own;  // the certificate beside the system's roots
  own.client_certificate = settings.client_certificate;
  own.client_key = settings.client_key;
  own.certificate_setting = settings.certificate_setting;
  own.key_setting = settings.key_setting;
  if (auto wrong = trouble_with(own); !wrong.empty()) {
    out.push_back(std::move(wrong));
    settings.client_certificate.clear();
    settings.client_key.clear();
  }
  if (auto wrong = trouble_with(settings); !wrong.empty()) {
    out.push_back(std::move(wrong));
    settings.ca_bundle.clear();
  }
  return out;
}

std::unique_ptr<client> make_client(const asio::any_io_executor& loop, client_settings settings) {
  return std::make_unique<pooled_client>(loop, std::move(settings));
}

}  // namespace connector::http
