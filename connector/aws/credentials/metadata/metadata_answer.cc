#include "connector/aws/credentials/metadata/metadata_answer.h"

#include <fmt/format.h>

#include <optional>
#include <utility>
#include <vector>

#include "connector/aws/credentials/static_credentials.h"
#include "connector/base/ascii.h"
#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/timestamp.h"

namespace connector::aws {

namespace {

// The answer is one flat object; room for members that are not known yet.
constexpr json::limits shape{.depth = 8};
constexpr std::size_t max_code = 64;

using members = std::vector<json::member>;

source_failure failed(const std::string& source, std::string_view problem) {
  return {source_failure::kind::unavailable, fmt::format("{}: {}", source, problem)};
}

// Empty when it is not there or no string.
std::string text_at(const members& all, std::string_view name) {
  const auto value = json::find(all, name);
  if (!value) return {};
  return json::text_of(*value).value_or(std::string());
}

// A name such as AssumeRoleUnauthorizedAccess; anything else is not repeated.
bool is_name(std::string_view text) {
  if (text.empty() || text.size() > max_code) return false;
  for (const char c : text) {
    const bool letter = ascii::is_letter_or_digit(c);
    if (!letter && c != '-' && c != '_' && c != '.') return false;
  }
  return true;
}

secret_string secret_at(const members& all, std::string_view name) {
  auto text = text_at(all, name);
  return secret_string::take(text);
}

}  // namespace

fetched read_metadata_credentials(std::string_view body, std::string source) {
  const auto read = json::members(without_mark(body), shape);
  if (read.wrong) return failed(source, "the answer is not a JSON object");
  const auto& all = read.members;
  // EC2 says with status 200 that it has none.
  if (json::find(all, "Code")) {
    const auto code = text_at(all, "Code");
    if (code != "Success") {
      return failed(source, fmt::format("the service answers {} instead of credentials",
                                        is_name(code) ? code : "with another code"));
    }
  }
  for (const std::string_view name : {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}) {
    const auto value = json::find(all, name);
    if (!value || json::kind_of(*value) != json::kind::string || *value == "\"\"") {
      return failed(source, fmt::format("the answer has no {}", name));
    }
  }
  const auto expires = parse_timestamp(text_at(all, "Expiration"));
  if (!expires) return failed(source, "Expiration of the answer is not a point in time");
  auto made = static_credentials(text_at(all, "AccessKeyId"), secret_at(all, "SecretAccessKey"),
                                 secret_at(all, "Token"), source,
                                 {"AccessKeyId", "SecretAccessKey", "Token"});
  if (!made) return failed(source, made.error().message);
  made->expires = *expires;
  return std::move(*made);
}

}  // namespace connector::aws
