// Percent-encoding the AWS way: everything outside A-Z a-z 0-9 - . _ ~ becomes %XX with upper-case
// hex. Pure. Source: the SigV4 pages of the AWS General Reference.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace connector {

// One path segment, or one query name or value.
std::string percent_encode(std::string_view text);

// Like percent_encode, but leaves '/' as it is.
std::string percent_encode_path(std::string_view path);

// Nothing when a % is not followed by two hex digits.
std::optional<std::string> percent_decode(std::string_view text);

}  // namespace connector
