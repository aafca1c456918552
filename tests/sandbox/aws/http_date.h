// The header Date of stand-ins whose clock a test sets. Plain function.
#pragma once

#include <chrono>
#include <ctime>
#include <string>

namespace sandbox {

inline std::string http_date(std::chrono::system_clock::time_point at) {
  const std::time_t whole = std::chrono::system_clock::to_time_t(at);
  std::tm parts{};
  gmtime_r(&whole, &parts);
  char text[40];
  return {text, std::strftime(text, sizeof text, "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

}  // namespace sandbox
