#include "tests/sandbox/lambda/authorization.h"

#include <algorithm>
#include <cstdio>
#include <ctime>

namespace sandbox {

using std::chrono::system_clock;

namespace {

std::vector<std::string_view> split(std::string_view text, char by) {
  std::vector<std::string_view> parts;
  for (std::size_t at = 0; at <= text.size();) {
    const std::size_t end = std::min(text.find(by, at), text.size());
    parts.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return parts;
}

std::string_view trim(std::string_view text) {
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  while (!text.empty() && text.back() == ' ') text.remove_suffix(1);
  return text;
}

}  // namespace

std::optional<authorization> parse_authorization(std::string_view text) {
  if (text.substr(0, signing_algorithm.size()) != signing_algorithm) return std::nullopt;
  text.remove_prefix(signing_algorithm.size());
  if (text.empty() || text.front() != ' ') return std::nullopt;
  authorization out;
  for (const std::string_view part : split(text, ',')) {
    const std::string_view item = trim(part);
    const std::size_t equals = item.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    const std::string_view name = item.substr(0, equals);
    const std::string_view value = item.substr(equals + 1);
    if (name == "Credential") {
      const auto parts = split(value, '/');
      if (parts.size() != 5) return std::nullopt;
      out.key_id = parts[0];
      out.date = parts[1];
      out.region = parts[2];
      out.service = parts[3];
      out.terminator = parts[4];
      out.scope = value.substr(parts[0].size() + 1);
    } else if (name == "SignedHeaders") {
      out.signed_text = value;
      out.signed_names = split(value, ';');
    } else if (name == "Signature") {
      out.signature = value;
    } else {
      return std::nullopt;
    }
  }
  if (out.key_id.empty() || out.signed_text.empty() || out.signature.empty()) return std::nullopt;
  return out;
}

std::optional<system_clock::time_point> parse_amz_date(std::string_view text) {
  std::tm parts{};
  char zone = 0;
  if (text.size() != 16 || text[8] != 'T' ||
      std::sscanf(std::string(text).c_str(), "%4d%2d%2dT%2d%2d%2d%c", &parts.tm_year, &parts.tm_mon,
                  &parts.tm_mday, &parts.tm_hour, &parts.tm_min, &parts.tm_sec, &zone) != 7 ||
      zone != 'Z') {
    return std::nullopt;
  }
  parts.tm_year -= 1900;
  parts.tm_mon -= 1;
  return system_clock::from_time_t(timegm(&parts));
}

std::string amz_date(system_clock::time_point time) {
  const std::time_t seconds = system_clock::to_time_t(time);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  char text[32];
  const std::size_t size = std::strftime(text, sizeof text, "%Y%m%dT%H%M%SZ", &parts);
  return {text, size};
}

}  // namespace sandbox
