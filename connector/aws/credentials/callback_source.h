// Keys that a function gives at every fetch, such as a secret that may be renewed. It is asked at
// each look for a change too, so that renewed keys are used at once. Loop's thread.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "connector/aws/credentials/source.h"

namespace connector::aws {

// `look` gives the keys or an error, at once and without effort. `name` is the description.
std::unique_ptr<credentials_source> make_callback_source(std::function<fetched()> look,
                                                         std::string name);

}  // namespace connector::aws
