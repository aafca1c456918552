#include "connector/http/keep_alive.h"

#include <cstdint>
#include <string_view>

#include "connector/base/number.h"

namespace connector::http {

std::optional<std::chrono::seconds> announced_keep_alive(const headers& all) {
  constexpr std::string_view parameter = "timeout=";
  auto text = find_header(all, "Keep-Alive").value_or(std::string_view());
  const std::size_t at = text.find(parameter);
  if (at == std::string_view::npos) return std::nullopt;
  text.remove_prefix(at + parameter.size());
  const auto seconds = take_integer<std::uint32_t>(text, UINT32_MAX);
  if (!seconds) return std::nullopt;
  return std::chrono::seconds(*seconds);
}

}  // namespace connector::http
