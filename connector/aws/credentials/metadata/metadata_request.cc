#include "connector/aws/credentials/metadata/metadata_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <stdexcept>
#include <utility>

#include "connector/aws/credentials/metadata/container_target.h"
#include "connector/aws/credentials/metadata/imds_settings.h"
#include "connector/aws/credentials/retry_pauses.h"
#include "connector/base/cancellation.h"
#include "connector/base/duration.h"
#include "connector/http/pooled_client.h"

namespace connector::aws {

namespace asio = boost::asio;

namespace {

constexpr int too_many_requests = 429;

bool is_worth_another(const http::result<http::response>& got) {
  if (got) return got->status >= 500 || got->status == too_many_requests;
  // An error of the request itself, or of this process, stays.
  return got.error().kind != http::failure_kind::cancelled &&
         got.error().kind != http::failure_kind::invalid_request;
}

// Quiet cancellation.
asio::awaitable<metadata_response> ask(const source_dependencies& deps, http::request request,
                                       metadata_limits bounds, deadline end, std::string source) {
  const auto pause = [&bounds](int) { return bounds.pause; };
  retry_pauses between({bounds.attempts, pause, end}, deps.now);
  for (;;) {
    http::limits each;
    each.connect = bounds.connect;
    each.handshake = bounds.connect;
    each.first_byte = bounds.answer;
    each.body_bytes = bounds.body_bytes;
    each.end = std::min(end, deps.now() + 2 * bounds.connect + bounds.answer);
    http::request copy = request;
    http::result<http::response> got = co_await deps.client.send(std::move(copy), each);
    auto then = retry_pauses::next::none;
    if (is_worth_another(got)) then = co_await between.wait();
    if (then == retry_pauses::next::attempt) continue;
    if (then == retry_pauses::next::cancelled) {
      co_return metadata_failure{http::failure_kind::cancelled, source + ": the wait was given up"};
    }
    if (got) co_return std::move(*got);
    const int tried = std::max(between.failed(), 1);
    const auto tries = tried == 1 ? std::string() : fmt::format(" ({} attempts)", tried);
    co_return metadata_failure{got.error().kind,
                               fmt::format("{}: {}{}", source, got.error().message, tries)};
  }
}

class metadata_client final : public http::client {
 public:
  metadata_client(asio::any_io_executor loop, http::client_settings settings)
      : loop_(std::move(loop)), settings_(std::move(settings)) {}

  asio::awaitable<http::result<http::response>> send(http::request request,
                                                     http::limits bounds) override {
    if (auto failed = open()) co_return std::move(*failed);
    auto sending = opened_->send(std::move(request), bounds);
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
      return http::failure{http::failure_kind::tls, http::request_progress::nothing_sent, e.what()};
    }
    return std::nullopt;
  }

  const asio::any_io_executor loop_;
  const http::client_settings settings_;
  std::unique_ptr<http::client> opened_;
};

}  // namespace

asio::awaitable<metadata_response> ask_metadata(const source_dependencies& deps,
                                                http::request request, metadata_limits bounds,
                                                deadline end, std::string source) {
  metadata_response got = co_await under_quiet_cancellation(
      ask(deps, std::move(request), bounds, end, std::move(source)));
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
