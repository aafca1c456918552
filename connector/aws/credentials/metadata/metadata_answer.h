// The JSON in which containers and EC2 instances are given credentials. What comes from there is
// untrusted: its size was bounded by whoever fetched it, its depth and shapes are bounded here.
// Pure. Source: Amazon ECS and EC2 user guides, "IAM roles for tasks" and "Retrieve security
// credentials".
#pragma once

#include <string>
#include <string_view>

#include "connector/aws/credentials/source.h"

namespace connector::aws {

// Credentials with their expiry, `source` as given; or `away`, with a message that begins with
// `source` and names the member that is missing or wrong, or the service's own `Code`. Whether they
// are expired is the caller's question. Nothing of the answer but a short `Code` is repeated.
fetched read_metadata_credentials(std::string_view body, std::string source);

}  // namespace connector::aws
