#include "worker/cli/invoke_line.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <variant>

#include "connector/base/duration.h"
#include "connector/base/json_scan.h"
#include "worker/cli/command_table.h"
#include "worker/config/value_parser.h"

namespace worker::cli {

namespace json = connector::json;

namespace {

void read_operation(const raw_invoke& raw, command_line& line) {
  const auto* const found = connector::find_operation(raw.operation);
  if (found == nullptr) {
    line.issues.push_back(fmt::format("{} must be one of {}.", operation_flag,
                                      names_of(connector::operations(), ", ")));
    return;
  }
  line.invoke.operation = found->id;
  if (connector::find_input(*found, "functionName") != nullptr && line.invoke.function.empty() &&
      line.issues.empty()) {
    line.issues.emplace_back("--function is missing: name or ARN of the function.");
  }
}

void read_inputs(const raw_invoke& raw, command_line& line) {
  for (const auto& each : raw.inputs) {
    const std::size_t equals = each.find('=');
    auto name = each.substr(0, equals);
    const auto value = equals == std::string::npos ? "" : each.substr(equals + 1);
    if (equals == 0 || !json::is_json(value)) {
      line.issues.push_back(
          fmt::format("--input must be name=json, such as clientContext='{{\"custom\":{{}}}}' or "
                      "region='\"eu-west-1\"'; what is wrong is the one named '{}'.",
                      name.substr(0, 100)));
      continue;
    }
    line.invoke.inputs.emplace_back(std::move(name), value);
  }
}

void read_headers(const raw_invoke& raw, command_line& line) {
  for (const auto& each : raw.headers) {
    const std::size_t equals = each.find('=');
    if (equals == 0 || equals == std::string::npos) {
      line.issues.push_back(
          fmt::format("{} must be name=text; what is wrong is the one that begins with '{}'.",
                      header_flag, each.substr(0, std::min<std::size_t>(equals, 100))));
      continue;
    }
    line.invoke.headers.emplace_back(each.substr(0, equals), each.substr(equals + 1));
  }
}

// Takes 30s and 30000 as well, as settings do, and makes ISO-8601 of it, as inputs are.
void read_timeout(command_line& line) {
  auto& text = line.invoke.timeout;
  if (text.empty() || connector::parse_iso_duration(text)) return;
  const auto parsed =
      config::parse_value(text, config::setting_type::duration, {1, 24 * 3600 * 1000, {}});
  if (const auto* allowed = std::get_if<std::string>(&parsed)) {
    line.issues.push_back(fmt::format("--timeout must be {}.", *allowed));
    return;
  }
  const auto& value = std::get<config::parsed_value>(parsed);
  const auto count = value.duration.count();
  if (value.without_unit && count < 1000) {
    line.issues.push_back(fmt::format(
        "--timeout: {0} without a unit is {0} milliseconds: write {0}s, or {0}ms if that is meant.",
        count));
    return;
  }
  text = fmt::format("PT{}.{:03}S", count / 1000, count % 1000);
}

}  // namespace

void read_invoke(const raw_invoke& raw, command_line& line) {
  read_operation(raw, line);
  read_inputs(raw, line);
  read_headers(raw, line);
  read_timeout(line);
}

}  // namespace worker::cli
