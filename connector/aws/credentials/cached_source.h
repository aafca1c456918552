// The credentials that a credentials_cache keeps, as a source for others: several roles share the
// credentials that they are assumed with. Loop's thread.
#pragma once

#include <memory>

#include "connector/aws/credentials/credentials_cache.h"
#include "connector/aws/credentials/source.h"

namespace connector::aws {

// Asks `cache`, which it keeps alive.
std::unique_ptr<credentials_source> make_cached_source(std::shared_ptr<credentials_cache> cache);

}  // namespace connector::aws
