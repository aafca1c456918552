// What operators work on: literals, names, lists, contexts.
#include <algorithm>
#include <array>
#include <utility>

#include "worker/feel/long_numbers.h"
#include "worker/feel/number.h"
#include "worker/feel/parser.h"
#include "worker/feel/temporal_values.h"

namespace worker::feel {

parser::node_of parser::value_with_postfix() {
  if (!enter() || !skip()) return nullptr;
  const auto start = text_.at();
  const auto* base = terminal();
  if (base == nullptr || base->operation == op::range) return base;
  std::vector<postfix_step> steps;
  for (;;) {
    const auto end = text_.at();
    postfix_step step;
    step.offset = static_cast<std::uint32_t>(end);
    if (token("[")) {
      step.filter = expression();
      if (step.filter != nullptr && expect("]")) {
        steps.push_back(std::move(step));
        continue;
      }
    } else if (token(".") && text_.next() != '.') {
      if (auto name = property_or_name()) {
        ++attempts_;
        step.path = std::move(*name);
        steps.push_back(std::move(step));
        continue;
      }
    }
    if (stopped()) return nullptr;
    text_.go_to(end);
    break;
  }
  if (steps.empty()) return base;
  auto& made = make(op::postfix, start);
  made.parts = {base};
  made.steps = std::move(steps);
  return &made;
}

parser::node_of parser::terminal() {
  const auto start = text_.at();
  switch (text_.next()) {
    case '"':
    case '{':
    case '-':
    case '.':
      return literal();
    case '(':
    case '[':
      return bracketed();
    case '@':
      return temporal();
    case '?':
      text_.take("?");
      return &make(op::input, start);
    default:
      break;
  }
  for (const auto rule :
       {&parser::temporal, &parser::call, &parser::variable, &parser::literal, &parser::lambda}) {
    const auto* parsed = (this->*rule)();
    if (parsed != nullptr || stopped()) return parsed;
    text_.go_to(start);
  }
  wanted("a value");
  return nullptr;
}

parser::node_of parser::temporal() {
  const auto start = text_.at();
  if (text_.take("@")) {
    if (!skip()) return nullptr;
    const auto text = text_.take_quoted();
    if (!text) {
      wanted("a text in quotes");
      return nullptr;
    }
    return constant(temporal_literal("@", *text), start);
  }
  for (const std::string_view name : {"duration", "date and time", "date", "time"}) {
    if (const auto* parsed = temporal_call(name)) return parsed;
    if (stopped()) return nullptr;
    text_.go_to(start);
  }
  return nullptr;
}

std::optional<std::string> parser::property_or_name() {
  if (!skip()) return std::nullopt;
  if (text_.take("time offset")) return "time offset";
  auto name = text_.take_name();
  if (!name) wanted("a name");
  return name;
}

bool parser::path_names(std::vector<std::string>& into) {
  auto name = property_or_name();
  if (!name) return false;
  into.push_back(std::move(*name));
  for (;;) {
    const auto end = text_.at();
    if (token(".") && text_.next() != '.') {
      if (auto next = property_or_name()) {
        into.push_back(std::move(*next));
        ++attempts_;
        continue;
      }
    }
    text_.go_to(end);
    return !stopped();
  }
}

parser::node_of parser::variable() {
  const auto start = text_.at();
  std::vector<std::string> names;
  if (!path_names(names)) return nullptr;
  if (names.front() == "partial") ++partials_;
  auto& made = make(op::variable, start);
  made.names = std::move(names);
  return &made;
}

parser::node_of parser::literal() {
  const auto start = text_.at();
  if (text_.take("null")) return constant(value(), start);
  if (text_.take("true")) return constant(value(true), start);
  if (text_.take("false")) return constant(value(false), start);
  if (text_.next() == '"') {
    const auto quoted = text_.take_quoted();
    if (!quoted) {
      stop("the text that begins here is not closed");
      return nullptr;
    }
    return constant(value(unescaped(*quoted)), start);
  }
  if (text_.next() == '{') return context();
  const bool negative = text_.take("-");
  const auto digits = text_.take_number();
  if (!digits) {
    if (negative || text_.next() == '.') wanted("a value");
    return nullptr;
  }
  if (auto exact = long_number(text_.since(start))) return constant(std::move(*exact), start);
  const auto number = feel::number::parse(text_.since(start));
  return number ? constant(value(*number), start) : nullptr;
}

parser::node_of parser::bracketed() {
  const auto start = text_.at();
  const bool list = text_.next() == '[';
  text_.go_to(start + 1);
  if (list && token("]")) return &make(op::list, start);
  if (!enter() || !skip()) return nullptr;
  ++nesting_;
  const auto inside = text_.at();
  const auto* first = control();
  if (first == nullptr && !stopped()) {
    text_.go_to(inside);
    first = sum();
    if (first != nullptr && first->operation != op::range && token("..")) {
      --nesting_;
      return range_from(first, list, start);
    }
    if (first == nullptr && !stopped()) {
      text_.go_to(inside);
      first = bare_test_ = simple_test();
    }
    if (first != nullptr && first->operation != op::range) first = disjunction(first);
  }
  --nesting_;
  first = as_test(first);
  if (first == nullptr || stopped()) return nullptr;
  if (!list) return expect(")") ? first : nullptr;
  std::vector<node_of> items{first};
  while (token(",")) {
    const auto* item = expression();
    if (item == nullptr) return nullptr;
    items.push_back(item);
  }
  if (!expect("]")) {
    wanted("','");
    return nullptr;
  }
  auto& made = make(op::list, start);
  made.parts = std::move(items);
  return &made;
}

parser::node_of parser::context() {
  const auto start = text_.at();
  text_.take("{");
  std::vector<std::string> keys;
  auto& made = make(op::context, start);
  if (token("}")) return &made;
  do {
    if (!context_entry(made)) return nullptr;
  } while (token(","));
  if (!expect("}")) {
    wanted("','");
    return nullptr;
  }
  return &made;
}

bool parser::context_entry(syntax& into) {
  if (!skip()) return false;
  auto key = text_.next() == '`' ? text_.take_name() : text_.take_free_key();
  if (!key) {
    // As it is written: escapes in keys are not resolved.
    const auto quoted = text_.take_quoted();
    if (!quoted) {
      wanted("a key");
      return false;
    }
    key = std::string(*quoted);
  }
  if (!expect(":")) return false;
  const auto* parsed = expression();
  if (parsed == nullptr) return false;
  into.names.push_back(std::move(*key));
  into.parts.push_back(parsed);
  return true;
}

}  // namespace worker::feel
