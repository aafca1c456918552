// The ways in which Lambda lets a function be named. Pure. Source: the FunctionName parameter of
// Invoke; its published pattern is not used, because it refuses names of newer partitions.
#pragma once

#include <string>
#include <string_view>

#include "connector/base/result.h"

namespace connector::lambda {

struct function_reference {
  std::string name;       // the plain name
  std::string partition;  // "aws" of a full ARN, else empty
  std::string region;     // empty: the name did not say
  std::string account;    // twelve digits, or empty
  std::string qualifier;  // version or alias after the name, or empty
};

// INVALID_INPUT when `text` is not one of: name, name:qualifier, function:name, account:name,
// account:function:name, region:account:function:name, ARN. Characters that only the service knows
// to be wrong pass.
result<function_reference> parse_function_name(std::string_view text);

}  // namespace connector::lambda
