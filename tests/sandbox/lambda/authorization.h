// The Authorization header of Signature Version 4 in its parts, and X-Amz-Date. Plain functions,
// any thread; the parts are views into the header.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace sandbox {

inline constexpr std::string_view signing_algorithm = "AWS4-HMAC-SHA256";

struct authorization {
  std::string_view key_id, date, region, service, terminator, scope, signature, signed_text;
  std::vector<std::string_view> signed_names;
};

// Nothing unless it has the algorithm and the three parameters, the credential with five parts.
std::optional<authorization> parse_authorization(std::string_view text);

// YYYYMMDDTHHMMSSZ, both ways.
std::optional<std::chrono::system_clock::time_point> parse_amz_date(std::string_view text);
std::string amz_date(std::chrono::system_clock::time_point time);

}  // namespace sandbox
