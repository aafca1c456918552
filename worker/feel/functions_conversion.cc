// Built-in functions of the family "conversion": text, numbers and JSON.
#include <string>
#include <utility>

#include "worker/feel/function_table.h"
#include "worker/feel/json.h"
#include "worker/feel/json_slices.h"
#include "worker/feel/long_numbers.h"
#include "worker/feel/text_of.h"

namespace worker::feel {

namespace {

value string(call& of) {
  if (of[0].is_null() || of.is(0, kind::string)) return of[0];
  return value(text_of(of[0], of));
}

value parsed(call& of, std::string_view text) {
  const auto number = feel::number::parse(text);
  // With all of its digits, when it has many.
  if (number && text.find_first_of("eE+") == text.npos) {
    if (auto exact = long_number(text)) return std::move(*exact);
  }
  return number ? value(*number) : of.null_because("the text is no number");
}

// Without the grouping separator, and with a point for the decimal one; '\0': no such separator.
std::string plain_number(call& of, std::string_view text, char group, char point) {
  std::string out;
  if (!of.grow(out, text.size())) return out;
  for (const char each : text) {
    if (each == '\0' || each != group) out += each != '\0' && each == point ? '.' : each;
  }
  return out;
}

// The separator at `argument`, '\0' when it is none of these.
char separator(const call& of, std::size_t argument, std::string_view allowed) {
  if (!of.is(argument, kind::string)) return '\0';
  const auto text = of[argument].as_string();
  return text.size() == 1 && allowed.find(text[0]) != allowed.npos ? text[0] : '\0';
}

constexpr std::string_view grouping = " ,.";
constexpr std::string_view decimal = ",.";

value number_of_text(call& of) {
  if (!of.is(0, kind::string)) return of.no_match();
  return parsed(of, of[0].as_string());
}

value number_grouped(call& of) {
  if (!of.is(0, kind::string)) return of.no_match();
  const char group = separator(of, 1, grouping);
  if (group == '\0') return of.null_because("the grouping separator is none of ' ', ',' and '.'");
  return parsed(of, plain_number(of, of[0].as_string(), group, '\0'));
}

value number_separated(call& of) {
  if (!of.is(0, kind::string)) return of.no_match();
  const char group = separator(of, 1, grouping);
  const char point = separator(of, 2, decimal);
  const bool no_group = of[1].is_null();
  const bool no_point = of[2].is_null();
  if ((group == '\0' && !no_group) || (point == '\0' && !no_point) || (no_group && no_point) ||
      group == point) {
    return of.null_because("separators are ' ' (grouping only), ',' and '.', and not the same");
  }
  return parsed(of, plain_number(of, of[0].as_string(), group, point));
}

value from_json_text(call& of) {
  if (of[0].is_null()) return {};
  if (!of.is(0, kind::string)) return of.no_match();
  auto text = of[0].as_string();
  // Text after the value does not count, as in FEEL-Scala.
  const auto start = skip_json_blanks(text, 0);
  text = text.substr(start, end_of_value(text, start) - start);
  if (!of.spend_bytes(bytes_of_json(text.size()))) return {};
  auto read = from_json(std::string(text));
  return read ? std::move(*read) : of.null_because("the text is no JSON");
}

value to_json_of(call& of) { return value(json_text_of(of[0], of)); }

constexpr std::array conversion_table{
    function_row{"string", {"from"}, string, "A value as text; null stays null."},
    function_row{"number", {"from"}, number_of_text, "The number that a text is."},
    function_row{"number",
                 {"from", "grouping separator"},
                 number_grouped,
                 "The same, with blanks, commas or points between groups of digits."},
    function_row{"number",
                 {"from", "grouping separator", "decimal separator"},
                 number_separated,
                 "The same, with a comma or a point before the fraction."},
    function_row{"from json", {"json"}, from_json_text, "The value of a JSON text."},
    function_row{"to json", {"value"}, to_json_of, "A value as JSON text."},
};

}  // namespace

std::span<const function_row> conversion_functions() { return conversion_table; }

}  // namespace worker::feel
