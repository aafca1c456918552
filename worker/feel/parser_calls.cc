// Calls of functions, and literals that look like one.
#include <algorithm>
#include <array>
#include <utility>

#include "worker/feel/long_numbers.h"
#include "worker/feel/number.h"
#include "worker/feel/parser.h"
#include "worker/feel/temporal_values.h"

namespace worker::feel {

// A call with nothing but a text in quotes is a literal.
parser::node_of parser::temporal_call(std::string_view name) {
  const auto start = text_.at();
  if (!text_.take(name) || !token("(") || !skip()) return nullptr;
  const auto text = text_.take_quoted();
  if (!text || !token(")")) return nullptr;
  return constant(temporal_literal(name, *text), start);
}

parser::node_of parser::call() {
  const auto start = text_.at();
  std::vector<std::string> names;
  if (auto words = text_.take_words()) {
    names.push_back(std::move(*words));
  } else {
    // Names of built-in functions with words in them that are reserved elsewhere.
    for (const std::string_view name :
         {"and", "or", "date and time", "years and months duration", "get or else"}) {
      if (text_.take(name)) {
        const auto end = text_.at();
        if (token("(")) names.emplace_back(name);
        text_.go_to(names.empty() ? start : end);
        if (!names.empty()) break;
      }
    }
    if (names.empty() && !path_names(names)) return nullptr;
  }
  if (!token("(")) return nullptr;
  auto& made = make(names.size() == 1 ? op::call : op::path_call, start);
  made.name = std::move(names.back());
  names.pop_back();
  if (!arguments(made) || !expect(")")) return nullptr;
  if (made.operation == op::path_call) {
    auto& path = make(op::variable, start);
    path.names = std::move(names);
    made.parts.insert(made.parts.begin(), &path);
  } else if (made.named) {
    const std::vector<std::string_view> wanted_names(made.names.begin(), made.names.end());
    made.builtin = find_function(made.name, wanted_names);
  } else {
    made.builtin = find_function(made.name, made.parts.size());
  }
  return &made;
}

bool parser::arguments(syntax& into) {
  const auto start = text_.at();
  if (token(")")) {
    text_.go_to(start);
    return true;
  }
  for (;;) {
    const auto before = text_.at();
    if (!skip()) return false;
    auto name = text_.take_words();
    if (!name) name = text_.take_name();
    const bool named = name && token(":");
    if (into.parts.empty()) into.named = named;
    if (named != into.named) return false;
    if (named) {
      into.names.push_back(std::move(*name));
    } else {
      text_.go_to(before);
    }
    const auto* parsed = argument();
    if (parsed == nullptr) return false;
    into.parts.push_back(parsed);
    if (!token(",")) return true;
  }
}

parser::node_of parser::argument() {
  if (!skip()) return nullptr;
  const auto start = text_.at();
  const char sign = text_.next();
  if (sign == ']') {
    text_.take("]");
    const auto* low = sum();
    if (low == nullptr || low->operation == op::range || !expect("..")) return nullptr;
    return range_from(low, false, start);
  }
  node_of first = nullptr;
  if (sign == '(' || sign == '[') {
    first = value_with_postfix();
    if (first == nullptr || first->operation == op::range) return first;
  }
  return as_test(expression_or_range(first));
}

}  // namespace worker::feel
