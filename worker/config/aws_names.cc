#include "worker/config/aws_names.h"

#include <fmt/format.h>

#include <algorithm>

#include "connector/base/ascii.h"
#include "connector/base/regions.h"
#include "connector/glob.h"
#include "worker/config/variable_names.h"

namespace worker::config {

namespace {

constexpr std::size_t longest_arn = 2048;
constexpr std::size_t long_aws_name =
    10;  // letters and digits; from here on two slips are one name

std::string_view without_quotes(std::string_view text) {
  while (!text.empty() && (text.front() == '"' || text.front() == '\'')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == '"' || text.back() == '\'')) text.remove_suffix(1);
  return text;
}

}  // namespace

bool is_known_region(std::string_view region) {
  const auto known = connector::known_regions();
  return std::find(known.begin(), known.end(), region) != known.end();
}

std::optional<std::string_view> near_region(std::string_view region) {
  const auto wanted = relaxed_name(without_quotes(region.substr(0, 64)));
  std::optional<std::string_view> best;
  std::size_t fewest = wanted.size() < long_aws_name ? 2 : 3;
  for (const auto each : connector::known_regions()) {
    const auto count = slips(wanted, relaxed_name(each));
    if (count >= fewest) continue;
    best = each;
    fewest = count;
  }
  return best;
}

std::optional<std::string> region_requirement(std::string_view region) {
  if (connector::is_region(region)) return std::nullopt;
  constexpr std::string_view shape =
      "the name of a region has lower-case letters, digits and hyphens, and no quotes around it";
  const auto near = near_region(region);
  return near ? fmt::format("{}, if that is meant: {}", *near, shape)
              : fmt::format("a region such as eu-central-1: {}", shape);
}

bool is_arn_of(std::string_view text, std::string_view service, std::string_view kind) {
  const auto parts = connector::ascii::split(text, ':');
  return text.size() <= longest_arn && parts.size() == 6 && parts[0] == "arn" &&
         !parts[1].empty() && parts[2] == service && parts[5].starts_with(kind) &&
         parts[5].size() > kind.size() && text.find_first_of(" *") == std::string_view::npos;
}

}  // namespace worker::config
