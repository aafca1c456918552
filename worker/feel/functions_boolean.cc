// Built-in functions of the family "boolean".
#include "connector/base/shortened.h"
#include "worker/feel/function_table.h"

namespace worker::feel {

namespace {

value negation(call& of) { return of.is(0, kind::boolean) ? value(!of[0].as_boolean()) : value(); }

value is_defined(call& of) { return value(!of[0].is_null()); }

value get_or_else(call& of) { return of[0].is_null() ? of[1] : of[0]; }

bool holds(const value& condition) { return condition.is(kind::boolean) && condition.as_boolean(); }

value assertion(call& of) {
  return holds(of[1]) ? of[0] : of.fail("assert: the condition is not fulfilled");
}

value assertion_with_cause(call& of) {
  if (holds(of[1])) return of[0];
  constexpr std::size_t most_bytes = 1'000;  // enough for a person; it is copied often
  return of.fail("assert: " + (of.is(2, kind::string)
                                   ? connector::shortened(of[2].as_string(), most_bytes)
                                   : "the condition is not fulfilled"));
}

constexpr std::array boolean_table{
    function_row{"not", {"negand"}, negation, "The opposite of a boolean; null for all else."},
    function_row{"is defined", {"value"}, is_defined, "Whether a value is there and not null."},
    function_row{"get or else",
                 {"value", "default"},
                 get_or_else,
                 "The value, or the default when it is null."},
    function_row{"assert",
                 {"value", "condition"},
                 assertion,
                 "The value when the condition is true; else the evaluation fails."},
    function_row{"assert",
                 {"value", "condition", "cause"},
                 assertion_with_cause,
                 "The same, failing with a text of one's own."},
};

}  // namespace

std::span<const function_row> boolean_functions() { return boolean_table; }

}  // namespace worker::feel
