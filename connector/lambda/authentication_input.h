// The input `authentication`: as whom a task calls. Pure; an error never shows a value.
#pragma once

#include <string>

#include "connector/aws/credentials/credentials.h"
#include "connector/base/result.h"
#include "connector/guard.h"

namespace connector::lambda {

// `json` is the checked text of an object, or empty for the worker's own identity; it is wiped.
// Types: default, static (keys), assumeRole (a role, assumed with the worker's credentials or with
// keys), profile (of the worker's configuration), none (unsigned: function URLs only).
result<aws::identity> read_authentication(std::string json);

// FORBIDDEN when the operator did not allow the role or the profile to jobs.
result<void> check_allowed(const aws::identity& who, const guard& by, std::string_view function);

}  // namespace connector::lambda
