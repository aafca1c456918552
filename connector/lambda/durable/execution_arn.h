// The ARN of a durable execution. Pure. Source: GetDurableExecution in Lambda's service model.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace connector::lambda {

inline constexpr std::size_t longest_execution_arn = 1024;

// arn:PARTITION:lambda:REGION:ACCOUNT:function:FUNCTION:VERSION/durable-execution/NAME/ID
struct execution_arn {
  std::string partition;
  std::string region;
  std::string account;
  std::string function;
  std::string version;
  std::string name;
  std::string id;
};

// Nothing for every other text.
std::optional<execution_arn> parse_execution_arn(std::string_view text);

}  // namespace connector::lambda
