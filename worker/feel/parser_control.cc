// if, for, some, every and function definitions.
#include "worker/feel/parser.h"

namespace worker::feel {

// Names may begin with these words, and may be these words: the parser goes back when this gives
// null.
parser::node_of parser::control() {
  switch (text_.next()) {
    case 'i':
      return conditional();
    case 'f':
      return loop(op::for_each, "for", "return");
    case 's':
      return loop(op::some, "some", "satisfies");
    case 'e':
      return loop(op::every, "every", "satisfies");
    default:
      return nullptr;
  }
}

parser::node_of parser::conditional() {
  const auto start = text_.at();
  if (!text_.starts_with("if") || !text_.word_ends(2)) return nullptr;
  text_.take("if");
  const auto* condition = expression();
  if (condition == nullptr || !expect("then")) return nullptr;
  const auto* met = expression();
  if (met == nullptr || !expect("else")) return nullptr;
  const auto* otherwise = expression();
  if (otherwise == nullptr) return nullptr;
  auto& made = make(op::conditional, start);
  made.parts = {condition, met, otherwise};
  return &made;
}

parser::node_of parser::loop(op operation, std::string_view keyword, std::string_view before_body) {
  const auto start = text_.at();
  if (!text_.starts_with(keyword)) return nullptr;
  text_.take(keyword);
  std::vector<std::string> names;
  std::vector<node_of> parts;
  do {
    if (!skip()) return nullptr;
    auto name = text_.take_name();
    if (!name || !expect("in")) return nullptr;
    const auto* list = iterated();
    if (list == nullptr) return nullptr;
    names.push_back(std::move(*name));
    parts.push_back(list);
  } while (token(","));
  if (!expect(before_body)) return nullptr;
  const auto partials = partials_;
  const auto* body = expression();
  if (body == nullptr) return nullptr;
  parts.push_back(body);
  auto& made = make(operation, start);
  made.names = std::move(names);
  made.parts = std::move(parts);
  made.uses_partial = operation == op::for_each && partials_ != partials;
  return &made;
}

// A value, or a..b where a and b may be sums.
parser::node_of parser::iterated() {
  if (!skip()) return nullptr;
  const auto start = text_.at();
  const auto* first = text_.next() == '-' ? nullptr : value_with_postfix();
  if (first == nullptr && text_.next() != '-') return nullptr;
  if (first != nullptr && first->operation == op::range) return nullptr;
  const auto end = text_.at();
  const auto* low = sum(first);
  if (low == nullptr) return nullptr;
  if (token("..")) {
    const auto* high = sum();
    if (high == nullptr || high->operation == op::range) return nullptr;
    auto& made = make(op::steps, start);
    made.parts = {low, high};
    return &made;
  }
  if (first == nullptr) {
    wanted("'..'");
    return nullptr;
  }
  text_.go_to(end);
  return first;
}

parser::node_of parser::lambda() {
  const auto start = text_.at();
  if (!text_.take("function") || !expect("(")) return nullptr;
  std::vector<std::string> names;
  if (!token(")")) {
    do {
      if (!skip()) return nullptr;
      auto name = text_.take_words();
      if (!name) name = text_.take_name();
      if (!name) {
        wanted("a parameter's name");
        return nullptr;
      }
      ++attempts_;
      names.push_back(std::move(*name));
    } while (token(","));
    if (!expect(")")) return nullptr;
  }
  const auto before_body = text_.at();
  if (token("external") && token("{")) {
    stop("functions of Java are not available");
    return nullptr;
  }
  text_.go_to(before_body);
  const auto* body = expression();
  if (body == nullptr) return nullptr;
  auto& made = make(op::lambda, start);
  made.names = std::move(names);
  made.parts = {body};
  return &made;
}

}  // namespace worker::feel
