// Reads the answers of EC2's instance metadata. They are untrusted: a token and a role name go
// into the next request, so their shapes are checked. Pure.
// Source: EC2 User Guide, "Use IMDSv2" and "Instance metadata and user data".
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "connector/base/backoff_limits.h"
#include "connector/base/clock.h"
#include "connector/http/message.h"

namespace connector::aws {

// The longest life of a token, asked for with each.
inline constexpr std::chrono::seconds longest_imds_token{21600};

// The token of a 200 to PUT /latest/api/token; nothing when a header cannot hold it.
std::optional<std::string> imds_token_of(const http::response& answer);

// How long it may be used: what the answer says, less a minute, at most what was asked for.
std::chrono::seconds imds_token_life(const http::response& answer);

// The first line of the list of roles; nothing when it is not the name of a role (1 to 64 letters,
// digits and +=,.@_-).
std::optional<std::string> imds_role_of(std::string_view body);

// During an outage the service goes on handing out credentials that are old or expired, and AWS
// goes on accepting them. So what expires within about 20 minutes counts as good for as long again
// from now (15 minutes and 2 to 10 more), as with the SDKs. Nothing: no extension is needed.
std::optional<wall_clock::time_point> extended_expiry(wall_clock::time_point expires,
                                                      wall_clock::time_point now,
                                                      const random_source& random);

}  // namespace connector::aws
