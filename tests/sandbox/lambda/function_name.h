// The forms of FunctionName that Lambda takes: name, name:qualifier, partial ARN, full ARN
// (docs.aws.amazon.com/lambda/latest/api/API_Invoke.html). Plain functions, any thread.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace sandbox {

struct function_name {
  std::string name;
  std::string qualifier;   // empty: none
  std::string region;      // empty: not given
  std::string account_id;  // empty: not given
};

// The decoded path segment; nothing when it is no such name.
std::optional<function_name> parse_function_name(std::string_view text);
bool is_qualifier(std::string_view text);

}  // namespace sandbox
