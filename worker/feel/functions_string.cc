// Built-in functions of the family "string".
#include <algorithm>

#include "connector/base/base64.h"
#include "connector/base/utf8.h"
#include "worker/feel/environment.h"
#include "worker/feel/function_table.h"
#include "worker/feel/regular_expression.h"
#include "worker/feel/text.h"
#include "worker/feel/unique_id.h"

namespace worker::feel {

namespace {

bool strings(const call& of, std::size_t count) {
  for (std::size_t at = 0; at < count; ++at) {
    if (!of.is(at, kind::string)) return false;
  }
  return true;
}

// Where a text of that length begins when it is cut at a position that counts from 1, or from the
// end when it is below it. May lie outside.
std::int32_t begin_of_cut(std::int32_t length, std::int32_t position) {
  return position > 0 ? position - 1 : length + position;
}

value cut(call& of, std::int32_t begin, std::int32_t end, std::int32_t length) {
  if (begin < 0 || begin > end || end > length) {
    return of.fail("substring: there is nothing from position " + std::to_string(begin + 1) +
                   " to " + std::to_string(end) + " of a text of " + std::to_string(length));
  }
  const auto units = static_cast<std::size_t>(end - begin);
  // At most three bytes each, and no more than there are.
  if (!of.spend_bytes(std::min(3 * units, of[0].as_string().size()))) return {};
  return utf16_substring(of[0].as_string(), static_cast<std::size_t>(begin),
                         static_cast<std::size_t>(end));
}

value substring(call& of) {
  if (!of.is(0, kind::string) || !of.is(1, kind::number)) return of.no_match();
  const auto length = static_cast<std::int32_t>(utf16_length(of[0].as_string()));
  return cut(of, begin_of_cut(length, of[1].as_number().to_int32()), length, length);
}

value substring_of_length(call& of) {
  if (!of.is(0, kind::string) || !of.is(1, kind::number) || !of.is(2, kind::number)) {
    return of.no_match();
  }
  const auto length = static_cast<std::int32_t>(utf16_length(of[0].as_string()));
  const std::int32_t begin = begin_of_cut(length, of[1].as_number().to_int32());
  const std::int64_t end = std::int64_t{begin} + of[2].as_number().to_int32();
  // FEEL-Scala adds in 32 bits, and fails where that turns over.
  if (end > INT32_MAX) return cut(of, begin, -1, length);
  return cut(of, begin, static_cast<std::int32_t>(std::min<std::int64_t>(end, length)), length);
}

value string_length(call& of) {
  if (!strings(of, 1)) return of.no_match();
  return number(static_cast<std::int64_t>(utf16_length(of[0].as_string())));
}

// Room for a text in other letters, of which some have more bytes: three for one at most.
bool may_change_case(call& of) {
  const auto text = of[0].as_string();
  const bool ascii = std::all_of(text.begin(), text.end(),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x80; });
  return of.spend_bytes(ascii ? text.size() : 3 * text.size());
}

value to_upper_case(call& of) {
  if (!strings(of, 1)) return of.no_match();
  return may_change_case(of) ? value(upper_case(of[0].as_string())) : value();
}

value to_lower_case(call& of) {
  if (!strings(of, 1)) return of.no_match();
  return may_change_case(of) ? value(lower_case(of[0].as_string())) : value();
}

value substring_before(call& of) {
  if (!strings(of, 2)) return of.no_match();
  const auto text = of[0].as_string();
  const auto at = find_in(text, of[1].as_string());
  return of.string(at == std::string_view::npos ? "" : text.substr(0, at));
}

value substring_after(call& of) {
  if (!strings(of, 2)) return of.no_match();
  const auto text = of[0].as_string();
  const auto sought = of[1].as_string();
  const auto at = find_in(text, sought);
  return of.string(at == std::string_view::npos ? "" : text.substr(at + sought.size()));
}

value contains(call& of) {
  if (!strings(of, 2)) return of.no_match();
  return value(find_in(of[0].as_string(), of[1].as_string()) != std::string_view::npos);
}

value starts_with(call& of) {
  return strings(of, 2) ? value(of[0].as_string().starts_with(of[1].as_string())) : of.no_match();
}

value ends_with(call& of) {
  return strings(of, 2) ? value(of[0].as_string().ends_with(of[1].as_string())) : of.no_match();
}

match_bounds bounds_of(const call& of) {
  const limits& all = of.surroundings().limits;
  // A text that grows takes room for twice its size.
  return {all.match_steps, of.bytes_left() / 2, all.until};
}

value refused_pattern(const call& of) {
  return of.null_because("the pattern is no regular expression that is known here");
}

value match_limit(call& of) {
  return of.fail("the search of a regular expression takes too many steps, or too long");
}

value matches_with(call& of, pattern_flags flags) {
  const auto pattern = regular_expression::cached(of[1].as_string(), flags);
  if (!pattern) return refused_pattern(of);
  const auto found = pattern->finds(of[0].as_string(), bounds_of(of));
  return found ? value(*found) : match_limit(of);
}

value matches(call& of) { return strings(of, 2) ? matches_with(of, {}) : of.no_match(); }

value matches_flags(call& of) {
  return strings(of, 3) ? matches_with(of, flags_of(of[2].as_string())) : of.no_match();
}

value replace_with(call& of, pattern_flags flags) {
  const auto pattern = regular_expression::cached(of[1].as_string(), flags);
  if (!pattern) return refused_pattern(of);
  auto result = pattern->replace_all(of[0].as_string(), of[2].as_string(), bounds_of(of));
  if (result.how == regular_expression::ending::limit_reached) return match_limit(of);
  if (result.how == regular_expression::ending::too_long) {
    of.spend_bytes(of.bytes_left() + 1);  // which ends the evaluation
    return {};
  }
  if (!result.text) {
    return of.null_because("the third argument is no replacement for a match of this pattern");
  }
  if (!of.spend_bytes(result.text->capacity())) return {};
  return value(std::move(*result.text));
}

value replace(call& of) { return strings(of, 3) ? replace_with(of, {}) : of.no_match(); }

value replace_flags(call& of) {
  return strings(of, 4) ? replace_with(of, flags_of(of[3].as_string())) : of.no_match();
}

// Adds a piece of a text to a list; false when a limit is reached.
bool add_piece(call& of, std::vector<value>& pieces, std::string_view piece) {
  if (!of.spend(1) || !of.grow(pieces, 1)) return false;
  pieces.push_back(of.string(piece));
  return !of.stopped();
}

value split(call& of) {
  if (!strings(of, 2)) return of.no_match();
  const auto pattern = regular_expression::cached(of[1].as_string());
  if (!pattern) return refused_pattern(of);
  const auto text = of[0].as_string();
  std::vector<value> pieces;
  std::size_t from = 0;
  const auto how = pattern->each_match(text, bounds_of(of), [&](regular_expression::places found) {
    const auto where = *found.front();
    // Nothing found in front of the text parts nothing from it.
    if (where.end == 0) return true;
    const auto piece = text.substr(from, where.begin - from);
    from = where.end;
    return add_piece(of, pieces, piece);
  });
  if (how == regular_expression::ending::limit_reached) return match_limit(of);
  if (of.stopped() || !add_piece(of, pieces, text.substr(from))) return {};
  return of.list(std::move(pieces));
}

value extract(call& of) {
  if (!strings(of, 2)) return of.no_match();
  const auto pattern = regular_expression::cached(of[1].as_string());
  if (!pattern) return refused_pattern(of);
  const auto text = of[0].as_string();
  std::vector<value> pieces;
  const auto how = pattern->each_match(text, bounds_of(of), [&](regular_expression::places found) {
    const auto where = *found.front();
    return add_piece(of, pieces, text.substr(where.begin, where.end - where.begin));
  });
  if (how == regular_expression::ending::limit_reached) return match_limit(of);
  return of.list(std::move(pieces));
}

value trim(call& of) {
  return strings(of, 1) ? of.string(trimmed(of[0].as_string())) : of.no_match();
}

value blank(call& of) {
  return strings(of, 1) ? value(is_blank(of[0].as_string())) : of.no_match();
}

value uuid(call& of) { return of.string(unique_id(of.surroundings())); }

value to_base64(call& of) {
  if (!strings(of, 1)) return of.no_match();
  const auto text = of[0].as_string();
  return of.spend_bytes((text.size() + 2) / 3 * 4) ? value(connector::base64_encode(text))
                                                   : value();
}

value from_base64(call& of) {
  if (!strings(of, 1)) return of.no_match();
  // The text, and the bytes that it is.
  if (!of.spend_bytes(2 * of[0].as_string().size())) return {};
  std::string text(of[0].as_string());
  // Java's decoder takes it without padding too.
  if (!text.ends_with('=')) text.append((4 - text.size() % 4) % 4, '=');
  const auto bytes = connector::base64_decode(text);
  if (!bytes) return of.null_because("this is no base64");
  if (connector::is_utf8(*bytes)) return value(std::move(*bytes));
  // Each byte that is no UTF-8 becomes three.
  return of.spend_bytes(3 * bytes->size()) ? value(connector::repaired_utf8(*bytes)) : value();
}

constexpr std::array string_table{
    function_row{
        "substring",
        {"string", "start position"},
        substring,
        "What follows from a position, which counts from 1, or from the end when it is negative."},
    function_row{"substring",
                 {"string", "start position", "length"},
                 substring_of_length,
                 "The same, up to a length."},
    function_row{"string length", {"string"}, string_length, "The number of UTF-16 units."},
    function_row{"upper case", {"string"}, to_upper_case, "In capital letters."},
    function_row{"lower case", {"string"}, to_lower_case, "In small letters."},
    function_row{"substring before",
                 {"string", "match"},
                 substring_before,
                 "What comes before the first place of the match; empty without one."},
    function_row{"substring after",
                 {"string", "match"},
                 substring_after,
                 "What comes behind the first place of the match; empty without one."},
    function_row{"replace",
                 {"input", "pattern", "replacement"},
                 replace,
                 "With each match of a regular expression replaced; $1 is what a group found."},
    function_row{"replace",
                 {"input", "pattern", "replacement", "flags"},
                 replace_flags,
                 "The same with flags: i, m, s, x."},
    function_row{"contains", {"string", "match"}, contains, "Whether the match is in the string."},
    function_row{"starts with",
                 {"string", "match"},
                 starts_with,
                 "Whether the string begins with the match."},
    function_row{
        "ends with", {"string", "match"}, ends_with, "Whether the string ends with the match."},
    function_row{"matches",
                 {"input", "pattern"},
                 matches,
                 "Whether a regular expression is found anywhere in the input."},
    function_row{"matches",
                 {"input", "pattern", "flags"},
                 matches_flags,
                 "The same with flags: i, m, s, x."},
    function_row{"split",
                 {"string", "delimiter"},
                 split,
                 "The pieces between the matches of a regular expression."},
    function_row{"extract", {"input", "pattern"}, extract, "All matches of a regular expression."},
    function_row{"trim", {"string"}, trim, "Without blanks at both ends."},
    function_row{"is blank", {"string"}, blank, "Whether there is nothing but white space."},
    function_row{"uuid", {}, uuid, "A new UUID of version 7."},
    function_row{"to base64", {"value"}, to_base64, "The UTF-8 of a string in base64."},
    function_row{"from base64", {"value"}, from_base64, "The string whose UTF-8 this base64 is."},
};

}  // namespace

std::span<const function_row> string_functions() { return string_table; }

}  // namespace worker::feel
