#include "connector/aws/credentials/metadata/imds_source.h"

#include <fmt/format.h>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "connector/aws/credentials/metadata/imds_answer.h"
#include "connector/aws/credentials/metadata/imds_settings.h"
#include "connector/aws/credentials/metadata/metadata_answer.h"
#include "connector/aws/credentials/metadata/metadata_request.h"
#include "connector/base/log.h"
#include "connector/base/timestamp.h"
#include "connector/http/url.h"

namespace connector::aws {

namespace asio = boost::asio;

namespace {

constexpr std::string_view token_header = "X-aws-ec2-metadata-token";
constexpr std::string_view credentials_path = "/latest/meta-data/iam/security-credentials/";
constexpr int unauthorized = 401;

class imds_source final : public credentials_source {
 public:
  imds_source(source_dependencies deps, random_source random)
      : deps_(std::move(deps)),
        random_(std::move(random)),
        settings_(imds_settings_of(deps_.look_up)),
        name_(settings_ ? "EC2 metadata (" + shown(settings_->to) + ")" : "EC2 metadata") {}

  asio::awaitable<fetched> fetch(deadline end) override;
  [[nodiscard]] std::string describe() const override { return name_; }

 private:
  // A token can be refused long before its time, once for each fetch: the instance was moved.
  enum class token_state { good, refused };

  asio::awaitable<found<secret_string>> token(deadline end);
  asio::awaitable<found<http::response>> get(std::string path, secret_string token, deadline end);
  asio::awaitable<fetched> fetch_with(secret_string token, deadline end);
  [[nodiscard]] found<secret_string> no_token(int status);
  [[nodiscard]] fetched kept_alive(fetched got) const;
  [[nodiscard]] source_failure fail(source_failure::kind reason, std::string_view why) const {
    return {reason, fmt::format("{}: {}", name_, why)};
  }
  [[nodiscard]] http::request request(std::string_view method, const std::string& path) const {
    return {std::string(method), settings_->to, settings_->base_path + path, {}, {}};
  }

  const source_dependencies deps_;
  const random_source random_;
  const imds_settings_result settings_;
  const std::string name_;
  secret_string token_;  // empty: none is kept
  deadline token_good_until_{};
  token_state last_ = token_state::good;
};

asio::awaitable<fetched> imds_source::fetch(deadline end) {
  if (!settings_) co_return settings_.error();
  last_ = token_state::good;
  fetched got = fail(source_failure::kind::unavailable, "no answer");
  for (int round = 0; round < 2; ++round) {
    found<secret_string> with = co_await token(end);
    if (!with) co_return with.error();
    got = co_await fetch_with(std::move(*with), end);
    if (last_ == token_state::good) break;
    token_ = secret_string();
    if (round == 0) last_ = token_state::good;
  }
  co_return kept_alive(std::move(got));
}

// An empty text means version 1.
asio::awaitable<found<secret_string>> imds_source::token(deadline end) {
  if (!token_.empty() && deps_.now() < token_good_until_) co_return token_;
  http::request ask = request("PUT", "/latest/api/token");
  ask.fields.emplace_back("X-aws-ec2-metadata-token-ttl-seconds",
                          std::to_string(longest_imds_token.count()));
  const auto asked_at = deps_.now();
  metadata_response got =
      co_await ask_metadata(deps_, std::move(ask), settings_->limits, end, name_);
  if (!got) {
    if (got.error().how != http::failure_kind::timeout) {
      const bool none = settings_->implied && got.error().how == http::failure_kind::connect;
      co_return source_failure{
          none ? source_failure::kind::not_configured : source_failure::kind::unavailable,
          got.error().message};
    }
    if (settings_->version_1) co_return secret_string();
    co_return source_failure{source_failure::kind::unavailable,
                             got.error().message +
                                 ". In a container this is what a hop limit of 1 looks like: set "
                                 "HttpPutResponseHopLimit of the instance to 2 or more"};
  }
  if (got->status != 200) co_return no_token(got->status);
  auto token = imds_token_of(*got);
  if (!token) co_return fail(source_failure::kind::unavailable, "the answer holds no token");
  token_ = secret_string::take(*token);
  wipe(got->body);
  token_good_until_ = asked_at + imds_token_life(*got);
  co_return token_;
}

found<secret_string> imds_source::no_token(int status) {
  switch (status) {
    case 403:
    case 404:
    case 405:
      if (settings_->version_1) return secret_string();
      return fail(source_failure::kind::unavailable,
                  fmt::format("no token is given (status {}): version 2 of the metadata is off or "
                              "not known there. Switch it on (HttpEndpoint of the instance), or "
                              "allow version 1 with AWS_EC2_METADATA_V1_DISABLED=false",
                              status));
    default:
      return fail(source_failure::kind::unavailable,
                  fmt::format("the request for a token was answered with status {}", status));
  }
}

asio::awaitable<found<http::response>> imds_source::get(std::string path, secret_string token,
                                                        deadline end) {
  http::request ask = request("GET", path);
  if (!token.empty()) ask.fields.emplace_back(token_header, token.reveal());
  metadata_response got =
      co_await ask_metadata(deps_, std::move(ask), settings_->limits, end, name_);
  if (!got) co_return source_failure{source_failure::kind::unavailable, got.error().message};
  if (got->status == 200) co_return std::move(*got);
  if (got->status == unauthorized) last_ = token_state::refused;
  const std::string_view why =
      got->status == 404 ? "no role is attached to this instance (status 404)" : std::string_view();
  co_return fail(source_failure::kind::unavailable,
                 why.empty() ? fmt::format("{} was answered with status {}", path, got->status)
                             : std::string(why));
}

asio::awaitable<fetched> imds_source::fetch_with(secret_string token, deadline end) {
  found<http::response> roles = co_await get(std::string(credentials_path), token, end);
  if (!roles) co_return roles.error();
  const auto role = imds_role_of(roles->body);
  if (!role)
    co_return fail(source_failure::kind::unavailable, "the answer holds no name of a role");
  found<http::response> keys =
      co_await get(std::string(credentials_path) + *role, std::move(token), end);
  if (!keys) co_return keys.error();
  fetched read = read_metadata_credentials(keys->body, name_);
  wipe(keys->body);
  co_return read;
}

fetched imds_source::kept_alive(fetched got) const {
  if (!got || !got->expires) return got;
  const auto later = extended_expiry(*got->expires, deps_.wall_time(), random_);
  if (later) {
    log::warning(
        "EC2 metadata hands out credentials that expire soon or are expired; they are "
        "used on",
        {{"expires", timestamp_text(*got->expires)}, {"until", timestamp_text(*later)}});
    got->expires = later;
  }
  return got;
}

}  // namespace

std::unique_ptr<credentials_source> make_imds_source(source_dependencies deps,
                                                     random_source random) {
  return std::make_unique<imds_source>(std::move(deps), std::move(random));
}

}  // namespace connector::aws
