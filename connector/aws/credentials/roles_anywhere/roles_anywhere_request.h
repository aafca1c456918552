// The request to IAM Roles Anywhere for a session, step by step, and whether its settings can be
// right. The request is that of SigV4; only the string to sign names another algorithm, and it is
// signed with the key of the certificate itself. Pure.
// Source: IAM Roles Anywhere User Guide, "CreateSession" and "Signing process".
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "connector/aws/credentials/roles_anywhere/x509_identity.h"
#include "connector/aws/endpoint.h"
#include "connector/base/clock.h"
#include "connector/http/message.h"

namespace connector::aws {

struct roles_anywhere_session {
  std::string trust_anchor_arn;
  std::string profile_arn;
  std::string role_arn;
  std::string session_name;  // empty: the certificate's serial number, as the service does it
  int duration_seconds = 0;  // 0: one hour
};

// The error that the service would find, in one sentence that names the field; nothing when it is
// right.
std::optional<std::string> find_error(const roles_anywhere_session& session);

// The region of an ARN, "eu-central-1"; empty when it has none.
std::string_view region_of_arn(std::string_view arn);

// Path and query, encoded: "/sessions?profileArn=...&roleArn=...&trustAnchorArn=...".
std::string session_target(const roles_anywhere_session& session, std::string_view base_path);

// {"durationSeconds":3600} and the name of the session when there is one.
std::string session_body(const roles_anywhere_session& session);

std::string x509_string_to_sign(std::string_view algorithm, std::string_view amz_date,
                                std::string_view scope, std::string_view canonical_request);

std::string x509_authorization(std::string_view algorithm, std::string_view serial,
                               std::string_view scope, std::string_view signed_headers,
                               std::string_view signature);

// The whole request, signed. An empty Authorization means that OpenSSL would not sign.
http::request create_session_request(const roles_anywhere_session& session, const endpoint& where,
                                     const x509_identity& who, wall_clock::time_point now,
                                     std::string_view user_agent);

}  // namespace connector::aws
