// Asks sources in order: the first that is configured wins, and it alone is asked from then on.
// WARNING: a configured source that fails is an error. The chain does not go on to the next source,
// because calls would then run as another identity. Loop's thread.
#pragma once

#include <memory>
#include <vector>

#include "connector/aws/credentials/source.h"

namespace connector::aws {

// A winner that is not configured any more (its file was taken away) counts as unavailable.
std::unique_ptr<credentials_source> make_chain(
    std::vector<std::unique_ptr<credentials_source>> sources);

}  // namespace connector::aws
