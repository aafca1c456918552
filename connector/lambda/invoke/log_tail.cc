#include "connector/lambda/invoke/log_tail.h"

#include "connector/base/base64.h"
#include "connector/base/json_scan.h"
#include "connector/base/utf8.h"

namespace connector::lambda {

namespace {

// The number after `label` when " ms" follows it, unchanged; empty otherwise.
std::string number_after(std::string_view line, std::string_view label) {
  const auto at = line.find(label);
  if (at == std::string_view::npos) return {};
  line.remove_prefix(at + label.size());
  const auto number = line.substr(0, line.find_first_not_of("0123456789."));
  line.remove_prefix(number.size());
  // JSON's grammar keeps out 1.2.3, 007 and an empty text.
  if (number.size() > 20 || !line.starts_with(" ms") || !json::is_json(number)) return {};
  return std::string(number);
}

}  // namespace

std::optional<std::string> decode_log_tail(std::string_view header) {
  const auto decoded = base64_decode(header);
  if (!decoded) return std::nullopt;
  return repaired_utf8(*decoded);
}

report_line read_report(std::string_view log) {
  const auto at = log.rfind("REPORT RequestId:");
  if (at == std::string_view::npos) return {};
  const auto line = log.substr(at, log.find('\n', at) - at);
  report_line found;
  found.duration_ms = number_after(line, "\tDuration: ");
  found.billed_duration_ms = number_after(line, "\tBilled Duration: ");
  return found;
}

}  // namespace connector::lambda
