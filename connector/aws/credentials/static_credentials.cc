#include "connector/aws/credentials/static_credentials.h"

#include <fmt/format.h>

#include <utility>

namespace connector::aws {

namespace {

constexpr std::size_t most_key = 128;
constexpr std::size_t most_secret = 512;
// Session tokens have no documented size; this still fits beside the other headers.
constexpr std::size_t most_token = 16 * 1024;

// Printable ASCII without blanks; `also_not` are further characters that do not belong.
bool is_token(std::string_view text, std::string_view also_not = {}) {
  for (const char c : text) {
    if (c <= ' ' || c > '~' || also_not.find(c) != std::string_view::npos) return false;
  }
  return true;
}

error refused(std::string message) {
  error e;
  e.code = error_code::credentials_error;
  e.message = std::move(message);
  return e;
}

}  // namespace

result<credentials> static_credentials(std::string access_key_id, secret_string secret_access_key,
                                       secret_string session_token, std::string source,
                                       const key_names& names) {
  if (access_key_id.empty() || secret_access_key.empty()) {
    const bool no_id = access_key_id.empty();
    return refused(fmt::format("{} is missing beside {}.",
                               no_id ? names.access_key_id : names.secret_access_key,
                               no_id ? names.secret_access_key : names.access_key_id));
  }
  if (access_key_id.size() > most_key || !is_token(access_key_id, "/,=;")) {
    return refused(fmt::format("{} is not an access key id.", names.access_key_id));
  }
  const auto secret = secret_access_key.reveal();
  if (secret.size() > most_secret || !is_token(secret)) {
    return refused(fmt::format("{} holds characters that no secret key has, or is too long.",
                               names.secret_access_key));
  }
  const auto token = session_token.reveal();
  if (token.size() > most_token || !is_token(token)) {
    return refused(fmt::format("{} holds characters that no session token has, or is too long.",
                               names.session_token));
  }
  credentials made;
  made.access_key_id = std::move(access_key_id);
  made.secret_access_key = std::move(secret_access_key);
  made.session_token = std::move(session_token);
  made.source = std::move(source);
  return made;
}

}  // namespace connector::aws
