// FEEL expressions on fixed variables: within the limits, JSON comes out, the same each time, and
// passing it through once more changes nothing.
#include "connector/base/json_scan.h"
#include "tests/fuzz/feel_seeds.h"
#include "tests/fuzz/target.h"
#include "worker/feel/expression.h"
#include "worker/feel/json.h"

namespace fuzz {

namespace {

namespace feel = worker::feel;

constexpr std::string_view variables =
    R"({"statusCode":200,"payload":{"total":61.50,"name":"Zo\u00eb",
  "big":12345678901234567890,"items":[{"id":1,"price":5},{"id":2,"price":12.5},{"id":3,"price":1e2}],
  "day":"2024-02-28","when":"2024-02-28T10:00:00Z","none":null,"text":"{\"a\":[1,2.50]}"},"job":{"retries":3}})";

feel::environment bounded() {
  feel::environment out;
  out.random = [] { return std::uint64_t{42}; };
  out.zone = "Europe/Berlin";
  out.limits.steps = 20'000;
  out.limits.bytes = 1 << 20;
  out.limits.match_steps = 20'000;
  return out;
}

std::string run_feel_evaluator(std::string_view text) {
  const auto parsed = feel::expression::parse(text);
  if (!parsed) return {};
  const auto surroundings = bounded();
  const auto evaluate = [&] {
    // New ones: what JSON was split into does not count again.
    feel::scope names;
    names.add(feel::from_borrowed_json(variables).value_or(feel::value()));
    return parsed->evaluate(names, surroundings);
  };
  const auto first = evaluate();
  const auto second = evaluate();
  if (first.outcome.has_value() != second.outcome.has_value()) return "fails only sometimes";
  if (!first.outcome) {
    if (first.outcome.error().message.empty()) return "failed without a reason";
    if (first.outcome.error().offset > text.size()) return "failed behind the end of the text";
    return {};
  }
  const auto json = feel::to_json(*first.outcome);
  if (json != feel::to_json(*second.outcome)) return "another answer the second time";
  if (const auto wrong = connector::json::check(json, {.depth = 1'000})) {
    return "the answer is no JSON: " + std::string(wrong->reason);
  }
  const auto read = feel::from_json(json);
  if (read && feel::to_json(*read) != json) {
    // Numbers beyond what the runtime writes come back shorter at most once.
    const auto again = feel::to_json(*read);
    const auto twice = feel::from_json(again);
    if (!twice || feel::to_json(*twice) != again) return "passing the answer through changes it";
  }
  return {};
}

}  // namespace

target feel_evaluator() {
  return {"FeelEvaluator", run_feel_evaluator, feel_expressions(), feel_words(), 2000};
}

}  // namespace fuzz
