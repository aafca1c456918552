// The levels of operators, from the weakest to the strongest.
#include <utility>

#include "worker/feel/parser.h"

namespace worker::feel {

parser::node_of parser::expression_or_range(node_of first) {
  if (!enter() || !skip()) return nullptr;
  ++nesting_;
  const auto start = text_.at();
  const auto* parsed = first == nullptr ? control() : nullptr;
  if (parsed == nullptr && !stopped()) {
    if (first == nullptr) text_.go_to(start);
    parsed = disjunction(first);
  }
  --nesting_;
  return parsed;
}

parser::node_of parser::disjunction(node_of first) {
  const auto start = text_.at();
  const auto* left = conjunction(first);
  if (left == nullptr) return nullptr;
  std::vector<node_of> parts{left};
  for (auto end = text_.at(); token("or"); end = text_.at()) {
    const auto* right = conjunction(nullptr);
    if (right == nullptr) {
      text_.go_to(end);
      break;
    }
    parts.push_back(as_test(right));
  }
  if (parts.size() > 1) parts[0] = as_test(parts[0]);
  return chain(op::disjunction, std::move(parts), {}, start);
}

parser::node_of parser::conjunction(node_of first) {
  const auto start = text_.at();
  const auto* left = comparison(first);
  if (left == nullptr) return nullptr;
  std::vector<node_of> parts{left};
  for (auto end = text_.at(); token("and"); end = text_.at()) {
    const auto* right = comparison(nullptr);
    if (right == nullptr) {
      text_.go_to(end);
      break;
    }
    parts.push_back(as_test(right));
  }
  if (parts.size() > 1) parts[0] = as_test(parts[0]);
  return chain(op::conjunction, std::move(parts), {}, start);
}

parser::node_of parser::comparison(node_of first) {
  if (first != nullptr && first == bare_test_) return first;
  if (stopped() || !skip()) return nullptr;
  const auto start = text_.at();
  const auto* left = sum(first);
  if (left == nullptr) {
    text_.go_to(start);
    return simple_test();
  }
  if (left->operation == op::range) return left;
  const auto end = text_.at();
  const auto* compared = comparison_of(left);
  if (compared != nullptr) return compared;
  text_.go_to(end);
  return left;
}

parser::node_of parser::comparison_of(node_of left) {
  constexpr std::pair<std::string_view, relation> signs[] = {
      {"<=", relation::less_equal}, {">=", relation::greater_equal}, {"<", relation::less},
      {">", relation::greater},     {"!=", relation::not_equal},     {"=", relation::equal}};
  if (!skip()) return nullptr;
  const auto start = text_.at();
  for (const auto& [sign, meaning] : signs) {
    if (!text_.take(sign)) continue;
    const auto* right = sum();
    if (right == nullptr || right->operation == op::range) return nullptr;
    auto& made = make(op::compare, start);
    made.comparison = meaning;
    made.parts = {left, right};
    return &made;
  }
  if (text_.take("between")) {
    const auto* low = sum();
    if (low == nullptr || low->operation == op::range || !expect("and")) return nullptr;
    const auto* high = sum();
    if (high == nullptr || high->operation == op::range) return nullptr;
    auto& made = make(op::between, start);
    made.parts = {left, low, high};
    return &made;
  }
  if (text_.take("instance")) return instance_of(left, start);
  if (text_.take("in")) return in(left, start);
  wanted("an operator");
  return nullptr;
}

parser::node_of parser::instance_of(node_of left, std::size_t start) {
  if (!expect("of") || !skip()) return nullptr;
  std::string type;
  for (const std::string_view special :
       {"years and months duration", "days and time duration", "date and time", "function"}) {
    if (!text_.take(special)) continue;
    type = special;
    break;
  }
  if (type.empty()) {
    std::vector<std::string> names;
    if (!path_names(names)) return nullptr;
    for (const auto& name : names) type += (type.empty() ? "" : ".") + name;
  }
  auto& made = make(op::instance_of, start);
  made.parts = {left};
  made.name = std::move(type);
  return &made;
}

namespace {

bool is_range(const syntax* parsed) { return parsed->operation == op::range; }

}  // namespace

parser::node_of parser::sum(node_of first) {
  return signed_chain(op::sum, "+-", &parser::product, first);
}

parser::node_of parser::product(node_of first) {
  return signed_chain(op::product, "*/", &parser::power, first);
}

parser::node_of parser::signed_chain(op operation, std::string_view may_stand,
                                     node_of (parser::*part)(node_of), node_of first) {
  const auto start = text_.at();
  const auto* left = (this->*part)(first);
  if (left == nullptr || is_range(left)) return left;
  std::vector<node_of> parts{left};
  std::string signs;
  for (;;) {
    const auto end = text_.at();
    if (!skip()) return nullptr;
    const char sign = text_.next();
    if (may_stand.find(sign) == std::string_view::npos) {
      text_.go_to(end);
      break;
    }
    text_.go_to(text_.at() + 1);
    const auto* right = (this->*part)(nullptr);
    if (right == nullptr || is_range(right)) {
      text_.go_to(end);
      break;
    }
    parts.push_back(right);
    signs += sign;
  }
  return chain(operation, std::move(parts), std::move(signs), start);
}

parser::node_of parser::power(node_of first) {
  const auto start = text_.at();
  const auto* left = negation(first);
  if (left == nullptr || is_range(left)) return left;
  std::vector<node_of> parts{left};
  for (auto end = text_.at(); token("**"); end = text_.at()) {
    const auto* right = negation(nullptr);
    if (right == nullptr || is_range(right)) {
      text_.go_to(end);
      break;
    }
    parts.push_back(right);
  }
  return chain(op::power, std::move(parts), {}, start);
}

parser::node_of parser::negation(node_of first) {
  if (first != nullptr) return first;
  if (stopped() || !skip()) return nullptr;
  const auto start = text_.at();
  if (!text_.take("-")) return value_with_postfix();
  const auto* of = value_with_postfix();
  if (of == nullptr || is_range(of)) return nullptr;
  auto& made = make(op::negate, start);
  made.parts = {of};
  return &made;
}

}  // namespace worker::feel
