#include "connector/aws/credentials/static_credentials.h"

#include <fmt/format.h>

#include <utility>

#include "connector/base/ascii.h"

namespace connector::aws {

namespace {

constexpr std::size_t max_key = 128;
constexpr std::size_t max_secret = 512;
// Session tokens have no documented size; this still fits beside the other headers.
constexpr std::size_t max_token = 16 * 1024;

// Printable ASCII without blanks; `also_not` are further characters that do not belong.
bool is_token(std::string_view text, std::string_view also_not = {}) {
  for (const char c : text) {
    if (c <= ' ' || c > '~' || also_not.find(c) != std::string_view::npos) return false;
  }
  return true;
}

// Without blanks around it; most have none and stay where they are.
secret_string trimmed(secret_string from) {
  const auto text = ascii::trim(from.reveal());
  if (text.size() == from.reveal().size()) return from;
  std::string copy(text);
  return secret_string::take(copy);
}

// The reason why `text` cannot be a key, for people; never the text.
std::string what_is_wrong(std::string_view text, std::size_t most, std::string_view also_not,
                          std::string_view noun) {
  if (text.size() > most) return fmt::format("has more than {} bytes", most);
  if (text.size() > 1 && (text.front() == '"' || text.front() == '\'') &&
      text.back() == text.front()) {
    return "is written in quotes; take them away";
  }
  if (is_token(text, also_not)) return {};
  if (text.find_first_of("\r\n") != std::string_view::npos) return "has a line break inside";
  if (text.find_first_of(" \t") != std::string_view::npos) return "has a blank inside";
  return fmt::format("holds a character that no {} has", noun);
}

}  // namespace

result<credentials> static_credentials(std::string access_key_id, secret_string secret_access_key,
                                       secret_string session_token, std::string source,
                                       const key_names& names) {
  access_key_id = std::string(ascii::trim(access_key_id));
  secret_access_key = trimmed(std::move(secret_access_key));
  session_token = trimmed(std::move(session_token));
  if (access_key_id.empty() || secret_access_key.empty()) {
    const bool no_id = access_key_id.empty();
    return credentials_error(fmt::format("{} is missing beside {}.",
                                         no_id ? names.access_key_id : names.secret_access_key,
                                         no_id ? names.secret_access_key : names.access_key_id));
  }
  const struct {
    std::string_view text;
    std::size_t most;
    std::string_view also_not;
    std::string_view name;
    std::string_view noun;
  } parts[] = {
      {access_key_id, max_key, "/,=;", names.access_key_id, "access key id"},
      {secret_access_key.reveal(), max_secret, {}, names.secret_access_key, "secret key"},
      {session_token.reveal(), max_token, {}, names.session_token, "session token"},
  };
  for (const auto& part : parts) {
    const auto wrong = what_is_wrong(part.text, part.most, part.also_not, part.noun);
    if (!wrong.empty()) return credentials_error(fmt::format("{} {}.", part.name, wrong));
  }
  credentials made;
  made.access_key_id = std::move(access_key_id);
  made.secret_access_key = std::move(secret_access_key);
  made.session_token = std::move(session_token);
  made.source = std::move(source);
  return made;
}

}  // namespace connector::aws
