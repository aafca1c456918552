#include "connector/aws/credentials/sts/role_sources.h"

#include <fmt/format.h>

#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/small_file.h"

namespace connector::aws {

namespace {

namespace asio = boost::asio;
using kind = source_failure::kind;

constexpr std::size_t max_token = 20'000;  // of STS

class role_source final : public credentials_source {
 public:
  role_source(sts& from, std::unique_ptr<credentials_source> base, assumed_role role,
              std::string region)
      : from_(from), base_(std::move(base)), role_(std::move(role)), region_(std::move(region)) {}

  asio::awaitable<fetched> fetch(deadline end) override {
    auto keys = co_await base_->fetch(end);
    if (!keys) co_return below(keys.error());
    const auto id = keys->access_key_id;
    auto first = co_await ask(*std::move(keys), end);
    if (!first.old_keys) co_return first.result;
    base_->rejected(id);
    auto others = co_await base_->fetch(end);
    if (!others) co_return below(others.error());
    // Nothing has changed below, and STS would say the same.
    if (others->access_key_id == id) co_return first.result;
    auto second = co_await ask(*std::move(others), end);
    co_return second.result;
  }

  [[nodiscard]] bool changed() const override { return base_->changed(); }
  void rejected(const std::string& access_key_id) override { base_->rejected(access_key_id); }

  [[nodiscard]] std::string describe() const override {
    return fmt::format("role {}, with {}", role_.role_arn, base_->describe());
  }

 private:
  asio::awaitable<sts_outcome> ask(credentials keys, deadline end) {
    auto source = fmt::format("role {}, with {}", role_.role_arn, keys.source);
    auto outcome =
        co_await from_.assume_role(role_, std::move(keys), region_, std::move(source), end);
    co_return outcome;
  }

  source_failure below(source_failure why) const {
    // A role without anything to take it over with is a mistake, not an invitation to go on.
    if (why.reason == kind::not_configured) why.reason = kind::rejected;
    why.message =
        fmt::format("No credentials to take over {} with: {}", role_.role_arn, why.message);
    return why;
  }

  sts& from_;
  std::unique_ptr<credentials_source> base_;
  assumed_role role_;
  std::string region_;
};

class web_identity_source final : public credentials_source {
 public:
  web_identity_source(sts& from, assumed_role role, std::string token_file, std::string region)
      : from_(from),
        role_(std::move(role)),
        token_file_(std::move(token_file)),
        region_(std::move(region)) {}

  asio::awaitable<fetched> fetch(deadline end) override {
    if (token_file_.empty()) {
      co_return source_failure{kind::not_configured, "no AWS_WEB_IDENTITY_TOKEN_FILE"};
    }
    if (role_.role_arn.empty()) {
      co_return source_failure{kind::rejected,
                               "AWS_WEB_IDENTITY_TOKEN_FILE needs AWS_ROLE_ARN beside it."};
    }
    auto token = read_token();
    if (!token) co_return token.error();
    auto outcome = co_await from_.assume_role_with_web_identity(role_, *std::move(token), region_,
                                                                describe(), end);
    co_return std::move(outcome.result);
  }

  [[nodiscard]] std::string describe() const override {
    return fmt::format("web identity ({}, role {})", token_file_, role_.role_arn);
  }

 private:
  boost::system::result<secret_string, source_failure> read_token() const {
    auto file = read_small_file(token_file_, max_token);
    if (file.result != file_text::state::read) {
      // The platform writes it, and may do so a moment later.
      return source_failure{
          kind::unavailable,
          fmt::format("The web identity token {} cannot be read: {}.", token_file_, file.reason)};
    }
    secret_string token{std::string(ascii::trim(file.text))};
    wipe(file.text);
    if (token.reveal().size() < 4) {
      return source_failure{kind::unavailable,
                            fmt::format("The web identity token {} is empty.", token_file_)};
    }
    return token;
  }

  sts& from_;
  assumed_role role_;
  std::string token_file_;
  std::string region_;
};

}  // namespace

std::unique_ptr<credentials_source> make_role_source(sts& from,
                                                     std::unique_ptr<credentials_source> base,
                                                     assumed_role role, std::string region) {
  return std::make_unique<role_source>(from, std::move(base), std::move(role), std::move(region));
}

std::unique_ptr<credentials_source> make_web_identity_source(sts& from, assumed_role role,
                                                             std::string token_file,
                                                             std::string region) {
  return std::make_unique<web_identity_source>(from, std::move(role), std::move(token_file),
                                               std::move(region));
}

std::unique_ptr<credentials_source> make_web_identity_source(sts& from, const variables& look_up,
                                                             std::string region) {
  assumed_role role;
  role.role_arn = look_up("AWS_ROLE_ARN").value_or("");
  role.session_name = look_up("AWS_ROLE_SESSION_NAME").value_or("");
  return make_web_identity_source(from, std::move(role),
                                  look_up("AWS_WEB_IDENTITY_TOKEN_FILE").value_or(""),
                                  std::move(region));
}

}  // namespace connector::aws
