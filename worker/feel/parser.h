// Reads one expression into a tree. A recursive descent in the order in which FEEL-Scala's grammar
// tries its rules, with bounds on nesting and on work. Used once, by expression::parse.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "worker/feel/expression.h"
#include "worker/feel/lexer.h"
#include "worker/feel/tree.h"

namespace worker::feel {

class parser {
 public:
  explicit parser(tree& into) : tree_(into), text_(into.text) {}

  // False when the text is no expression: why() says what was wrong.
  bool run();
  parse_error why() const;

 private:
  using node_of = const syntax*;  // null: the text does not go on with such a thing

  node_of expression();

  // parser_operators.cc: the levels of operators from the weakest to the strongest. `first` is a
  // value that was read already, with which the operators go on.
  node_of expression_or_range(node_of first = nullptr);
  node_of disjunction(node_of first);
  node_of conjunction(node_of first);
  node_of comparison(node_of first);
  node_of comparison_of(node_of left);
  node_of instance_of(node_of left, std::size_t start);
  node_of sum(node_of first = nullptr);
  node_of product(node_of first);
  // Parts with one of these signs between them.
  node_of signed_chain(op operation, std::string_view may_stand, node_of (parser::*part)(node_of),
                       node_of first);
  node_of power(node_of first);
  node_of negation(node_of first);

  // parser_control.cc: if, for, some, every, functions.
  node_of control();
  node_of conditional();
  node_of loop(op operation, std::string_view keyword, std::string_view before_body);
  node_of iterated();
  node_of lambda();

  // parser_tests.cc: what may stand behind `in`, and ranges.
  node_of in(node_of left, std::size_t start);
  node_of positive_test();
  node_of simple_test();
  node_of range_from(node_of start, bool closed, std::size_t offset);
  node_of as_test(node_of parsed);

  // parser_values.cc: what operators work on.
  node_of value_with_postfix();
  node_of terminal();
  node_of temporal();
  node_of variable();
  node_of literal();
  node_of bracketed();  // ( ) and [ ]: an expression, a list or a range
  node_of context();
  bool context_entry(syntax& into);
  bool path_names(std::vector<std::string>& into);
  std::optional<std::string> property_or_name();

  // parser_calls.cc: calls of functions, and literals that look like one.
  node_of temporal_call(std::string_view name);
  node_of call();
  bool arguments(syntax& into);
  node_of argument();

  // Blanks, then the literal; nothing is taken when it is not there.
  bool token(std::string_view literal);
  bool expect(std::string_view literal);
  bool skip();
  bool enter();  // counts against the bounds
  bool stopped() const { return !hard_.empty(); }
  void stop(std::string why);
  void wanted(std::string_view alternative);

  syntax& make(op operation, std::size_t start);
  node_of constant(value read, std::size_t start);
  node_of chain(op operation, std::vector<node_of> parts, std::string signs, std::size_t start);

  tree& tree_;
  lexer text_;
  std::size_t nesting_ = 0;
  std::size_t attempts_ = 0;     // and names in rows, which no rule counts
  node_of bare_test_ = nullptr;  // read where a value was looked for: no operand of a comparison
  std::size_t partials_ = 0;     // variables named `partial` so far
  std::string hard_;             // why all reading ended
  std::size_t hard_at_ = 0;
  std::size_t furthest_ = 0;  // where the text did not go on as wanted
  std::vector<std::string> wanted_;
};

}  // namespace worker::feel
