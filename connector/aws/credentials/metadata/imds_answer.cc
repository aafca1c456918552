#include "connector/aws/credentials/metadata/imds_answer.h"

#include <algorithm>

#include "connector/base/ascii.h"
#include "connector/base/number.h"

namespace connector::aws {

namespace {

constexpr std::size_t max_session_token = 1024;
constexpr std::size_t max_role = 64;
constexpr std::chrono::seconds token_margin{60};

bool is_role_character(char c) {
  return ascii::is_letter_or_digit(c) ||
         std::string_view("+=,.@_-").find(c) != std::string_view::npos;
}

}  // namespace

std::optional<std::string> imds_token_of(const http::response& answer) {
  const auto token = ascii::trim(answer.body);
  if (token.empty() || token.size() > max_session_token) return std::nullopt;
  const bool clean =
      std::all_of(token.begin(), token.end(), [](char c) { return c > ' ' && c <= '~'; });
  if (!clean) return std::nullopt;
  return std::string(token);
}

std::chrono::seconds imds_token_life(const http::response& answer) {
  auto life = longest_imds_token;
  if (const auto text = http::find_header(answer.fields, "X-aws-ec2-metadata-token-ttl-seconds")) {
    const auto most = static_cast<std::uint64_t>(longest_imds_token.count());
    const auto value = integer_up_to(ascii::trim(*text), most);
    if (value) life = std::chrono::seconds(*value);
  }
  return std::max(life - token_margin, std::chrono::seconds(0));
}

std::optional<std::string> imds_role_of(std::string_view body) {
  const auto role = ascii::trim(ascii::trim(body).substr(0, ascii::trim(body).find('\n')));
  if (role.empty() || role.size() > max_role) return std::nullopt;
  if (!std::all_of(role.begin(), role.end(), is_role_character)) return std::nullopt;
  // They would be steps of the path.
  if (role == "." || role == "..") return std::nullopt;
  return std::string(role);
}

std::optional<wall_clock::time_point> extended_expiry(wall_clock::time_point expires,
                                                      wall_clock::time_point now,
                                                      const random_source& random) {
  const auto jitter = std::chrono::seconds(120 + static_cast<int>(480 * random()));
  const auto ahead = std::chrono::minutes(15) + jitter;
  if (expires > now + ahead) return std::nullopt;
  return now + ahead;
}

}  // namespace connector::aws
