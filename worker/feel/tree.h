// The parsed form of an expression. Chains of operators and of paths are one node each, so the
// depth of a tree is that of the text's nesting. Immutable after parsing; shared by threads.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "worker/feel/function_table.h"
#include "worker/feel/value.h"

namespace worker::feel {

enum class op : std::uint8_t {
  constant,
  input,          // ?
  list,           // parts
  context,        // names are the keys of parts
  range,          // from parts[0] to parts[1], as a value
  input_range,    // whether the tested value lies in it
  input_compare,  // the tested value `comparison` parts[0]
  unary_test,     // parts[0], which may be a value, a list of values or a condition with ?
  any_test,       // one of parts
  sum,            // parts; signs[i] stands before parts[i + 1]
  product,
  power,
  negate,
  compare,
  between,
  instance_of,  // parts[0], name is the type
  in,           // parts[0] is the value, parts[1] the test
  disjunction,
  conjunction,
  conditional,  // condition, then, else
  for_each,     // names are those of the iterators in parts; the last part is the body
  some,
  every,
  steps,      // parts[0]..parts[1], the numbers in between
  variable,   // names[0], and a path from it
  postfix,    // parts[0] and what is applied to it
  call,       // name(parts), or with names when they are given
  path_call,  // names is the path to the context, name the function in it
  lambda,     // names are the parameters, parts[0] the body
};

enum class relation : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };

struct syntax;
struct tree;

// `.path` or `[filter]`.
struct postfix_step {
  std::string path;
  const syntax* filter = nullptr;  // null: a path
  std::uint32_t offset = 0;
};

struct syntax {
  op operation = op::constant;
  relation comparison = relation::equal;
  bool start_closed = true;  // of a range
  bool end_closed = true;
  bool named = false;         // a call with named arguments
  bool uses_partial = false;  // a loop whose body looks at `partial`
  std::uint32_t offset = 0;   // in bytes from the start of the text
  value constant;
  std::string name;
  std::vector<std::string> names;
  std::vector<const syntax*> parts;
  std::string signs;  // + - * /
  std::vector<postfix_step> steps;
  const function_row* builtin = nullptr;  // what a call means unless the expression defines it
  const tree* home = nullptr;
};

struct tree : std::enable_shared_from_this<tree> {
  std::string text;
  std::deque<syntax> nodes;
  const syntax* root = nullptr;
};

}  // namespace worker::feel
