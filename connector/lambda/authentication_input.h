// The input `authentication`: as whom a task calls. Pure; no complaint ever shows a value.
#pragma once

#include <string>

#include "connector/aws/credentials/credentials.h"
#include "connector/base/result.h"

namespace connector::lambda {

// `json` is the checked text of an object, or empty for the worker's own identity; it is wiped.
// Types default and static exist; the later ones are INVALID_INPUT "not in this version".
result<aws::identity> read_authentication(std::string json);

}  // namespace connector::lambda
