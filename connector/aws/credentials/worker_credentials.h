// The provider of this version: the worker's own credentials from the environment, and the keys
// that a task brings. Nothing is fetched, so nothing waits and nothing is refreshed. Loop's thread.
#pragma once

#include <memory>

#include "connector/aws/credentials/environment_credentials.h"
#include "connector/aws/credentials/provider.h"

namespace connector::aws {

// Reads the variables once, now. Without credentials there the provider is made all the same: tasks
// may bring keys. Half of a key pair is an error.
result<std::unique_ptr<credentials_provider>> make_worker_credentials(const variables& look_up);

}  // namespace connector::aws
