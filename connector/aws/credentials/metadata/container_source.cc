#include "connector/aws/credentials/metadata/container_source.h"

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "connector/aws/credentials/metadata/metadata_answer.h"
#include "connector/base/timestamp.h"

namespace connector::aws {

namespace asio = boost::asio;

namespace {

class container_source final : public credentials_source {
 public:
  container_source(source_dependencies deps, metadata_limits bounds, const http::destination& agent)
      : deps_(std::move(deps)),
        bounds_(bounds),
        target_(container_target_of(deps_.look_up, agent)),
        name_(target_ ? "container (" + target_->shown + ")" : "container") {}

  asio::awaitable<fetched> fetch(deadline end) override;
  [[nodiscard]] std::string describe() const override { return name_; }

 private:
  [[nodiscard]] source_failure fail(source_failure::kind reason, std::string_view why) const {
    return {reason, fmt::format("{}: {}", name_, why)};
  }
  [[nodiscard]] source_failure not_given(int status, bool with_token) const;
  [[nodiscard]] fetched read(http::response& answer) const;

  const source_dependencies deps_;
  const metadata_limits bounds_;
  const container_target_result target_;
  const std::string name_;
};

asio::awaitable<fetched> container_source::fetch(deadline end) {
  if (!target_) co_return target_.error();
  auto token = container_token(deps_.look_up);
  if (!token) co_return fail(token.error().reason, token.error().message);
  http::request ask{"GET", target_->to, target_->target, {{"Accept", "application/json"}}, {}};
  const bool with_token = !token->empty();
  if (with_token) ask.fields.emplace_back("Authorization", token->reveal());
  metadata_response got = co_await ask_metadata(deps_, std::move(ask), bounds_, end, name_);
  if (!got) co_return source_failure{source_failure::kind::unavailable, got.error().message};
  if (got->status != 200) co_return not_given(got->status, with_token);
  co_return read(*got);
}

source_failure container_source::not_given(int status, bool with_token) const {
  if (status == 401 || status == 403) {
    return fail(source_failure::kind::rejected,
                fmt::format("no credentials are given (status {}): the {}", status,
                            with_token ? "authorization token is not accepted"
                                       : "service wants a token, see "
                                         "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"));
  }
  const bool passes = status >= 500 || status == 429;
  return fail(passes ? source_failure::kind::unavailable : source_failure::kind::rejected,
              fmt::format("no credentials are given (status {})", status));
}

fetched container_source::read(http::response& answer) const {
  fetched found = read_metadata_credentials(answer.body, name_);
  wipe(answer.body);
  if (found && *found->expires <= deps_.wall_time()) {
    return fail(source_failure::kind::unavailable,
                fmt::format("the credentials expired at {}", timestamp_text(*found->expires)));
  }
  return found;
}

}  // namespace

std::unique_ptr<credentials_source> make_container_source(source_dependencies deps,
                                                          metadata_limits bounds,
                                                          http::destination agent) {
  return std::make_unique<container_source>(std::move(deps), bounds, agent);
}

}  // namespace connector::aws
