#include "worker/feel/expression.h"

#include <utility>

#include "worker/feel/evaluator.h"
#include "worker/feel/parser.h"
#include "worker/feel/tree.h"

namespace worker::feel {

boost::system::result<expression, parse_error> expression::parse(std::string_view text) {
  if (text.size() > max_text) {
    return parse_error{0, "longer than " + std::to_string(max_text) + " bytes"};
  }
  auto into = std::make_shared<tree>();
  into->text = text;
  // A blank, so that offsets stay those of the text that was given.
  const auto first = into->text.find_first_not_of(" \t\r\n");
  if (first != into->text.npos && into->text[first] == '=') into->text[first] = ' ';
  parser reader(*into);
  if (!reader.run()) return reader.why();
  return expression(std::move(into));
}

evaluation expression::evaluate(const scope& variables, const environment& surroundings) const {
  return evaluator(variables, surroundings).run(*tree_->root);
}

const std::string& expression::text() const { return tree_->text; }

namespace {

std::size_t bytes_of(const std::string& text) { return bytes_of_text(text.capacity()); }

std::size_t bytes_of(const syntax& node) {
  std::size_t bytes = sizeof(node) + bytes_of(node.name) + bytes_of(node.signs) +
                      node.names.capacity() * sizeof(std::string) +
                      node.parts.capacity() * sizeof(const syntax*) +
                      node.steps.capacity() * sizeof(postfix_step);
  for (const auto& name : node.names) bytes += bytes_of(name);
  for (const auto& step : node.steps) bytes += bytes_of(step.path);
  // A date, a long number or a text lies in a node of its own.
  if (node.operation == op::constant) bytes += sizeof(node.constant) + 64;
  if (node.constant.is(kind::string)) bytes += node.constant.as_string().size();
  return bytes;
}

}  // namespace

std::size_t expression::bytes() const {
  std::size_t bytes = sizeof(tree) + bytes_of(tree_->text);
  for (const auto& node : tree_->nodes) bytes += bytes_of(node);
  return bytes;
}

}  // namespace worker::feel
