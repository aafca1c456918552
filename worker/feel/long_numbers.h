// Numbers that were written with more than 34 digits. As in FEEL-Scala they keep all of them, and
// what is computed with one on the left side has as many. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "worker/feel/value.h"

namespace worker::feel {

inline constexpr std::size_t max_long_digits = 200;

// A number with all of its digits; nothing when 34 are enough, or there are more than 200.
std::optional<value> long_number(std::string_view digits);

// left sign right, when one of the two is such a number; nothing when none is.
std::optional<value> long_result(const value& left, char sign, const value& right);
std::optional<value> long_negation(const value& of);

// As java.math.BigDecimal writes it, whatever its length.
std::string number_text(const value& of);

}  // namespace worker::feel
