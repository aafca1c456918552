#include "connector/aws/sigv4.h"

#include <array>
#include <ctime>
#include <initializer_list>

#include "connector/aws/canonical_request.h"
#include "connector/aws/sha256.h"

namespace connector::aws {

namespace {

constexpr std::string_view signing_algorithm = "AWS4-HMAC-SHA256";
// Tasks may bring keys of their own; beyond so many all are dropped and derived again when needed.
constexpr std::size_t max_keys = 1024;

// The headers that the signer writes itself; Date would compete with X-Amz-Date.
bool is_ours(std::string_view name) {
  for (const std::string_view ours :
       {"authorization", "date", "x-amz-content-sha256", "x-amz-date", "x-amz-security-token"}) {
    if (http::same_name(name, ours)) return true;
  }
  return false;
}

// Signed for each call: a tenth of the time of a formatter.
std::string joined(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size();
  std::string out;
  out.reserve(size);
  for (const auto part : parts) out += part;
  return out;
}

}  // namespace

std::string amz_date(wall_clock::time_point at) {
  const std::time_t seconds = wall_clock::to_time_t(std::chrono::floor<std::chrono::seconds>(at));
  std::tm utc{};
  gmtime_r(&seconds, &utc);
  std::array<char, 32> text{};
  const auto size = std::strftime(text.data(), text.size(), "%Y%m%dT%H%M%SZ", &utc);
  return {text.data(), size};
}

std::string credential_scope(std::string_view date, std::string_view region,
                             std::string_view service) {
  return joined({date, "/", region, "/", service, "/aws4_request"});
}

std::string string_to_sign(std::string_view amz_date, std::string_view scope,
                           std::string_view canonical_request) {
  return joined(
      {signing_algorithm, "\n", amz_date, "\n", scope, "\n", sha256_hex(canonical_request)});
}

secret_string signing_key(const secret_string& secret_access_key, std::string_view date,
                          std::string_view region, std::string_view service) {
  std::string key = "AWS4";
  key.reserve(key.size() + secret_access_key.reveal().size());
  key += secret_access_key.reveal();
  for (const auto part : {date, region, service, std::string_view("aws4_request")}) {
    auto next = hmac_sha256(key, part);
    wipe(key);
    key = std::move(next);
  }
  return secret_string::take(key);
}

std::string signature(const secret_string& signing_key, std::string_view string_to_sign) {
  return hex(hmac_sha256(signing_key.reveal(), string_to_sign));
}

const secret_string& signer::key_for(const credentials& who, std::string_view date,
                                     std::string_view region, std::string_view service) {
  if (date_ != date || keys_.size() >= max_keys) {
    keys_.clear();
    date_ = date;
  }
  const key_parts parts{who.access_key_id, who.secret_access_key.reveal(), region, service};
  const auto found = keys_.find(parts);
  if (found != keys_.end()) return found->second;
  key_name name{who.access_key_id, who.secret_access_key, std::string(region),
                std::string(service)};
  return keys_.emplace(std::move(name), signing_key(who.secret_access_key, date, region, service))
      .first->second;
}

void signer::sign(http::request& request, const credentials& who, std::string_view region,
                  std::string_view service, wall_clock::time_point now) {
  std::erase_if(request.fields, [](const auto& field) { return is_ours(field.first); });
  const auto time = amz_date(now);
  const std::string_view date = std::string_view(time).substr(0, 8);
  const auto payload_hash = sha256_hex(request.body);
  request.fields.emplace_back("X-Amz-Date", time);
  request.fields.emplace_back("X-Amz-Content-Sha256", payload_hash);
  if (!who.session_token.empty()) {
    request.fields.emplace_back("X-Amz-Security-Token", who.session_token.reveal());
  }
  // Signed, but not ours to send: the client writes Host itself, from the same destination.
  request.fields.emplace_back("Host", http::host_header(request.to));
  const auto headers = canonical_headers(request.fields);
  request.fields.pop_back();
  const auto canonical = canonical_request(request.method, request.target, headers, payload_hash);
  const auto scope = credential_scope(date, region, service);
  const auto to_sign = string_to_sign(time, scope, canonical);
  request.fields.emplace_back(
      "Authorization", joined({signing_algorithm, " Credential=", who.access_key_id, "/", scope,
                               ", SignedHeaders=", headers.names, ", Signature=",
                               signature(key_for(who, date, region, service), to_sign)}));
}

}  // namespace connector::aws
