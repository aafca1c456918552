// Regular expressions in FEEL: any pattern is refused, or finds places in the text, in their order;
// what is replaced by itself stays as it is.
#include "connector/base/utf8.h"
#include "tests/fuzz/target.h"
#include "worker/feel/regular_expression.h"

namespace fuzz {

namespace {

namespace feel = worker::feel;

// The first line is the pattern, the second its flags, the rest the text that is searched.
std::string run_feel_pattern(std::string_view input) {
  const auto first = input.find('\n');
  const std::string_view pattern = input.substr(0, first);
  const std::string_view rest =
      first == std::string_view::npos ? std::string_view() : input.substr(first + 1);
  const auto second = rest.find('\n');
  const std::string_view text =
      second == std::string_view::npos ? std::string_view() : rest.substr(second + 1);
  const auto compiled =
      feel::regular_expression::compile(pattern, feel::flags_of(rest.substr(0, second)));
  if (!compiled) return {};
  feel::match_bounds bounds;
  bounds.steps = 5'000;
  bounds.bytes = 100'000;
  std::string wrong;
  std::size_t end = 0;
  const auto how = compiled->each_match(text, bounds, [&](feel::regular_expression::places found) {
    const auto all = found.front();
    if (!all) wrong = "a match without a place";
    if (all && (all->begin > all->end || all->begin < end || all->end > text.size())) {
      wrong = "matches that overlap, or lie outside";
    }
    if (all) end = all->end;
    return wrong.empty();
  });
  if (!wrong.empty()) return wrong;
  const auto same = compiled->replace_all(text, "$0", bounds);
  if (how != feel::regular_expression::ending::done || !same.text) return {};
  return *same.text == text ? "" : "what is replaced by itself has changed";
}

}  // namespace

target feel_pattern() {
  return {"FeelPattern",
          run_feel_pattern,
          {"(ab)|(a)\n\nabcd", "[a-z&&[^b]]+\ni\nABC", "(?<n>x)\\k<n>(?i)y\n\nxxY",
           "\\p{Lu}\\Q.*\\E{1,3}?\n\nA.*", "^$\\b(?=a)(?<!b)\nm\n\r\n", "a b # c\nx\nab",
           "(?U)\\w+(?d)$\n\n\xc3\xa4\n", "\\uD83D\\uDE00|\\x{1F600}\n\n\xf0\x9f\x98\x80",
           "(a*)*\n\naab", "(?<=a{1,2})b\n\naab", "[[[[a]&&\\D]^b]-]\n\n-"},
          {"(",     ")",      "[",   "]",   "{",    "}",     "{2}",    "*",
           "+",     "?",      "|",   "^",   "$",    "\\",    "\\1",    "\\Q",
           "\\E",   "&&",     "(?:", "(?=", "(?<!", "(?<n>", "\\k<n>", "(?i)",
           "(?-i:", "\\p{L}", "\\R", "\\b", "\\G",  "\n",    "#",      "\xf0\x9f\x98\x80"}};
}

}  // namespace fuzz
