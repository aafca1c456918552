#include "connector/http/message.h"

namespace connector::http {

std::string host_header(const destination& to) {
  const bool literal_v6 = to.host.find(':') != std::string::npos;
  std::string value = literal_v6 ? '[' + to.host + ']' : to.host;
  if (to.port != (to.tls ? 443 : 80)) value += ':' + std::to_string(to.port);
  return value;
}

std::optional<std::string_view> find_header(const headers& all, std::string_view name) {
  for (const auto& [key, value] : all) {
    if (same_name(key, name)) return value;
  }
  return std::nullopt;
}

}  // namespace connector::http
