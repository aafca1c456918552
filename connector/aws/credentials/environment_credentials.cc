#include "connector/aws/credentials/environment_credentials.h"

#include <utility>

#include "connector/aws/credentials/static_credentials.h"

namespace connector::aws {

namespace {

secret_string secret_of(const variables& look_up, std::string_view name) {
  auto value = value_of(look_up, name);
  return secret_string::take(value);
}

}  // namespace

result<std::optional<credentials>> environment_credentials(const variables& look_up) {
  key_names names{"AWS_LAMBDA_AWS_ACCESS_KEY", "AWS_LAMBDA_AWS_SECRET_KEY", ""};
  std::string source = "environment (AWS_LAMBDA_AWS_*)";
  auto id = value_of(look_up, names.access_key_id);
  auto secret = secret_of(look_up, names.secret_access_key);
  secret_string token;  // this family has none, and one of the other would belong to another key
  if (id.empty() && secret.empty()) {
    names = {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"};
    source = "environment (AWS_*)";
    id = value_of(look_up, names.access_key_id);
    secret = secret_of(look_up, names.secret_access_key);
    token = secret_of(look_up, names.session_token);
  }
  if (id.empty() && secret.empty()) return std::optional<credentials>();
  auto made = static_credentials(std::move(id), std::move(secret), std::move(token),
                                 std::move(source), names);
  if (!made) return made.error();
  return std::optional<credentials>(std::move(*made));
}

}  // namespace connector::aws
