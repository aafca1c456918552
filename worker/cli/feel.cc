// The command `feel`: one expression by hand, on variables from a file.
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>
#include <string_view>

#include "worker/cli/actions.h"
#include "worker/feel/expression.h"
#include "worker/feel/function_page.h"
#include "worker/feel/json.h"

namespace worker::cli {

namespace {

// The line of the place, and a caret below it.
void show_place(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto before = offset == 0 ? text.npos : text.rfind('\n', offset - 1);
  const auto start = before == text.npos ? 0 : before + 1;
  const auto line = text.substr(start, text.find('\n', start) - start);
  // Bytes behind the first of a character take no room of their own.
  const auto column = static_cast<std::size_t>(
      std::count_if(line.begin(), line.begin() + static_cast<std::ptrdiff_t>(offset - start),
                    [](char each) { return (static_cast<unsigned char>(each) & 0xc0) != 0x80; }));
  fmt::print(stderr, "  {}\n  {}^\n", line, std::string(column, ' '));
}

}  // namespace

int evaluate_by_hand(const feel_arguments& arguments) {
  if (arguments.functions) {
    fmt::print("{}", feel::function_page());
    return exit_fine;
  }
  feel::scope variables;
  if (!arguments.context.empty()) {
    const auto text = payload_text(arguments.context == "-" ? "-" : "@" + arguments.context);
    if (text.has_error()) {
      fmt::print(stderr, "{}\n", text.error().message);
      return exit_failed;
    }
    auto read = feel::from_json(*text);
    if (!read || !read->is(feel::kind::context)) {
      fmt::print(stderr, "The variables of --context are no JSON object.\n");
      return exit_failed;
    }
    variables.add(std::move(*read));
  }
  const auto parsed = feel::expression::parse(arguments.expression);
  if (!parsed) {
    fmt::print(stderr, "This is no expression: {}.\n", parsed.error().message);
    show_place(arguments.expression, parsed.error().offset);
    return exit_failed;
  }
  const auto result = parsed->evaluate(variables, feel::present());
  for (const auto& warning : result.warnings) {
    fmt::print(stderr, "warning: {}\n", warning.message);
    show_place(arguments.expression, warning.offset);
  }
  if (!result.outcome) {
    fmt::print(stderr, "The evaluation failed: {}.\n", result.outcome.error().message);
    show_place(arguments.expression, result.outcome.error().offset);
    return exit_failed;
  }
  fmt::print("{}\n", feel::to_json(*result.outcome));
  fmt::print(stderr, "type: {}\n", feel::name_of(result.outcome->type()));
  return exit_fine;
}

}  // namespace worker::cli
