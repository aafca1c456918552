// Credentials of the role of an EC2 instance, from its metadata service, version 2: a token, the
// role's name, its keys. The token is kept while it is good. Loop's thread.
#pragma once

#include <memory>

#include "connector/aws/credentials/source.h"
#include "connector/base/backoff.h"

namespace connector::aws {

// `tools.client` must be one of make_metadata_client (metadata_request.h); `tools` is copied, what
// it refers to outlives the source. A service that takes no connection is `not_configured`,
// unless its address was set: nothing says on this machine whether there should be one. Credentials
// that are old get a later `expires`, see imds_answer.h. `random` is for that.
std::unique_ptr<credentials_source> make_imds_source(source_tools tools, random_source random);

}  // namespace connector::aws
