// An expression's answer as JSON text, for tables of tests. Failures are "error", parse errors
// "no expression".
#pragma once

#include <string>
#include <string_view>

#include "worker/feel/expression.h"
#include "worker/feel/json.h"

namespace worker::feel {

// 2024-03-15T09:30:00Z, in Berlin.
inline environment at_a_fixed_moment() {
  environment out;
  out.now = std::chrono::sys_days(std::chrono::year(2024) / 3 / 15) + std::chrono::hours(9) +
            std::chrono::minutes(30);
  out.zone = "Europe/Berlin";
  return out;
}

inline std::string evaluated(std::string_view text, std::string variables = "{}",
                             const environment& surroundings = at_a_fixed_moment()) {
  const auto parsed = expression::parse(text);
  if (!parsed) return "no expression";
  scope names;
  names.add(from_json(std::move(variables)).value_or(value()));
  const auto result = parsed->evaluate(names, surroundings);
  return result.outcome ? to_json(*result.outcome) : "error";
}

}  // namespace worker::feel
