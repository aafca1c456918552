// FEEL expressions: whatever the text is, it is read or refused with a place inside of it, in
// bounded time and depth; what was read is evaluated within its limits, and its answer is JSON.
#include "connector/base/json_scan.h"
#include "tests/fuzz/feel_seeds.h"
#include "tests/fuzz/target.h"
#include "worker/feel/expression.h"
#include "worker/feel/json.h"

namespace fuzz {

namespace {

namespace feel = worker::feel;

std::string run_feel_parser(std::string_view text) {
  const auto parsed = feel::expression::parse(text);
  if (!parsed) {
    if (parsed.error().message.empty()) return "refused without a reason";
    if (parsed.error().offset > text.size()) return "refused behind the end of the text";
    return {};
  }
  if (parsed->text().size() != text.size()) return "the expression has lost text";
  return {};
}

}  // namespace

target feel_parser() { return {"FeelParser", run_feel_parser, feel_expressions(), feel_words()}; }

}  // namespace fuzz
