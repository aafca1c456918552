#include "tests/sandbox/lambda/function_name.h"

#include <algorithm>
#include <vector>

namespace sandbox {

namespace {

bool is_digits(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

bool is_word(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           more.find(c) != std::string_view::npos;
  });
}

bool is_account(std::string_view text) { return text.size() == 12 && is_digits(text); }

// us-east-1, us-gov-west-1, eusc-de-east-1: at least three parts, the last one digit.
bool is_region(std::string_view text) {
  return text.size() > 4 && std::count(text.begin(), text.end(), '-') >= 2 &&
         text[text.size() - 2] == '-' && is_digits(text.substr(text.size() - 1)) &&
         std::all_of(text.begin(), text.end() - 1,
                     [](char c) { return c == '-' || (c >= 'a' && c <= 'z'); });
}

}  // namespace

bool is_qualifier(std::string_view text) {
  return text == "$LATEST" || text == "$LATEST.PUBLISHED" ||
         (text.size() <= 128 && is_word(text, "-_"));
}

std::optional<function_name> parse_function_name(std::string_view text) {
  if (text.empty() || text.size() > 256) return std::nullopt;
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(':', at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  function_name out;
  auto part = parts.begin();
  const bool full = *part == "arn";
  if (full) {
    if (parts.size() < 7 || parts[1].substr(0, 3) != "aws" || parts[2] != "lambda" ||
        !is_region(parts[3]) || !is_account(parts[4]) || parts[5] != "function") {
      return std::nullopt;
    }
    part += 3;
  }
  const auto left = [&] { return parts.end() - part; };
  if (left() > 1 && is_region(*part)) out.region = *part++;
  if (left() > 1 && is_account(*part)) out.account_id = *part++;
  if (left() > 1 && *part == "function") ++part;
  if (left() > 2 || !is_word(*part, "-_.") || part->size() > 140) return std::nullopt;
  out.name = *part++;
  if (left() == 1) {
    if (!is_qualifier(*part)) return std::nullopt;
    out.qualifier = *part;
  }
  if (parts.size() == 1 && out.name.size() > 64) return std::nullopt;
  return out;
}

}  // namespace sandbox
