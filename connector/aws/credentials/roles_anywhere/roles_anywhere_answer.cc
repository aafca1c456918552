#include "connector/aws/credentials/roles_anywhere/roles_anywhere_answer.h"

#include <fmt/format.h>

#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include "connector/aws/aws_error.h"
#include "connector/aws/credentials/static_credentials.h"
#include "connector/aws/error_table.h"
#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/timestamp.h"
#include "connector/base/utf8.h"

namespace connector::aws {

namespace {

using kind = source_failure::kind;
using members = std::vector<json::member>;

constexpr json::limits shape{.depth = 16};
constexpr std::size_t max_message = 400;

roles_anywhere_outcome unusable(const std::string& source, std::string_view why) {
  return {source_failure{kind::unavailable,
                         fmt::format("{}: the answer cannot be used: {}", source, why)},
          true};
}

std::string_view advice_for(const service_failure& failure) {
  if (says_time(failure)) return advice_on_time;
  if (failure.name == "AccessDeniedException" || failure.status == 403) {
    return "Check that the trust anchor is enabled and its authority issued the certificate "
           "(intermediates included), that the profile is enabled and names the role, and that the "
           "role trusts rolesanywhere.amazonaws.com.";
  }
  if (failure.name == "ResourceNotFoundException") {
    return "Check the ARNs of trust anchor, profile and role, and the region.";
  }
  if (failure.name == "ValidationException") {
    return "Check the ARNs, the duration, and whether the profile takes session names.";
  }
  return {};
}

roles_anywhere_outcome read_error(const http::response& answer, const std::string& source) {
  const auto failure = read_service_error(answer);
  const bool load =
      answer.status >= 500 || answer.status == 429 || failure.name == "ThrottlingException";
  auto text = fmt::format("{}: refused with status {}{}{}", source, answer.status,
                          failure.name.empty() ? "" : " ", failure.name);
  if (!failure.message.empty()) {
    text += fmt::format(": {}", cut_utf8(failure.message, max_message));
  }
  if (!text.ends_with('.')) text += '.';
  if (const auto advice = advice_for(failure); !advice.empty()) text.append(" ").append(advice);
  const bool passes = load || says_time(failure);
  return {source_failure{passes ? kind::unavailable : kind::rejected, std::move(text)}, load};
}

std::string text_at(const members& all, std::string_view name) {
  const auto value = json::find(all, name);
  if (!value) return {};
  return json::text_of(*value).value_or(std::string());
}

// The members of the object at `name`; none when there is no object.
members object_at(const members& all, std::string_view name) {
  const auto value = json::find(all, name);
  if (!value || json::kind_of(*value) != json::kind::object) return {};
  return json::members(*value, shape).members;
}

// credentialSet[0].credentials; none when the answer is built otherwise.
members credentials_of(std::string_view body) {
  const auto top = json::members(without_mark(body), shape);
  if (top.wrong) return {};
  const auto set = json::find(top.members, "credentialSet");
  if (!set || json::kind_of(*set) != json::kind::array) return {};
  const auto entries = json::elements(*set, shape);
  if (entries.empty() || json::kind_of(entries.front()) != json::kind::object) return {};
  return object_at(json::members(entries.front(), shape).members, "credentials");
}

}  // namespace

roles_anywhere_outcome read_session_answer(const http::response& answer,
                                           const std::string& source) {
  if (answer.status < 200 || answer.status > 299) return read_error(answer, source);
  const auto keys = credentials_of(answer.body);
  if (keys.empty()) {
    return unusable(source, "there is no credentialSet in it. Is the endpoint Roles Anywhere?");
  }
  const auto expires = parse_timestamp(text_at(keys, "expiration"));
  if (!expires) return unusable(source, "it has no date of expiry");
  auto secret = text_at(keys, "secretAccessKey");
  auto token = text_at(keys, "sessionToken");
  const bool no_token = token.empty();
  auto made = static_credentials(text_at(keys, "accessKeyId"), secret_string::take(secret),
                                 secret_string::take(token), source,
                                 {"accessKeyId", "secretAccessKey", "sessionToken"});
  if (!made) return unusable(source, made.error().message);
  if (no_token) return unusable(source, "it has no sessionToken");
  made->expires = expires;
  return {std::move(*made), false};
}

roles_anywhere_outcome read_session_failure(const http::failure& failure,
                                            const std::string& source) {
  const bool given_up = failure.kind == http::failure_kind::cancelled;
  const bool rejected = failure.kind == http::failure_kind::invalid_request;
  return {source_failure{rejected ? kind::rejected : kind::unavailable,
                         fmt::format("{}: no answer: {}", source, failure.message)},
          !given_up && !rejected};
}

}  // namespace connector::aws
