// The FEEL expressions of task headers: evaluated over the response of a call, with bounds, because
// they run on the loop's thread. What all kinds of them share; `result_expression.h` and
// `error_expression.h` say what becomes of their values. Pure but for the clock.
#pragma once

#include <boost/system/result.hpp>
#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "worker/feel/byte_bound.h"
#include "worker/feel/environment.h"
#include "worker/feel/expression_cache.h"
#include "worker/feel/scope.h"
#include "worker/feel/value.h"

namespace worker::results {

// All expressions of one job together. No other job of the worker goes on meanwhile.
inline constexpr std::chrono::milliseconds longest_evaluation{100};
// Beyond that, for writing what they give: a large result is not lost on a busy machine.
inline constexpr std::chrono::milliseconds longest_writing{400};
// What the values of one expression may take, freed or not, those that it reads from the response
// too; and what it may give as JSON text.
inline constexpr std::size_t most_built = std::size_t{32} << 20;
inline constexpr std::size_t most_variables = std::size_t{16} << 20;

enum class expression_fault {
  unreadable,   // no FEEL expression: known before the function is called
  failed,       // the evaluation ended without a value, or broke one of its bounds
  wrong_value,  // such an expression may not give this value
};

struct expression_error {
  expression_fault fault = expression_fault::failed;
  // Begins behind the name of the header: "failed at line 1, column 7 (near \"...\"): ...". Quotes
  // the expression and never a value, except in what the function assert() was told to say.
  std::string message;
};

template <class T>
using evaluated = boost::system::result<T, expression_error>;

// What the evaluations for one end of one job share: they see one moment and have one deadline.
struct expression_session {
  feel::expression_cache& parsed;
  feel::environment surroundings;
  // Whether `warnings` are kept: why values became null, one text each ("column 12 (near ...):
  // ...").
  bool wants_warnings = false;
  std::vector<std::string> warnings{};
};

// A session that begins now, with the bounds above.
expression_session begin_session(feel::expression_cache& parsed, bool wants_warnings = false);

// A blank text and a lone `=` count as no expression.
bool is_expression(std::string_view text);

// What is wrong with the text as an expression: `unreadable`, or nothing. Remembered by the cache.
std::optional<expression_error> unreadable(feel::expression_cache& parsed, std::string_view text);

// `text` is an expression. The value may look into JSON text of the scope, which must outlive it.
evaluated<feel::value> evaluate(expression_session& session, std::string_view text,
                                const feel::scope& names);

// A bound for one expression: as long as it lives, all values that are made count, also while what
// the expression gave is looked at.
feel::byte_bound bound_of(const expression_session& session);
// `failed` when it is broken: a value that was looked at then may have less than its text says.
evaluated<void> within_bound();

// `from` with the variables of `with`, which replace those of the same names. `failed` when the
// bound is broken.
evaluated<feel::context> with_variables(feel::context from, const feel::value& with);

// The JSON text of a value as a process variable. `failed` when it is larger than most_variables,
// the bound is broken, or the session is over.
evaluated<std::string> json_of(const expression_session& session, const feel::value& of);

// The names that an expression sees: the fields of the response, `response` itself, and `job` when
// it is not empty. Both are JSON text that outlives the scope; a response that is no object gives
// no fields. `failed` when one of them is no JSON text or is nested too deep.
evaluated<feel::scope> scope_of(std::string_view response, std::string_view job);

}  // namespace worker::results
