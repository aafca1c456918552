// Credentials as environment variables give them. AWS_LAMBDA_AWS_ACCESS_KEY and
// AWS_LAMBDA_AWS_SECRET_KEY win over the AWS_* family, as one set. Pure: a function looks up the
// variables.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "connector/aws/credentials/credentials.h"
#include "connector/base/result.h"

namespace connector::aws {

// The value of a variable; nothing when it is not set. An empty value counts as not set.
using variables = std::function<std::optional<std::string>(std::string_view name)>;

inline std::string value_of(const variables& look_up, std::string_view name) {
  return look_up(name).value_or(std::string());
}

// Nothing when no key is set. A key without its secret (or the reverse) is an error that names the
// variable: with another source the calls would run as another identity.
result<std::optional<credentials>> environment_credentials(const variables& look_up);

}  // namespace connector::aws
