// Credentials that the platform gives to a container: ECS, EKS Pod Identity, Greengrass. One GET
// with the token that the platform put into a file or a variable. Loop's thread.
#pragma once

#include <memory>

#include "connector/aws/credentials/metadata/container_target.h"
#include "connector/aws/credentials/metadata/metadata_request.h"
#include "connector/aws/credentials/source.h"

namespace connector::aws {

// `deps.client` must be one of make_metadata_client; `deps` is copied, what it refers to outlives
// the source. `agent` is where relative URIs are asked. The token file is read at every fetch.
std::unique_ptr<credentials_source> make_container_source(source_dependencies deps,
                                                          metadata_limits bounds = {},
                                                          http::destination agent = ecs_agent());

}  // namespace connector::aws
