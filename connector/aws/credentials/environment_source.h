// Credentials of the environment as a source: AWS_LAMBDA_AWS_ACCESS_KEY and _SECRET_KEY as one set,
// else AWS_*. Loop's thread.
#pragma once

#include <memory>

#include "connector/aws/credentials/source.h"

namespace connector::aws {

// not_configured without any of the variables.
std::unique_ptr<credentials_source> make_environment_source(variables look_up);

}  // namespace connector::aws
