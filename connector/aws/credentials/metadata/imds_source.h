// Credentials of the role of an EC2 instance, from its metadata service, version 2: a token, the
// role's name, its keys. The token is kept while it is good. Loop's thread.
#pragma once

#include <memory>

#include "connector/aws/credentials/source.h"
#include "connector/base/backoff_limits.h"

namespace connector::aws {

// `deps.client` must be one of make_metadata_client (metadata_request.h); `deps` is copied, what
// it refers to outlives the source. A service that takes no connection is `not_configured`,
// unless its address was set, because a machine outside EC2 has no such service. Credentials
// that are about to expire get a later `expires` (extended_expiry in imds_answer.h), by a random
// number of minutes.
std::unique_ptr<credentials_source> make_imds_source(source_dependencies deps,
                                                     random_source random);

}  // namespace connector::aws
