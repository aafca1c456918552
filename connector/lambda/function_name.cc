#include "connector/lambda/function_name.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "connector/aws/endpoint.h"
#include "connector/base/ascii.h"
#include "connector/base/regions.h"
#include "connector/lambda/input_reader.h"

namespace connector::lambda {

namespace {

constexpr std::size_t max_bytes = 256;

error wrong(std::string_view problem) { return field_error("functionName", problem); }

bool is_account(std::string_view text) {
  return text.size() == 12 && std::all_of(text.begin(), text.end(), ascii::is_digit);
}

result<function_reference> parse_arn(const std::vector<std::string_view>& parts) {
  if (parts.size() < 7 || parts.size() > 8 || parts[1].empty() || parts[2] != "lambda" ||
      !is_region(parts[3]) || !is_account(parts[4]) || parts[5] != "function") {
    return wrong(
        "not the ARN of a function (arn:aws:lambda:<region>:<account>:function:<name>, with "
        ":<qualifier> if wanted)");
  }
  function_reference found;
  found.partition = parts[1];
  found.region = parts[3];
  found.account = parts[4];
  found.name = parts[6];
  if (parts.size() == 8) found.qualifier = parts[7];
  return found;
}

result<function_reference> parse_partial(const std::vector<std::string_view>& parts) {
  function_reference found;
  std::size_t at = 0;
  if (parts.size() > 2 && is_account(parts[1])) {
    if (!is_region(parts[0])) return wrong("what stands before the account is no region");
    found.region = parts[at++];
  }
  if (at + 1 < parts.size() && is_account(parts[at])) found.account = parts[at++];
  if (at + 1 < parts.size() && parts[at] == "function") ++at;
  found.name = parts[at++];
  if (at < parts.size()) found.qualifier = parts[at++];
  if (at < parts.size()) return wrong("has more parts than name and qualifier");
  return found;
}

}  // namespace

result<function_reference> parse_function_name(std::string_view text) {
  if (text.empty()) return wrong("is empty");
  if (text.size() > max_bytes) return wrong("longer than 256 bytes");
  // None of these is part of a name, and each could lead to another path of the service.
  for (const std::string_view foreign : {"/", "\\", "..", "?", "#", "%"}) {
    if (text.find(foreign) != std::string_view::npos) {
      return wrong(fmt::format(
          "must not hold {}; give a name, name:alias, an ARN, or a function URL with https://",
          foreign));
    }
  }
  const auto parts = ascii::split(text, ':');
  if (std::any_of(parts.begin(), parts.end(), [](auto part) { return part.empty(); })) {
    return wrong("has an empty part");
  }
  auto found = parts[0] == "arn" ? parse_arn(parts) : parse_partial(parts);
  if (found && found->name == ".") return wrong("is no name");
  return found;
}

}  // namespace connector::lambda
