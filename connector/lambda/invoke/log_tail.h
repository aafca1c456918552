// The log tail of a synchronous call: the last 4 KB that the function wrote, and the numbers of its
// REPORT line. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace connector::lambda {

// X-Amz-Log-Result decoded, bytes replaced that are not UTF-8 (the tail may begin in a character);
// nothing when it is not base64.
std::optional<std::string> decode_log_tail(std::string_view header);

// Numbers as JSON text, in milliseconds; empty when the log does not tell.
struct report_line {
  std::string duration_ms;         // "12.34"
  std::string billed_duration_ms;  // "13"
};

// Of the last REPORT line in the log.
report_line read_report(std::string_view log);

}  // namespace connector::lambda
