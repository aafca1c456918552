#include "worker/feel/parser.h"

#include <algorithm>
#include <utility>

namespace worker::feel {

namespace {

// Rules may be tried again from the same place, nested ones again and again: what a person writes
// takes a few for each character.
constexpr std::size_t free_attempts = 20'000;
constexpr std::size_t attempts_per_byte = 4;
// What was read in vain stays in the tree until the end, and a long text costs time whenever it is
// read: so nodes count too, and bytes that were gone through.
constexpr std::size_t attempts_per_node = 2;
constexpr std::size_t bytes_per_attempt = 16;

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

void parser::wanted(std::string_view alternative) {
  if (text_.at() < furthest_) return;
  if (text_.at() > furthest_) {
    furthest_ = text_.at();
    wanted_.clear();
  }
  if (std::find(wanted_.begin(), wanted_.end(), alternative) == wanted_.end())
    wanted_.emplace_back(alternative);
}

bool parser::enter() {
  const auto work =
      ++attempts_ + attempts_per_node * tree_.nodes.size() + text_.walked() / bytes_per_attempt;
  if (work > free_attempts + attempts_per_byte * tree_.text.size()) {
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

syntax& parser::make(op operation, std::size_t start) {
  auto& made = tree_.nodes.emplace_back();
  made.operation = operation;
  made.home = &tree_;
  made.offset = static_cast<std::uint32_t>(start);
  return made;
}

parser::node_of parser::constant(value read, std::size_t start) {
  auto& made = make(op::constant, start);
  made.constant = std::move(read);
  return &made;
}

parser::node_of parser::chain(op operation, std::vector<node_of> parts, std::string signs,
                              std::size_t start) {
  if (parts.size() == 1) return parts[0];
  auto& made = make(operation, start);
  made.parts = std::move(parts);
  made.signs = std::move(signs);
  return &made;
}

parser::node_of parser::expression() { return as_test(expression_or_range()); }

}  // namespace worker::feel
