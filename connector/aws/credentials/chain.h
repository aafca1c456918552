// Sources one after the other: the first that is configured wins, and is asked alone from then on.
// One that is configured and fails is an error: going on to the next would call as somebody else.
// Loop's thread.
#pragma once

#include <memory>
#include <vector>

#include "connector/aws/credentials/source.h"

namespace connector::aws {

// A winner that is not configured any more (its file was taken away) counts as away.
std::unique_ptr<credentials_source> make_chain(
    std::vector<std::unique_ptr<credentials_source>> sources);

}  // namespace connector::aws
