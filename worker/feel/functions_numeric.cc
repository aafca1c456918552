// Built-in functions of the family "numeric".
#include <algorithm>
#include <array>
#include <cmath>
#include <utility>

#include "worker/feel/duration.h"
#include "worker/feel/function_table.h"
#include "worker/feel/text.h"
#include "worker/feel/unique_id.h"

namespace worker::feel {

namespace {

value rounded_to(const call& of, std::int32_t scale, rounding mode) {
  constexpr std::int32_t most = 1'000'000;
  if (scale > most || scale < -most) {
    return of.null_because("no number has a scale of " + std::to_string(scale));
  }
  return of[0].as_number().rounded(scale, mode);
}

template <rounding Mode>
value round_to_scale(call& of) {
  return of.are_numbers(2) ? rounded_to(of, of[1].as_number().to_int32(), Mode) : of.no_match();
}

template <rounding Mode>
value round_to_whole(call& of) {
  return of.are_numbers(1) ? rounded_to(of, 0, Mode) : of.no_match();
}

value decimal_with_mode(call& of) {
  static constexpr std::array<std::pair<std::string_view, rounding>, 7> modes{{
      {"HALF_EVEN", rounding::half_even},
      {"HALF_UP", rounding::half_up},
      {"HALF_DOWN", rounding::half_down},
      {"UP", rounding::up},
      {"DOWN", rounding::down},
      {"FLOOR", rounding::floor},
      {"CEILING", rounding::ceiling},
  }};
  if (!of.are_numbers(2) || !of.is(2, kind::string)) return of.no_match();
  const std::string name = upper_case(of[2].as_string());
  const std::int32_t scale = of[1].as_number().to_int32();
  if (name == "UNNECESSARY") {
    const value cut = rounded_to(of, scale, rounding::down);
    const bool exact = cut.is(kind::number) && cut.as_number() == of[0].as_number();
    return exact ? cut : of.null_because("rounding is necessary");
  }
  const auto* const found = std::find_if(modes.begin(), modes.end(),
                                         [&name](const auto& one) { return one.first == name; });
  if (found == modes.end()) {
    return of.null_because("the third argument is no rounding mode");
  }
  return rounded_to(of, scale, found->second);
}

value absolute_value(call& of) {
  if (of.is(0, kind::number)) return of[0].as_number().absolute();
  if (of.is(0, kind::days_time_duration)) {
    const auto much = absolute(of[0].as_days_time_duration());
    return much ? value(*much) : of.fail("abs: the duration is too long");
  }
  if (of.is(0, kind::years_months_duration)) {
    const auto much = absolute(of[0].as_years_months_duration());
    return much ? value(*much) : of.fail("abs: the duration is too long");
  }
  return of.no_match();
}

value modulo(call& of) {
  if (!of.are_numbers(2)) return of.no_match();
  const number& divisor = of[1].as_number();
  const auto once = remainder(of[0].as_number(), divisor);
  const auto twice = once ? remainder(*once + divisor, divisor) : std::nullopt;
  if (!twice) return of.fail("modulo: the numbers cannot be divided");
  return *twice;
}

value of_double(call& of, double result) {
  const auto exact = number::from_double(result);
  return exact ? value(*exact) : of.fail("the result is no number");
}

value square_root(call& of) {
  if (!of.are_numbers(1)) return of.no_match();
  if (of[0].as_number().is_negative()) return {};
  return of_double(of, std::sqrt(of[0].as_number().to_double()));
}

value logarithm(call& of) {
  return of.are_numbers(1) ? of_double(of, std::log(of[0].as_number().to_double())) : of.no_match();
}

value exponential(call& of) {
  return of.are_numbers(1) ? of_double(of, std::exp(of[0].as_number().to_double())) : of.no_match();
}

value is_odd(call& of) {
  if (!of.are_numbers(1)) return of.no_match();
  const auto rest = remainder(of[0].as_number().absolute(), number(2));
  return rest ? value(*rest == number(1)) : of.fail("odd: the number is too large");
}

value is_even(call& of) {
  if (!of.are_numbers(1)) return of.no_match();
  const auto rest = remainder(of[0].as_number(), number(2));
  return rest ? value(rest->is_zero()) : of.fail("even: the number is too large");
}

value random_number(call& of) { return of_double(of, random_fraction(of.surroundings())); }

constexpr std::array numeric_table{
    function_row{"decimal",
                 {"n", "scale"},
                 round_to_scale<rounding::half_even>,
                 "Rounded to a scale; from the middle to the even neighbour."},
    function_row{"decimal",
                 {"n", "scale", "mode"},
                 decimal_with_mode,
                 "Rounded by a mode: up, down, floor, ceiling, half_up, half_down, half_even."},
    function_row{"floor", {"n"}, round_to_whole<rounding::floor>, "The next whole number below."},
    // FEEL-Scala spells the parameter like this.
    function_row{"floor", {"n", "scala"}, round_to_scale<rounding::floor>, "The same at a scale."},
    function_row{
        "ceiling", {"n"}, round_to_whole<rounding::ceiling>, "The next whole number above."},
    function_row{
        "ceiling", {"n", "scale"}, round_to_scale<rounding::ceiling>, "The same at a scale."},
    function_row{"round up", {"n", "scale"}, round_to_scale<rounding::up>, "Away from zero."},
    function_row{"round down", {"n", "scale"}, round_to_scale<rounding::down>, "Towards zero."},
    function_row{"round half up",
                 {"n", "scale"},
                 round_to_scale<rounding::half_up>,
                 "To the nearest; from the middle away from zero."},
    function_row{"round half down",
                 {"n", "scala"},
                 round_to_scale<rounding::half_down>,
                 "To the nearest; from the middle towards zero."},
    function_row{"abs", {"number"}, absolute_value, "Without its sign; of durations as well."},
    function_row{"abs", {"n"}, absolute_value, "The same."},
    function_row{"modulo",
                 {"dividend", "divisor"},
                 modulo,
                 "What a whole division leaves; it has the sign of the divisor."},
    function_row{"sqrt", {"number"}, square_root, "The square root; null of a negative number."},
    function_row{"log", {"number"}, logarithm, "The natural logarithm."},
    function_row{"exp", {"number"}, exponential, "The number e to this power."},
    function_row{"odd", {"number"}, is_odd, "Whether the number is odd."},
    function_row{"even", {"number"}, is_even, "Whether the number is even."},
    function_row{"random number", {}, random_number, "A number from 0 to below 1."},
};

}  // namespace

std::span<const function_row> numeric_functions() { return numeric_table; }

}  // namespace worker::feel
