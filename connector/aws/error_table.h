// The one table of what an AWS error means: by its name first, because the status misleads (some
// 502 are permanent, some 408 and 409 pass), then by status. Pure constants. Source: the service
// model of Lambda's Invoke, and the errors that its front end and IAM add to it.
#pragma once

#include <span>
#include <string_view>

#include "connector/aws/aws_error.h"
#include "connector/base/error.h"

namespace connector::aws {

struct error_meaning {
  std::string_view name;  // empty in a meaning that was found by status
  error_code code;
  failure_class failure;
  // Advice for a person; one sentence, or empty. {permission} is replaced by the IAM action.
  std::string_view advice;
};

std::span<const error_meaning> error_table();

// By name and, for clocks, by message; else by status. 500, 502, 503 and 504 without a name of the
// table are ambiguous: the function may have run.
error_meaning meaning_of(const service_failure& failure);

// The code that the contract has for a status; UNKNOWN_ERROR when it has none.
error_code code_of_status(int status);

// Whether the service called the credentials expired.
bool says_expired(const service_failure& failure);
// Whether it called them expired or does not know their key: never right, or revoked since it was
// fetched. So fresh ones are worth one more try.
bool says_old_keys(const service_failure& failure);

// Whether the service says that the signature's time is the reason: by a name that means nothing
// else, or in words.
bool says_time(const service_failure& failure);
// Whether it may be the reason: some services have one name for a wrong time and a wrong key.
bool may_mean_time(const service_failure& failure);
// Advice for a person in that case.
inline constexpr std::string_view advice_on_time =
    "The clocks of the service and of this machine differ by more than AWS takes: check both.";

}  // namespace connector::aws
