// Keys that are given once, as a source. Loop's thread.
#pragma once

#include <memory>

#include "connector/aws/credentials/source.h"

namespace connector::aws {

// These keys; their `source` is the description.
std::unique_ptr<credentials_source> make_static_source(credentials keys);

}  // namespace connector::aws
