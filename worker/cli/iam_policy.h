// The IAM policy with the least permissions that the settings need. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "worker/cli/commands.h"
#include "worker/config/settings.h"

namespace worker::cli {

struct iam_policy {
  std::string document;             // JSON, indented; empty when there are issues
  std::vector<std::string> notes;   // what the policy cannot say
  std::vector<std::string> issues;  // why there is none
};

// Where functions and secrets are that are given by name.
struct aws_place {
  std::string partition = "aws";
  std::string region;  // empty: unknown
};

// Without functions in `asked`, the patterns of ALLOWED_FUNCTIONS count.
iam_policy policy_for(const config::settings& settings, const policy_arguments& asked,
                      const aws_place& place);

}  // namespace worker::cli
