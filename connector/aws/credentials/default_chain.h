// The worker's own credentials, in the order of the AWS SDKs: environment, web identity, shared
// files, container, instance metadata. Here, and only here, the order is written down. Loop's
// thread.
#pragma once

#include <memory>
#include <string>

#include "connector/aws/credentials/shared_config/child_environment.h"
#include "connector/aws/credentials/shared_config/shared_files.h"
#include "connector/aws/credentials/shared_config/shared_profile_source.h"
#include "connector/aws/credentials/source.h"
#include "connector/aws/credentials/sts/sts.h"
#include "connector/base/backoff_limits.h"

namespace connector::aws {

// All that is referred to outlives the chain.
struct chain_dependencies {
  source_dependencies deps;
  http::client& metadata;  // of make_metadata_client: for container and instance metadata
  shared_files& files;
  sts& from;
  std::string region;    // where STS is asked; empty: roles are refused with a message
  random_source random;  // not empty
  // Variables that programs which are started do not inherit, besides those of AWS.
  hidden_variables hidden{};
};

std::unique_ptr<credentials_source> make_default_chain(const chain_dependencies& parts);

// What a profile may name, made of the same parts; also for profiles of the worker's configuration.
source_makers makers_of(const chain_dependencies& parts);

}  // namespace connector::aws
