// Text to a number. The decimal library's own reader is not used: it takes blanks, "inf" and "nan".
#include <algorithm>

#include "connector/base/ascii.h"
#include "connector/base/number.h"
#include "worker/feel/decimal_bits.h"

namespace worker::feel {

namespace {

constexpr std::int64_t far = 1'000'000'000;  // an exponent beyond all that a decimal128 holds

// Digits at the front are taken off `text`.
std::string_view take_digits(std::string_view& text) {
  const auto end = std::find_if_not(text.begin(), text.end(), connector::ascii::is_digit);
  const auto digits = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  text.remove_prefix(digits.size());
  return digits;
}

// The exponent behind an E; nothing when there is something else.
std::optional<std::int64_t> exponent_in(std::string_view text) {
  if (text.empty()) return 0;
  if (text[0] != 'e' && text[0] != 'E') return std::nullopt;
  text.remove_prefix(1);
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || !std::all_of(text.begin(), text.end(), connector::ascii::is_digit))
    return std::nullopt;
  const auto size = connector::integer_up_to<std::uint64_t>(text, far).value_or(far);
  return negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
}

// Digits added up, 34 significant ones at most; what is beyond them is only looked at for rounding.
struct accumulated {
  decimal::wide coefficient = 0;
  int significant = 0;
  std::int64_t dropped = 0;  // digits beyond, before the point or after it
  int next = 0;              // the first of them
  bool rest = false;         // whether one behind it is not zero

  void add(std::string_view digits) {
    for (const char c : digits) {
      const int digit = c - '0';
      if (significant == decimal::digits) {
        if (dropped == 0) next = digit;
        if (dropped > 0 && digit != 0) rest = true;
        ++dropped;
        continue;
      }
      coefficient = decimal::wide{10} * coefficient + static_cast<unsigned>(digit);
      if (coefficient != 0) ++significant;
    }
  }

  bool rounds_up() const {
    if (next != 5) return next > 5;
    return rest || coefficient % 2 == 1;
  }
};

}  // namespace

std::optional<number> number::parse(std::string_view text) {
  const bool negative = text.starts_with('-');
  if (negative || text.starts_with('+')) text.remove_prefix(1);
  const auto before = take_digits(text);
  std::string_view after;
  if (text.starts_with('.')) {
    text.remove_prefix(1);
    after = take_digits(text);
  }
  if (before.empty() && after.empty()) return std::nullopt;
  auto exponent = exponent_in(text);
  if (!exponent) return std::nullopt;
  accumulated sum;
  sum.add(before);
  sum.add(after);
  *exponent += sum.dropped - static_cast<std::int64_t>(after.size());
  if (sum.dropped > 0 && sum.rounds_up()) {
    ++sum.coefficient;
    if (sum.coefficient == decimal::power_of_ten(decimal::digits)) {
      sum.coefficient /= 10;
      ++*exponent;
    }
  }
  return decimal_bits::make(negative, sum.coefficient, *exponent);
}

}  // namespace worker::feel
