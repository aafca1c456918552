#include "worker/engine/call_login.h"

#include <string>

namespace worker::engine {

boost::asio::awaitable<std::optional<status>> call_login::authorize(grpc::ClientContext& context,
                                                                    connector::deadline end) {
  if (by_ == nullptr) co_return std::nullopt;
  auto value = co_await by_->authorization(end);
  if (!value) co_return value.error();
  if (refusal_ && *value == value_) co_return refusal_;
  value_ = *std::move(value);
  context.AddMetadata("authorization", std::string(value_.reveal()));
  co_return std::nullopt;
}

bool call_login::again(const status& ended) {
  if (by_ == nullptr || refusal_ || ended.code != status_code::unauthenticated) return false;
  if (!by_->refused(value_)) return false;
  refusal_ = ended;
  return true;
}

status call_login::explained(status ended, bool with_login) {
  const auto add = [&](const char* advice) {
    while (ended.message.ends_with('.')) ended.message.pop_back();
    ended.message.append(". ").append(advice);
  };
  if (ended.code == status_code::unauthenticated) {
    add(with_login ? "The gateway does not take this login: check CAMUNDA_TOKEN_AUDIENCE and "
                     "CAMUNDA_AUTHORIZATION_SERVER_URL, or user name and password."
                   : "The gateway asks for a login: set CAMUNDA_CLIENT_ID and "
                     "CAMUNDA_CLIENT_SECRET, or CAMUNDA_BASIC_AUTH_USERNAME and "
                     "CAMUNDA_BASIC_AUTH_PASSWORD.");
  } else if (ended.code == status_code::permission_denied && with_login) {
    add("The gateway knows this login, but it may not do this: give the client or user the "
        "permission, or check CAMUNDA_TOKEN_AUDIENCE.");
  }
  return ended;
}

}  // namespace worker::engine
