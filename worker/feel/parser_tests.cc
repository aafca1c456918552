// Unary tests, which stand behind `in`, and ranges.
#include "worker/feel/parser.h"

namespace worker::feel {

// A range that stands where an expression is wanted tests the value that is being tested.
parser::node_of parser::as_test(node_of parsed) {
  if (parsed == nullptr || parsed->operation != op::range) return parsed;
  auto& made = make(op::input_range, parsed->offset);
  made.parts = parsed->parts;
  made.start_closed = parsed->start_closed;
  made.end_closed = parsed->end_closed;
  return &made;
}

parser::node_of parser::in(node_of left, std::size_t start) {
  if (!skip()) return nullptr;
  const auto before = text_.at();
  node_of test = nullptr;
  if (text_.take("(")) {
    std::vector<node_of> tests;
    do {
      const auto* each = positive_test();
      if (each == nullptr) break;
      tests.push_back(each);
    } while (token(","));
    if (!tests.empty() && token(")")) test = chain(op::any_test, std::move(tests), {}, before);
  }
  if (test == nullptr) {
    if (stopped()) return nullptr;
    text_.go_to(before);
    test = positive_test();
  }
  if (test == nullptr) return nullptr;
  auto& made = make(op::in, start);
  made.parts = {left, test};
  return &made;
}

parser::node_of parser::positive_test() {
  if (!skip()) return nullptr;
  const auto start = text_.at();
  for (const bool truth : {true, false}) {
    if (!text_.take(truth ? "true" : "false")) continue;
    if (!skip()) return nullptr;
    if (text_.at_end()) {
      auto& made = make(op::input_compare, start);
      made.comparison = relation::equal;
      made.parts = {constant(value(truth), start)};
      return &made;
    }
    text_.go_to(start);
  }
  const char sign = text_.next();
  if (sign == '<' || sign == '>' || sign == ']') return simple_test();
  node_of first = nullptr;
  if (sign == '(' || sign == '[') {
    first = value_with_postfix();
    if (first == nullptr) return nullptr;
    if (first->operation == op::range) return as_test(first);
  }
  const auto* parsed = as_test(expression_or_range(first));
  if (parsed == nullptr) return nullptr;
  auto& made = make(op::unary_test, start);
  made.parts = {parsed};
  return &made;
}

// `< 5` and the like, and ranges that begin with ]; those with other brackets are values at first.
parser::node_of parser::simple_test() {
  const auto start = text_.at();
  constexpr std::pair<std::string_view, relation> signs[] = {{"<=", relation::less_equal},
                                                             {">=", relation::greater_equal},
                                                             {"<", relation::less},
                                                             {">", relation::greater}};
  for (const auto& [sign, meaning] : signs) {
    if (!text_.take(sign)) continue;
    const auto* end = sum();
    if (end == nullptr || end->operation == op::range) return nullptr;
    auto& made = make(op::input_compare, start);
    made.comparison = meaning;
    made.parts = {end};
    return &made;
  }
  if (!text_.take("]")) return nullptr;
  const auto* low = sum();
  if (low == nullptr || low->operation == op::range || !expect("..")) return nullptr;
  return as_test(range_from(low, false, start));
}

// Goes on behind `..`.
parser::node_of parser::range_from(node_of start, bool closed, std::size_t offset) {
  const auto* end = sum();
  if (end == nullptr || end->operation == op::range || !skip()) return nullptr;
  const char bracket = text_.next();
  if (bracket != ')' && bracket != '[' && bracket != ']') {
    wanted("the end of the range");
    return nullptr;
  }
  text_.go_to(text_.at() + 1);
  auto& made = make(op::range, offset);
  made.parts = {start, end};
  made.start_closed = closed;
  made.end_closed = bracket == ']';
  return &made;
}

}  // namespace worker::feel
