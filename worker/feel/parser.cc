#include "worker/feel/parser.h"

#include <algorithm>
#include <utility>

namespace worker::feel {

namespace {

// Rules may be tried again from the same place, nested ones again and again: what a person writes
// takes a few for each character.
constexpr std::size_t free_attempts = 20'000;
constexpr std::size_t attempts_per_byte = 4;

}  // namespace

bool parser::run() {
  const auto* parsed = expression();
  if (parsed == nullptr || stopped()) return false;
  if (!skip()) return false;
  if (!text_.at_end()) {
    wanted("the end");
    return false;
  }
  tree_.root = parsed;
  return true;
}

parse_error parser::why() const {
  if (stopped()) return {hard_at_, hard_};
  std::string message = "expected ";
  for (std::size_t at = 0; at < wanted_.size(); ++at) {
    if (at > 0) message += at + 1 == wanted_.size() ? " or " : ", ";
    message += wanted_[at];
  }
  if (furthest_ >= tree_.text.size()) {
    message += " but the text ends";
  } else {
    // A character, not a byte of one.
    auto end = furthest_ + 1;
    while (end < tree_.text.size() &&
           (static_cast<unsigned char>(tree_.text[end]) & 0xc0) == 0x80) {
      ++end;
    }
    message += " but found '" + tree_.text.substr(furthest_, end - furthest_) + "'";
  }
  return {furthest_, std::move(message)};
}

void parser::stop(std::string why) {
  if (stopped()) return;
  hard_ = std::move(why);
  hard_at_ = text_.at();
}

void parser::wanted(std::string_view what) {
  if (text_.at() < furthest_) return;
  if (text_.at() > furthest_) {
    furthest_ = text_.at();
    wanted_.clear();
  }
  if (std::find(wanted_.begin(), wanted_.end(), what) == wanted_.end()) wanted_.emplace_back(what);
}

bool parser::enter() {
  if (++attempts_ > free_attempts + attempts_per_byte * tree_.text.size()) {
    stop("the expression is too ambiguous to be read");
  }
  if (nesting_ >= max_nesting) {
    stop("nested deeper than " + std::to_string(max_nesting) + " levels");
  }
  return !stopped();
}

bool parser::skip() {
  if (text_.skip_blanks()) return true;
  stop("the comment that begins here is not closed");
  return false;
}

bool parser::token(std::string_view literal) {
  const auto start = text_.at();
  if (skip() && text_.take(literal)) return true;
  text_.go_to(start);
  return false;
}

bool parser::expect(std::string_view literal) {
  const auto start = text_.at();
  if (!skip()) return false;
  if (text_.take(literal)) return true;
  wanted("'" + std::string(literal) + "'");
  text_.go_to(start);
  return false;
}

syntax& parser::make(op what, std::size_t start) {
  auto& made = tree_.nodes.emplace_back();
  made.what = what;
  made.home = &tree_;
  made.offset = static_cast<std::uint32_t>(start);
  return made;
}

parser::node_of parser::constant(value what, std::size_t start) {
  auto& made = make(op::constant, start);
  made.constant = std::move(what);
  return &made;
}

parser::node_of parser::chain(op what, std::vector<node_of> parts, std::string signs,
                              std::size_t start) {
  if (parts.size() == 1) return parts[0];
  auto& made = make(what, start);
  made.parts = std::move(parts);
  made.signs = std::move(signs);
  return &made;
}

parser::node_of parser::expression() { return as_test(expression_or_range()); }

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
  if (left->what == op::range) return left;
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
    if (right == nullptr || right->what == op::range) return nullptr;
    auto& made = make(op::compare, start);
    made.comparison = meaning;
    made.parts = {left, right};
    return &made;
  }
  if (text_.take("between")) {
    const auto* low = sum();
    if (low == nullptr || low->what == op::range || !expect("and")) return nullptr;
    const auto* high = sum();
    if (high == nullptr || high->what == op::range) return nullptr;
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

bool is_range(const syntax* parsed) { return parsed->what == op::range; }

}  // namespace

parser::node_of parser::sum(node_of first) {
  const auto start = text_.at();
  const auto* left = product(first);
  if (left == nullptr || is_range(left)) return left;
  std::vector<node_of> parts{left};
  std::string signs;
  for (;;) {
    const auto end = text_.at();
    if (!skip()) return nullptr;
    const char sign = text_.next();
    if (sign != '+' && sign != '-') {
      text_.go_to(end);
      break;
    }
    text_.go_to(text_.at() + 1);
    const auto* right = product(nullptr);
    if (right == nullptr || is_range(right)) {
      text_.go_to(end);
      break;
    }
    parts.push_back(right);
    signs += sign;
  }
  return chain(op::sum, std::move(parts), std::move(signs), start);
}

parser::node_of parser::product(node_of first) {
  const auto start = text_.at();
  const auto* left = power(first);
  if (left == nullptr || is_range(left)) return left;
  std::vector<node_of> parts{left};
  std::string signs;
  for (;;) {
    const auto end = text_.at();
    if (!skip()) return nullptr;
    const char sign = text_.next();
    if (sign != '*' && sign != '/') {
      text_.go_to(end);
      break;
    }
    text_.go_to(text_.at() + 1);
    const auto* right = power(nullptr);
    if (right == nullptr || is_range(right)) {
      text_.go_to(end);
      break;
    }
    parts.push_back(right);
    signs += sign;
  }
  return chain(op::product, std::move(parts), std::move(signs), start);
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
