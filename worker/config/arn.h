// The shape of the ARNs that settings hold. Pure.
#pragma once

#include <string_view>

namespace worker::config {

// arn:<partition>:<service>:...:<kind><name>, without blanks and patterns.
bool is_arn_of(std::string_view text, std::string_view service, std::string_view kind);

}  // namespace worker::config
