#include "connector/oauth/token_answer.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>
#include <vector>

#include "connector/base/ascii.h"
#include "connector/base/byte_order_mark.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "connector/base/number.h"
#include "connector/base/shortened.h"
#include "connector/base/utf8.h"

namespace connector::oauth {

namespace {

using kind = token_failure::kind;
using members = std::vector<json::member>;
using std::chrono::milliseconds;

constexpr json::limits shape{.depth = 16};
constexpr std::size_t longest_token = 32 * 1024;
constexpr std::size_t longest_text = 300;
// Servers may leave `expires_in` out. A token that is refused earlier is renewed then.
constexpr std::chrono::minutes assumed_life{5};

std::string text_at(const members& all, std::string_view name) {
  const auto value = json::find(all, name);
  if (!value) return {};
  return json::text_of(*value).value_or(std::string());
}

// Of an error: RFC 6749 allows printable ASCII, servers send more. One line.
std::string words_of(const members& all, std::string_view name) {
  auto out = repaired_utf8(shortened(text_at(all, name), longest_text));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == '\x7f') c = ' ';
  }
  return std::string(ascii::trim(out));
}

// A number, or as some servers have it, a text with one. Nothing: there is no number above zero.
std::optional<milliseconds> life_of(std::string_view value) {
  std::string text(value);
  if (json::kind_of(value) == json::kind::string) text = json::text_of(value).value_or("");
  const auto seconds = nearest_double(text);
  if (!seconds || !(*seconds >= 1)) return std::nullopt;
  constexpr auto most = std::chrono::duration<double>(longest_life).count();
  const auto life = std::chrono::duration<double>(std::min(*seconds, most));
  return std::chrono::duration_cast<milliseconds>(life);
}

token_failure unusable(std::string_view server, std::string_view why) {
  return {kind::unavailable,
          fmt::format("the answer of the token server {} cannot be used: {}", server, why)};
}

std::string_view advice_for(std::string_view error, int status) {
  // The two names of a client or secret that the server does not take; Keycloak says the second.
  if (error == "invalid_client" || error == "unauthorized_client") {
    return "Check CAMUNDA_CLIENT_ID and CAMUNDA_CLIENT_SECRET (or that the server knows the "
           "certificate of CAMUNDA_CLIENT_ASSERTION_KEYSTORE_PATH), and that this client may use "
           "client credentials";
  }
  if (error == "invalid_scope") return "Check CAMUNDA_TOKEN_SCOPE";
  if (error == "invalid_target") return "Check CAMUNDA_TOKEN_AUDIENCE and CAMUNDA_TOKEN_RESOURCE";
  if (error == "access_denied") return "Check CAMUNDA_TOKEN_AUDIENCE and what this client may do";
  if (error == "unsupported_grant_type") {
    return "The server gives no tokens for client credentials: check "
           "CAMUNDA_AUTHORIZATION_SERVER_URL";
  }
  if (status >= 300 && status < 400) {
    return "Redirects are not followed: give the final URL in CAMUNDA_AUTHORIZATION_SERVER_URL";
  }
  if (status == 404 || status == 405) return "Check CAMUNDA_AUTHORIZATION_SERVER_URL";
  if (status == 401) return "Check CAMUNDA_CLIENT_ID and CAMUNDA_CLIENT_SECRET";
  if (status == 400) {
    return "Check CAMUNDA_CLIENT_ID, CAMUNDA_TOKEN_AUDIENCE and CAMUNDA_TOKEN_SCOPE";
  }
  return {};
}

token_failure refusal(const http::response& answer, std::string_view server) {
  const auto read = json::members(without_mark(answer.body), shape);
  const auto error = words_of(read.members, "error");
  const auto description = words_of(read.members, "error_description");
  // A server that starts answers 404 too, until its realms are loaded.
  const bool passes = answer.status >= 500 || answer.status == 429 || answer.status == 404 ||
                      answer.status == 408 || error == "temporarily_unavailable" ||
                      error == "server_error";
  auto text = fmt::format("the token server {} answered with status {}", server, answer.status);
  if (!error.empty()) text += " " + error;
  if (!description.empty()) text += ": " + description;
  const auto advice = advice_for(error, answer.status);
  if (!advice.empty()) {
    while (text.ends_with('.')) text.pop_back();
    text.append(". ").append(advice);
  }
  return {passes ? kind::unavailable : kind::rejected, std::move(text)};
}

}  // namespace

bool is_token(std::string_view text) {
  const auto fits = [](char c) { return c > ' ' && c <= '~'; };
  return !text.empty() && text.size() <= longest_token &&
         std::all_of(text.begin(), text.end(), fits);
}

result<access_token> read_token_answer(const http::response& answer, std::string_view server,
                                       boot_clock::time_point asked) {
  if (answer.status != 200) return refusal(answer, server);
  const auto read = json::members(without_mark(answer.body), shape);
  if (read.wrong) {
    return unusable(
        server, "it is no JSON object. Is CAMUNDA_AUTHORIZATION_SERVER_URL the token endpoint?");
  }
  auto value = text_at(read.members, "access_token");
  access_token out;
  const bool good = is_token(value);
  out.value = secret_string::take(value);
  if (!good) {
    return unusable(server, json::find(read.members, "access_token")
                                ? "its access_token cannot be a token"
                                : "it has no access_token. Is CAMUNDA_AUTHORIZATION_SERVER_URL the "
                                  "token endpoint?");
  }
  // Other types need more than a header: a proof, or a signature.
  if (json::find(read.members, "token_type") &&
      !ascii::equal_without_case(text_at(read.members, "token_type"), "bearer")) {
    return unusable(server, "its token_type is not Bearer, the only type that the gateway takes");
  }
  milliseconds life = assumed_life;
  if (const auto given = json::find(read.members, "expires_in")) {
    const auto said = life_of(*given);
    if (!said) return unusable(server, "its expires_in is not a number of seconds from 1 on");
    life = *said;
  }
  out.since = asked;
  out.expires = asked + life;
  return out;
}

token_failure read_token_failure(const http::failure& failure, std::string_view server) {
  using http::failure_kind;
  std::string_view advice;
  switch (failure.kind) {
    case failure_kind::resolve:
    case failure_kind::connect:
      advice = ". Check CAMUNDA_AUTHORIZATION_SERVER_URL and whether the token server runs";
      break;
    case failure_kind::timeout:
      advice = ". The limits are CAMUNDA_AUTH_CONNECT_TIMEOUT and CAMUNDA_AUTH_READ_TIMEOUT";
      break;
    default:
      // With TLS 1.3 it is told after the request went out.
      if (failure.message.find("client certificate") != std::string::npos) {
        advice = ". Check CAMUNDA_SSL_CLIENT_KEYSTORE_PATH";
      }
      break;
  }
  return {failure.kind == failure_kind::invalid_request ? kind::rejected : kind::unavailable,
          fmt::format("the token server {} gave no answer: {}{}", server, failure.message, advice)};
}

}  // namespace connector::oauth
