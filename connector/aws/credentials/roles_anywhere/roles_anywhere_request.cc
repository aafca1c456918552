#include "connector/aws/credentials/roles_anywhere/roles_anywhere_request.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "connector/aws/canonical_request.h"
#include "connector/aws/sha256.h"
#include "connector/aws/sigv4.h"
#include "connector/base/ascii.h"
#include "connector/base/json_writer.h"
#include "connector/base/percent.h"
#include "connector/base/regions.h"

namespace connector::aws {

namespace {

constexpr std::string_view service = "rolesanywhere";
constexpr int default_seconds = 3600;
constexpr std::size_t max_arn = 1011;
constexpr std::size_t max_name = 64;

// arn : partition : service : region : account : rest
std::array<std::string_view, 6> parts_of(std::string_view arn) {
  std::array<std::string_view, 6> parts;
  for (std::size_t i = 0; i < 5; ++i) {
    const auto colon = arn.find(':');
    if (colon == std::string_view::npos) return {};
    parts.at(i) = arn.substr(0, colon);
    arn.remove_prefix(colon + 1);
  }
  parts[5] = arn;
  return parts;
}

bool is_account(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

bool is_arn(std::string_view arn, std::string_view of, std::string_view resource) {
  if (arn.size() > max_arn ||
      std::any_of(arn.begin(), arn.end(), [](char c) { return c <= ' ' || c > '~'; })) {
    return false;
  }
  const auto parts = parts_of(arn);
  const bool regional = of == service;
  return parts[0] == "arn" && parts[1].starts_with("aws") && parts[2] == of &&
         is_account(parts[4]) && parts[5].size() > resource.size() &&
         parts[5].starts_with(resource) && (regional ? is_region(parts[3]) : parts[3].empty());
}

bool is_name(std::string_view name) {
  return name.size() >= 2 && name.size() <= max_name &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return ascii::is_letter_or_digit(c) ||
                  std::string_view("+=,.@_-").find(c) != std::string_view::npos;
         });
}

}  // namespace

std::string_view region_of_arn(std::string_view arn) { return parts_of(arn)[3]; }

std::optional<std::string> find_error(const roles_anywhere_session& session) {
  if (!is_arn(session.trust_anchor_arn, service, "trust-anchor/")) {
    return "the trust anchor must be an ARN such as "
           "arn:aws:rolesanywhere:eu-central-1:123456789012:trust-anchor/ID";
  }
  if (!is_arn(session.profile_arn, service, "profile/")) {
    return "the profile must be an ARN such as "
           "arn:aws:rolesanywhere:eu-central-1:123456789012:profile/ID";
  }
  if (!is_arn(session.role_arn, "iam", "role/")) {
    return "the role must be an ARN such as arn:aws:iam::123456789012:role/NAME";
  }
  if (region_of_arn(session.trust_anchor_arn) != region_of_arn(session.profile_arn)) {
    return "the trust anchor and the profile must be of the same region";
  }
  if (session.duration_seconds != 0 &&
      (session.duration_seconds < 900 || session.duration_seconds > 43'200)) {
    return "the duration must be 15 minutes to 12 hours";
  }
  if (!session.session_name.empty() && !is_name(session.session_name)) {
    return "the session name must be 2 to 64 letters, digits and +=,.@_-";
  }
  return std::nullopt;
}

std::string session_target(const roles_anywhere_session& session, std::string_view base_path) {
  return fmt::format("{}/sessions?profileArn={}&roleArn={}&trustAnchorArn={}", base_path,
                     percent_encode(session.profile_arn), percent_encode(session.role_arn),
                     percent_encode(session.trust_anchor_arn));
}

std::string session_body(const roles_anywhere_session& session) {
  json::object_writer body;
  body.number("durationSeconds",
              session.duration_seconds != 0 ? session.duration_seconds : default_seconds);
  if (!session.session_name.empty()) body.string("roleSessionName", session.session_name);
  return body.take();
}

std::string x509_string_to_sign(std::string_view algorithm, std::string_view amz_date,
                                std::string_view scope, std::string_view canonical_request) {
  return fmt::format("{}\n{}\n{}\n{}", algorithm, amz_date, scope, sha256_hex(canonical_request));
}

std::string x509_authorization(std::string_view algorithm, std::string_view serial,
                               std::string_view scope, std::string_view signed_headers,
                               std::string_view signature) {
  return fmt::format("{} Credential={}/{}, SignedHeaders={}, Signature={}", algorithm, serial,
                     scope, signed_headers, signature);
}

http::request create_session_request(const roles_anywhere_session& session, const endpoint& where,
                                     const x509_identity& who, wall_clock::time_point now,
                                     std::string_view user_agent) {
  http::request out{
      "POST", where.to, session_target(session, where.base_path), {}, session_body(session)};
  const auto time = amz_date(now);
  out.fields.emplace_back("Content-Type", "application/json");
  out.fields.emplace_back("X-Amz-Date", time);
  out.fields.emplace_back("X-Amz-X509", who.certificate());
  if (!who.chain().empty()) out.fields.emplace_back("X-Amz-X509-Chain", who.chain());
  auto signed_fields = out.fields;
  signed_fields.emplace_back("Host", http::host_header(where.to));
  const auto headers = canonical_headers(signed_fields);
  const auto request = canonical_request(out.method, out.target, headers, sha256_hex(out.body));
  const auto scope = credential_scope(std::string_view(time).substr(0, 8),
                                      region_of_arn(session.trust_anchor_arn), service);
  const auto signature = who.sign(x509_string_to_sign(who.algorithm(), time, scope, request));
  if (!user_agent.empty()) out.fields.emplace_back("User-Agent", user_agent);
  out.fields.emplace_back("Accept", "application/json");
  if (!signature.empty()) {
    out.fields.emplace_back("Authorization", x509_authorization(who.algorithm(), who.serial(),
                                                                scope, headers.names, signature));
  }
  return out;
}

}  // namespace connector::aws
