#include "connector/call_limits.h"

#include <fmt/format.h>

#include <utility>

namespace connector {

std::string text_of(const call_bounds& bounds) {
  std::string out;
  const auto add = [&out](const std::string& text) { out += (out.empty() ? "" : ", ") + text; };
  if (bounds.paused) add("paused");
  if (bounds.at_once) {
    add(fmt::format("{} call{} at once", *bounds.at_once, *bounds.at_once == 1 ? "" : "s"));
  }
  if (bounds.per_second) add(fmt::format("{} a second", *bounds.per_second));
  return out;
}

std::variant<call_limit, std::string> call_limit::make(const std::string& pattern,
                                                       call_bounds bounds) {
  const bool hosts = pattern.starts_with("https://") || pattern.starts_with("http://");
  auto made = allow_list::make(hosts ? allow_list::about::hosts : allow_list::about::functions, {},
                               {pattern});
  if (auto* wrong = std::get_if<std::string>(&made)) return std::move(*wrong);
  return call_limit(std::get<allow_list>(std::move(made)), hosts, bounds);
}

bool call_limit::fits(const limited_target& target) const {
  if (const auto* host = std::get_if<guarded_host>(&target)) return hosts_ && list_.allows(*host);
  return !hosts_ && list_.may_mean(std::get<guarded_function>(target));
}

std::optional<limited_target> call_limit::exact_target() const {
  if (hosts_) {
    auto hosts = list_.exact_hosts();
    return hosts.empty() ? std::nullopt : std::optional<limited_target>(std::move(hosts.front()));
  }
  if (pattern().find_first_of("*:") != std::string::npos) return std::nullopt;
  guarded_function named;
  named.name = pattern();
  return named;
}

std::string counted_as(const limited_target& target) {
  if (const auto* host = std::get_if<guarded_host>(&target)) {
    return fmt::format("{}:{}", host->host, host->port);
  }
  const auto& function = std::get<guarded_function>(target);
  return fmt::format("{}/{}", function.region, function.name);
}

}  // namespace connector
