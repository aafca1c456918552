#include "worker/config/function_limits.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>
#include <variant>

#include "connector/base/ascii.h"
#include "connector/base/number.h"
#include "worker/config/issue.h"

namespace worker::config {

namespace {

constexpr std::size_t most_limits = 1000;
constexpr std::size_t most_at_once = 10'000;
constexpr double least_per_second = 0.001;
constexpr double most_per_second = 10'000;

// "5", "0.25": at most three digits behind the point.
std::optional<double> rate_of(std::string_view text) {
  const auto point = text.find('.');
  const auto whole = connector::integer_in(text.substr(0, point), 0, 10'000);
  if (!whole) return std::nullopt;
  double rate = static_cast<double>(*whole);
  if (point != std::string_view::npos) {
    std::string digits(text.substr(point + 1));
    if (digits.empty() || digits.size() > 3) return std::nullopt;
    digits.resize(3, '0');
    const auto part = connector::integer_in(digits, 0, 999);
    if (!part) return std::nullopt;
    rate += static_cast<double>(*part) / 1000;
  }
  if (rate < least_per_second || rate > most_per_second) return std::nullopt;
  return rate;
}

// Each bound once. False: the text is no bound.
bool add_bound(std::string_view text, connector::call_bounds& into) {
  text = connector::ascii::trim(text);
  if (text == "paused") return !std::exchange(into.paused, true);
  const auto blank = text.find(' ');
  if (blank == std::string_view::npos) return false;
  const auto name = text.substr(0, blank);
  const auto number = connector::ascii::trim(text.substr(blank));
  if (name == "atOnce" && !into.at_once) {
    into.at_once = connector::integer_in(number, std::size_t{1}, most_at_once);
    return into.at_once.has_value();
  }
  if (name == "perSecond" && !into.per_second) {
    into.per_second = rate_of(number);
    return into.per_second.has_value();
  }
  return false;
}

std::optional<connector::call_bounds> bounds_of(std::string_view text) {
  connector::call_bounds out;
  for (const auto part : connector::ascii::split(text, ',')) {
    if (!add_bound(part, out)) return std::nullopt;
  }
  return out;
}

}  // namespace

std::optional<std::string> read_function_limits(const std::vector<std::string>& items,
                                                connector::call_limits& limits) {
  if (items.size() > most_limits) return fmt::format("at most {} limits", most_limits);
  for (const auto& item : items) {
    const auto equals = item.find('=');
    const std::string pattern(connector::ascii::trim(item.substr(0, equals)));
    const auto bounds = equals == std::string::npos
                            ? std::nullopt
                            : bounds_of(std::string_view(item).substr(equals + 1));
    if (!bounds) {
      return fmt::format(
          "pattern=bounds entries, separated by ; or one to a line, the bounds one or more of "
          "atOnce N (1 to {}), perSecond N ({} to {}) and paused, with commas between, such as "
          "orders-*=atOnce 5, perSecond 10; what is wrong is '{}'",
          most_at_once, least_per_second, most_per_second, shown_name(item));
    }
    auto made = connector::call_limit::make(pattern, *bounds);
    if (auto* wrong = std::get_if<std::string>(&made)) return std::move(*wrong);
    const auto same = [&](const connector::call_limit& each) { return each.pattern() == pattern; };
    if (std::any_of(limits.begin(), limits.end(), same)) {
      return fmt::format("each pattern once; '{}' stands twice", shown_name(pattern));
    }
    limits.push_back(std::get<connector::call_limit>(std::move(made)));
  }
  return std::nullopt;
}

std::vector<std::string> covered_limits(const connector::call_limits& limits) {
  std::vector<std::string> said;
  for (auto each = limits.begin(); each != limits.end(); ++each) {
    const auto target = each->exact_target();
    if (!target) continue;
    const auto before =
        std::find_if(limits.begin(), each, [&](const auto& other) { return other.fits(*target); });
    if (before == each) continue;
    said.push_back(fmt::format(
        "limits.functions: '{}' never counts, because '{}' stands before it and fits the same "
        "calls: the first that fits counts.",
        shown_name(each->pattern()), shown_name(before->pattern())));
  }
  return said;
}

}  // namespace worker::config
