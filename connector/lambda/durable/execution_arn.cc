#include "connector/lambda/durable/execution_arn.h"

#include <algorithm>
#include <vector>

#include "connector/aws/endpoint.h"
#include "connector/base/ascii.h"
#include "connector/base/regions.h"

namespace connector::lambda {

namespace {

bool consists_of_name_characters(std::string_view text, std::string_view others) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [&](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

bool is_account(std::string_view text) {
  return text.size() == 12 &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::optional<execution_arn> parse_execution_arn(std::string_view text) {
  if (text.size() > longest_execution_arn) return std::nullopt;
  const auto pieces = ascii::split(text, '/');
  if (pieces.size() != 4 || pieces[1] != "durable-execution") return std::nullopt;
  const auto parts = ascii::split(pieces[0], ':');
  if (parts.size() != 8 || parts[0] != "arn" || parts[2] != "lambda" || parts[5] != "function") {
    return std::nullopt;
  }
  const bool known =
      consists_of_name_characters(parts[1], "-") && is_region(parts[3]) && is_account(parts[4]) &&
      consists_of_name_characters(parts[6], "-_") && consists_of_name_characters(parts[7], "$.") &&
      consists_of_name_characters(pieces[2], "-_") && consists_of_name_characters(pieces[3], "-_");
  if (!known) return std::nullopt;
  execution_arn out;
  out.partition = parts[1];
  out.region = parts[3];
  out.account = parts[4];
  out.function = parts[6];
  out.version = parts[7];
  out.name = pieces[2];
  out.id = pieces[3];
  return out;
}

}  // namespace connector::lambda
