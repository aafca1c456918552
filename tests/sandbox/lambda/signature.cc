#include "tests/sandbox/lambda/signature.h"

#include <algorithm>
#include <optional>

#include "tests/sandbox/lambda/authorization.h"

namespace sandbox {

namespace {

using std::chrono::system_clock;

verdict refuse(std::string type, std::string message) {
  return {403, std::move(type), std::move(message), {}};
}

verdict bad_signature(std::string message) {
  return refuse("InvalidSignatureException", std::move(message));
}

// The one value of a header; several, or none, give nothing.
std::optional<std::string_view> only_value(const header_views& headers, std::string_view name) {
  std::optional<std::string_view> found;
  for (const auto& [sent, value] : headers) {
    if (!equals_ignoring_case(sent, name)) continue;
    if (found) return std::nullopt;
    found = value;
  }
  return found;
}

bool listed(const std::vector<std::string_view>& names, std::string_view name) {
  return std::any_of(names.begin(), names.end(), [&](std::string_view listed_name) {
    return equals_ignoring_case(listed_name, name);
  });
}

bool same_bytes(std::string_view a, std::string_view b) {
  unsigned difference = a.size() == b.size() ? 0 : 1;
  for (std::size_t i = 0; i < a.size() && i < b.size(); ++i) {
    difference |= static_cast<unsigned>(static_cast<unsigned char>(a[i] ^ b[i]));
  }
  return difference == 0;
}

std::optional<verdict> check_scope(const authorization& given, const signature_rules& rules,
                                   std::string_view date) {
  if (given.terminator != "aws4_request") {
    return bad_signature("Credential should be scoped with a valid terminator: 'aws4_request'.");
  }
  if (given.region != rules.region) {
    return bad_signature("Credential should be scoped to a valid region, not '" +
                         std::string(given.region) + "'. ");
  }
  if (given.service != rules.service) {
    return bad_signature("Credential should be scoped to correct service: '" + rules.service +
                         "'. ");
  }
  if (given.date != date.substr(0, 8)) {
    return bad_signature(
        "Date in Credential scope does not match YYYYMMDD from ISO-8601 "
        "version of date from HTTP: '" +
        std::string(given.date) + "' != '" + std::string(date.substr(0, 8)) + "', from '" +
        std::string(date) + "'.");
  }
  return std::nullopt;
}

std::optional<verdict> check_signed_headers(const authorization& given,
                                            const header_views& headers) {
  if (!std::is_sorted(given.signed_names.begin(), given.signed_names.end()) ||
      std::adjacent_find(given.signed_names.begin(), given.signed_names.end()) !=
          given.signed_names.end()) {
    return bad_signature("The list of signed headers is not sorted: " +
                         std::string(given.signed_text));
  }
  for (const std::string_view name : given.signed_names) {
    if (std::any_of(name.begin(), name.end(), [](char c) { return c >= 'A' && c <= 'Z'; })) {
      return bad_signature("A signed header's name is not in lower case: " + std::string(name));
    }
    if (!std::any_of(headers.begin(), headers.end(),
                     [&](const auto& sent) { return equals_ignoring_case(sent.first, name); })) {
      return bad_signature("A signed header was not sent: " + std::string(name));
    }
  }
  if (!listed(given.signed_names, "host")) {
    return bad_signature("'Host' must be a 'SignedHeader' in the AWS Authorization.");
  }
  for (const auto& [name, value] : headers) {
    if (equals_ignoring_case(name.substr(0, 6), "x-amz-") && !listed(given.signed_names, name)) {
      return bad_signature("'" + std::string(name) +
                           "' must be a 'SignedHeader' in the AWS Authorization.");
    }
  }
  return std::nullopt;
}

std::optional<verdict> check_clock(system_clock::time_point sent, system_clock::time_point now,
                                   std::chrono::seconds window) {
  const auto minutes =
      std::to_string(std::chrono::duration_cast<std::chrono::minutes>(window).count()) + " min.)";
  if (sent < now - window) {
    return bad_signature("Signature expired: " + amz_date(sent) + " is now earlier than " +
                         amz_date(now - window) + " (" + amz_date(now) + " - " + minutes);
  }
  if (sent > now + window) {
    return bad_signature("Signature not yet current: " + amz_date(sent) + " is still later than " +
                         amz_date(now + window) + " (" + amz_date(now) + " + " + minutes);
  }
  return std::nullopt;
}

}  // namespace

signature_verifier::signature_verifier(signature_rules rules, std::vector<access_key> keys)
    : rules_(std::move(rules)) {
  set_keys(std::move(keys));
}

void signature_verifier::set_keys(std::vector<access_key> keys) {
  const std::lock_guard lock(guard_);
  keys_.clear();
  derived_.clear();
  for (access_key& key : keys) {
    std::string id = key.id;
    keys_.insert_or_assign(std::move(id), std::move(key));
  }
}

digest signature_verifier::signing_key(const access_key& key, std::string_view date) const {
  const std::string name = key.id + ' ' + std::string(date) + ' ' + key.secret;
  const std::lock_guard lock(guard_);
  if (const auto found = derived_.find(name); found != derived_.end()) return found->second;
  if (derived_.size() > 1000) derived_.clear();
  digest step = hmac_sha256("AWS4" + key.secret, date);
  step = hmac_sha256(as_text(step), rules_.region);
  step = hmac_sha256(as_text(step), rules_.service);
  step = hmac_sha256(as_text(step), "aws4_request");
  derived_.emplace(name, step);
  return step;
}

verdict signature_verifier::verify(const signed_request& request,
                                   system_clock::time_point now) const {
  const auto header = only_value(request.headers, "authorization");
  if (!header) return refuse("MissingAuthenticationTokenException", "Missing Authentication Token");
  const auto given = parse_authorization(*header);
  if (!given) {
    return refuse("IncompleteSignatureException",
                  "Authorization header requires the algorithm AWS4-HMAC-SHA256 and the parameters "
                  "'Credential' (with a five-part scope), 'SignedHeaders' and 'Signature'.");
  }
  const auto date = only_value(request.headers, "x-amz-date");
  const auto sent_at = date ? parse_amz_date(*date) : std::nullopt;
  if (!sent_at) {
    return refuse("IncompleteSignatureException",
                  "Authorization header requires existence of one valid 'X-Amz-Date' header.");
  }
  if (auto refusal = check_scope(*given, rules_, *date)) return *refusal;
  if (auto refusal = check_signed_headers(*given, request.headers)) return *refusal;

  access_key key;
  {
    const std::lock_guard lock(guard_);
    const auto found = keys_.find(given->key_id);
    if (found == keys_.end()) {
      return refuse("UnrecognizedClientException",
                    "The security token included in the request is invalid.");
    }
    key = found->second;
  }
  const auto token = only_value(request.headers, "x-amz-security-token");
  if (token.value_or("") != key.session_token) {
    return refuse("UnrecognizedClientException",
                  "The security token included in the request is invalid.");
  }
  if (auto refusal = check_clock(*sent_at, now, rules_.window)) return *refusal;

  const std::string body_hash = hex(sha256(request.body));
  const auto sent_hash = only_value(request.headers, "x-amz-content-sha256");
  if (!sent_hash && rules_.require_content_sha256) {
    return bad_signature("X-Amz-Content-Sha256 was not sent exactly once.");
  }
  if (sent_hash && *sent_hash != body_hash) {
    return bad_signature("X-Amz-Content-Sha256 is " + std::string(*sent_hash) +
                         ", but the body's hash is " + body_hash + ".");
  }

  const std::size_t question = std::min(request.target.find('?'), request.target.size());
  const auto path = canonical_path(request.target.substr(0, question));
  std::string canonical(request.method);
  canonical += '\n';
  canonical += path.text;
  canonical += '\n';
  canonical += canonical_query(
      question < request.target.size() ? request.target.substr(question + 1) : std::string_view());
  canonical += '\n';
  canonical += canonical_headers(request.headers, given->signed_names);
  canonical += '\n';
  canonical += given->signed_text;
  canonical += '\n';
  canonical += body_hash;
  std::string to_sign(signing_algorithm);
  to_sign += '\n';
  to_sign += *date;
  to_sign += '\n';
  to_sign += given->scope;
  to_sign += '\n';
  to_sign += hex(sha256(canonical));

  const digest secret = signing_key(key, given->date);
  const std::string expected = hex(hmac_sha256(as_text(secret), to_sign));
  if (!path.regular || !same_bytes(expected, given->signature)) {
    return bad_signature(
        "The request signature we calculated does not match the signature you provided. Check your "
        "AWS Secret Access Key and signing method. Consult the service documentation for details."
        "\n\nThe Canonical String for this request should have been\n'" +
        canonical + "'\n\nThe String-to-Sign should have been\n'" + to_sign + "'\n");
  }
  if (key.expires && *key.expires <= now) {
    return refuse("ExpiredTokenException", "The security token included in the request is expired");
  }
  return {200, {}, {}, key.id};
}

}  // namespace sandbox
