// The JSON with which the metadata services of containers and EC2 instances give credentials. It is
// untrusted: metadata_request.h bounds its size, this reader its depth and shapes.
// Pure. Source: Amazon ECS and EC2 user guides, "IAM roles for tasks" and "Retrieve security
// credentials".
#pragma once

#include <string>
#include <string_view>

#include "connector/aws/credentials/source.h"

namespace connector::aws {

// Credentials with their expiry, `source` as given; or `unavailable`, with a message that begins
// with `source` and names the member that is missing or wrong, or the service's own `Code`. Whether
// they are expired is the caller's question. Nothing of the answer but a short `Code` is repeated.
fetched read_metadata_credentials(std::string_view body, std::string source);

}  // namespace connector::aws
