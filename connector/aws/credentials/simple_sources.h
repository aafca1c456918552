// Sources that have nothing to wait for: the environment, keys that are given, and the credentials
// that a credentials_cache already keeps. Loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "connector/aws/credentials/credentials_cache.h"
#include "connector/aws/credentials/source.h"

namespace connector::aws {

// AWS_LAMBDA_AWS_* as one set, else AWS_*; not_configured without any of them.
std::unique_ptr<credentials_source> make_environment_source(variables look_up);

// These keys; their `source` is the description.
std::unique_ptr<credentials_source> make_given_source(credentials keys);

// Keys that are looked up at every fetch, such as a secret that may be renewed: `look` gives them
// or why there are none. `name` is the description.
std::unique_ptr<credentials_source> make_looked_up_source(std::function<fetched()> look,
                                                          std::string name);

// Asks `kept`, so that several roles share what they are taken over with.
std::unique_ptr<credentials_source> make_kept_source(std::shared_ptr<credentials_cache> kept);

}  // namespace connector::aws
