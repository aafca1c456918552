// Credentials and region as environment variables give them: AWS_LAMBDA_AWS_ACCESS_KEY,
// AWS_LAMBDA_AWS_SECRET_KEY and AWS_LAMBDA_AWS_REGION win over the AWS_* family, as one set. Pure:
// the variables come in through a function.
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

// Nothing when no key is set. A key without its secret (or the reverse) is an error that names the
// variable: falling through to another source would call as somebody else.
result<std::optional<credentials>> environment_credentials(const variables& look_up);

// Of AWS_LAMBDA_AWS_REGION, AWS_REGION and AWS_DEFAULT_REGION the first that is set; empty: none.
std::string environment_region(const variables& look_up);

}  // namespace connector::aws
