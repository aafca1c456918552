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

}  // namespace worker::feel
