// The requests to STS for the credentials of a role, and the check of their parameters. Pure.
// Source: AWS Security Token Service API Reference, AssumeRole and AssumeRoleWithWebIdentity.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/aws/credentials/credentials.h"
#include "connector/aws/endpoint.h"
#include "connector/base/secret.h"
#include "connector/http/message.h"

namespace connector::aws {

struct role_error {
  std::string_view field;  // as in the input `authentication`: roleArn, externalId, ...
  std::string message;     // "must be 900 to 43200"; no value
};

// The error that STS would find, so that a wrong value of process data is not sent; nothing when
// the role is right. An empty session name and duration are right: there are defaults.
std::optional<role_error> find_error(const assumed_role& role);

// A session name made of `text`: other characters become hyphens, 2 to 64 of them.
std::string as_session_name(std::string_view text);

// POST of the query protocol, unsigned. find_error found nothing, and the role has a session name.
http::request assume_role_request(const assumed_role& role, const endpoint& where,
                                  std::string_view user_agent);
http::request web_identity_request(const assumed_role& role, const secret_string& token,
                                   const endpoint& where, std::string_view user_agent);

}  // namespace connector::aws
