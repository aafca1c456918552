#include "connector/aws/credentials/sts/sts_request.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/base/ascii.h"
#include "connector/base/percent.h"
#include "connector/base/utf8.h"

namespace connector::aws {

namespace {

constexpr std::string_view version = "2011-06-15";
constexpr std::size_t max_tags = 50;

bool is_word(char c) { return ascii::is_letter_or_digit(c) || c == '_'; }

bool holds_only(std::string_view text, std::string_view besides) {
  return std::all_of(text.begin(), text.end(), [besides](char c) {
    return is_word(c) || besides.find(c) != std::string_view::npos;
  });
}

// Takes the part up to `mark` off the front; nothing when there is none.
std::optional<std::string_view> part(std::string_view& text, char mark) {
  const auto at = text.find(mark);
  if (at == std::string_view::npos) return std::nullopt;
  const auto taken = text.substr(0, at);
  text.remove_prefix(at + 1);
  return taken;
}

// arn:PARTITION:iam::ACCOUNT:role/PATH/NAME
bool is_role_arn(std::string_view arn) {
  if (arn.size() < 20 || arn.size() > 2048) return false;
  if (part(arn, ':') != "arn") return false;
  const auto partition = part(arn, ':');
  if (!partition || !partition->starts_with("aws") || !holds_only(*partition, "-")) return false;
  if (part(arn, ':') != "iam" || part(arn, ':') != "") return false;
  const auto account = part(arn, ':');
  if (!account || account->size() != 12 ||
      account->find_first_not_of("0123456789") != std::string_view::npos) {
    return false;
  }
  return arn.starts_with("role/") && arn.size() > 5 && !arn.ends_with('/') &&
         holds_only(arn, "+=,.@/-");
}

// Tags may be any letters; here: UTF-8 without control characters.
bool is_tag_text(std::string_view text, std::size_t least, std::size_t most) {
  // STS counts characters; a character has at most four bytes.
  if (text.size() < least || text.size() > most * 4 || !is_utf8(text)) return false;
  return std::none_of(text.begin(), text.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

http::request post(const endpoint& where, std::string body, std::string_view user_agent) {
  auto out = post_request(where, "application/x-www-form-urlencoded", std::move(body), user_agent);
  out.fields.emplace_back("Accept", "application/xml");
  return out;
}

void add(std::string& body, std::string_view name, std::string_view value) {
  body.append("&").append(name).append("=").append(percent_encode(value));
}

std::string begin(std::string_view action, const assumed_role& role) {
  std::string body = fmt::format("Action={}&Version={}", action, version);
  add(body, "RoleArn", role.role_arn);
  add(body, "RoleSessionName", role.session_name);
  if (role.duration_seconds != 0) {
    add(body, "DurationSeconds", std::to_string(role.duration_seconds));
  }
  return body;
}

}  // namespace

std::optional<role_error> find_error(const assumed_role& role) {
  if (!is_role_arn(role.role_arn)) {
    return role_error{"roleArn", "must be like arn:aws:iam::123456789012:role/name"};
  }
  if (!role.session_name.empty() &&
      (role.session_name.size() < 2 || role.session_name.size() > 64 ||
       !holds_only(role.session_name, "+=,.@-"))) {
    return role_error{"roleSessionName", "must be 2 to 64 letters, digits and _+=,.@-"};
  }
  if (!role.external_id.empty() && (role.external_id.size() < 2 || role.external_id.size() > 1224 ||
                                    !holds_only(role.external_id, "+=,.@:/-"))) {
    return role_error{"externalId", "must be 2 to 1224 letters, digits and _+=,.@:/-"};
  }
  if (role.duration_seconds != 0 &&
      (role.duration_seconds < 900 || role.duration_seconds > 43'200)) {
    return role_error{"durationSeconds", "must be 900 to 43200"};
  }
  if (role.session_tags.size() > max_tags) {
    return role_error{"sessionTags", "must be at most 50"};
  }
  for (const auto& [key, value] : role.session_tags) {
    if (!is_tag_text(key, 1, 128) || !is_tag_text(value, 0, 256)) {
      return role_error{"sessionTags",
                        "must have keys of 1 to 128 and values of at most 256 characters, none "
                        "of them a control character"};
    }
  }
  return std::nullopt;
}

std::string as_session_name(std::string_view text) {
  std::string out(text.substr(0, 64));
  for (char& c : out) {
    if (!holds_only({&c, 1}, "+=,.@-")) c = '-';
  }
  if (out.size() < 2) out.append("--");
  return out;
}

http::request assume_role_request(const assumed_role& role, const endpoint& where,
                                  std::string_view user_agent) {
  auto body = begin("AssumeRole", role);
  if (!role.external_id.empty()) add(body, "ExternalId", role.external_id);
  int number = 0;
  for (const auto& [key, value] : role.session_tags) {
    ++number;
    add(body, fmt::format("Tags.member.{}.Key", number), key);
    add(body, fmt::format("Tags.member.{}.Value", number), value);
  }
  return post(where, std::move(body), user_agent);
}

http::request web_identity_request(const assumed_role& role, const secret_string& token,
                                   const endpoint& where, std::string_view user_agent) {
  auto body = begin("AssumeRoleWithWebIdentity", role);
  add(body, "WebIdentityToken", token.reveal());
  return post(where, std::move(body), user_agent);
}

}  // namespace connector::aws
