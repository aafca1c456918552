#include "connector/aws/credentials/metadata/metadata_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <optional>
#include <stdexcept>
#include <utility>

#include "connector/aws/credentials/metadata/container_target.h"
#include "connector/aws/credentials/metadata/imds_settings.h"
#include "connector/base/duration.h"
#include "connector/http/beast_client.h"

namespace connector::aws {

namespace asio = boost::asio;

namespace {

constexpr int too_many_requests = 429;

bool is_worth_another(const http::result<http::response>& got) {
  if (got) return got->status >= 500 || got->status == too_many_requests;
  // What is wrong with the request itself, or with us, stays wrong.
  return got.error().kind != http::failure_kind::cancelled &&
         got.error().kind != http::failure_kind::unsendable;
}

// False when it was cancelled. Cancellation must not throw here.
asio::awaitable<bool> pause_for(std::chrono::milliseconds time) {
  asio::steady_timer timer(co_await asio::this_coro::executor, time);
  boost::system::error_code woken;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  co_return !woken;
}

asio::awaitable<metadata_response> ask(const source_tools& tools, http::request what,
                                       metadata_limits bounds, deadline end, std::string source) {
  for (int attempt = 1;; ++attempt) {
    http::limits each;
    each.connect = bounds.connect;
    each.handshake = bounds.connect;
    each.first_byte = bounds.answer;
    each.body_bytes = bounds.body_bytes;
    each.end = std::min(end, tools.now() + 2 * bounds.connect + bounds.answer);
    http::request copy = what;
    http::result<http::response> got = co_await tools.client.send(std::move(copy), each);
    const bool last =
        attempt >= bounds.attempts || tools.now() + bounds.pause >= end || !is_worth_another(got);
    if (last && got) co_return std::move(*got);
    if (last) {
      const auto tries = attempt == 1 ? std::string() : fmt::format(" ({} attempts)", attempt);
      co_return metadata_failure{got.error().kind,
                                 fmt::format("{}: {}{}", source, got.error().message, tries)};
    }
    const bool waited = co_await pause_for(bounds.pause);
    if (!waited) {
      co_return metadata_failure{http::failure_kind::cancelled, source + ": the wait was given up"};
    }
  }
}

class metadata_client final : public http::client {
 public:
  metadata_client(asio::any_io_executor loop, http::client_settings settings)
      : loop_(std::move(loop)), settings_(std::move(settings)) {}

  asio::awaitable<http::result<http::response>> send(http::request what,
                                                     http::limits bounds) override {
    if (auto failed = open()) co_return std::move(*failed);
    auto sending = opened_->send(std::move(what), bounds);
    http::result<http::response> got = co_await std::move(sending);
    co_return got;
  }

  void close_idle() override {
    if (opened_) opened_->close_idle();
  }

  [[nodiscard]] http::counters count() const override {
    return opened_ ? opened_->count() : http::counters();
  }

 private:
  std::optional<http::failure> open() {
    if (opened_) return std::nullopt;
    try {
      opened_ = http::make_client(loop_, settings_);
    } catch (const std::runtime_error& e) {
      return http::failure{http::failure_kind::tls, http::progress::nothing_sent, e.what()};
    }
    return std::nullopt;
  }

  const asio::any_io_executor loop_;
  const http::client_settings settings_;
  std::unique_ptr<http::client> opened_;
};

}  // namespace

asio::awaitable<metadata_response> ask_metadata(const source_tools& tools, http::request what,
                                                metadata_limits bounds, deadline end,
                                                std::string source) {
  const bool throws = co_await asio::this_coro::throw_if_cancelled();
  co_await asio::this_coro::throw_if_cancelled(false);
  metadata_response got = co_await ask(tools, std::move(what), bounds, end, std::move(source));
  co_await asio::this_coro::throw_if_cancelled(throws);
  co_return got;
}

http::address_check guard_metadata(const variables& look_up) {
  const auto imds = imds_settings_of(look_up);
  const std::string imds_host = imds ? imds->to.host : std::string();
  return [imds_host](const http::destination& to, const asio::ip::address& address) {
    return to.tls || (!imds_host.empty() && to.host == imds_host) || is_container_address(address);
  };
}

std::unique_ptr<http::client> make_metadata_client(const asio::any_io_executor& loop,
                                                   const variables& look_up,
                                                   const std::string& ca_bundle) {
  http::client_settings settings;
  settings.ca_bundle = ca_bundle;
  settings.connections_per_destination = 2;
  settings.connections = 8;
  settings.idle_per_destination = 1;
  settings.parallel_handshakes = 2;
  settings.may_connect = guard_metadata(look_up);
  return std::make_unique<metadata_client>(loop, std::move(settings));
}

}  // namespace connector::aws
