// Sources that have nothing to wait for: the environment, keys that are given, and the credentials
// that a refresher already keeps. Loop's thread.
#pragma once

#include <memory>

#include "connector/aws/credentials/refresher.h"
#include "connector/aws/credentials/source.h"

namespace connector::aws {

// AWS_LAMBDA_AWS_* as one set, else AWS_*; not_configured without any of them.
std::unique_ptr<credentials_source> make_environment_source(variables look_up);

// These keys; their `source` is the description.
std::unique_ptr<credentials_source> make_given_source(credentials keys);

// Asks `kept`, so that several roles share what they are taken over with.
std::unique_ptr<credentials_source> make_kept_source(std::shared_ptr<refresher> kept);

}  // namespace connector::aws
