// Evaluates the expressions of a file, named by FEEL_TCK_FILE, taken from the DMN TCK. Numbers may
// differ by 1e-8; where an error is expected, null is one.
#include <algorithm>
#include <cmath>
#include <optional>
#include <string>
#include <utility>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "tests/conformance/feel_case.h"
#include "worker/feel/comparison.h"
#include "worker/feel/expression.h"
#include "worker/feel/json.h"
#include "worker/feel/temporal_values.h"

namespace {

namespace json = connector::json;
namespace feel = worker::feel;

struct unlimited final : feel::work {
  bool spend(std::size_t) override { return true; }
  bool spend_bytes(std::size_t) override { return true; }
};

feel::value value_of(std::string_view text);

feel::value context_of(std::string_view text) {
  const auto members = json::members(text).members;
  const auto type = conformance::text_of(members, "@type");
  if (!type.empty()) {
    return feel::temporal_literal(type, conformance::text_of(members, "@value"));
  }
  feel::context entries;
  for (const auto& each : members) {
    entries.set(json::text_of('"' + std::string(each.name) + '"').value_or(""),
                value_of(each.value));
  }
  return entries;
}

// JSON, where {"@type", "@value"} is a temporal value.
feel::value value_of(std::string_view text) {
  switch (json::kind_of(text)) {
    case json::kind::object:
      return context_of(text);
    case json::kind::array: {
      std::vector<feel::value> items;
      for (const auto each : json::elements(text)) items.push_back(value_of(each));
      return items;
    }
    default:
      return feel::from_json(std::string(text)).value_or(feel::value());
  }
}

bool agree(const feel::value& wanted, const feel::value& given) {
  if (wanted.type() != given.type()) return false;
  switch (wanted.type()) {
    case feel::kind::number:
      return std::fabs(wanted.as_number().to_double() - given.as_number().to_double()) < 1e-8;
    case feel::kind::list:
      return std::equal(wanted.items().begin(), wanted.items().end(), given.items().begin(),
                        given.items().end(), agree);
    case feel::kind::context: {
      const auto& entries = wanted.entries().variables();
      return entries.size() == given.entries().variables().size() &&
             std::all_of(entries.begin(), entries.end(), [&given](const feel::entry& each) {
               const auto* other = given.entries().find(each.key);
               return other != nullptr && agree(each.value, *other);
             });
    }
    default: {
      unlimited all;
      return feel::equal(wanted, given, all).value_or(false);
    }
  }
}

struct evaluation {
  feel::value value;
  std::string error;
};

evaluation evaluate(const std::string& text, const feel::scope& variables) {
  const auto parsed = feel::expression::parse(text);
  if (!parsed) return {{}, "error: " + parsed.error().message};
  auto result = parsed->evaluate(variables, conformance::fixed_clock());
  if (!result.outcome) return {{}, "error: " + result.outcome.error().message};
  return {std::move(*result.outcome), {}};
}

std::optional<std::string> differs(const conformance::members& line) {
  feel::scope variables;
  variables.add(value_of(conformance::json_of(line, "inputs").value_or("{}")));
  for (const auto each : json::elements(conformance::json_of(line, "deps").value_or("[]"))) {
    const auto needed = json::members(each).members;
    variables.add(conformance::text_of(needed, "name"),
                  evaluate(conformance::text_of(needed, "expression"), variables).value);
  }
  const auto given = evaluate(conformance::text_of(line, "expression"), variables);
  const auto expected = conformance::json_of(line, "expected").value_or("null");
  const bool error = conformance::json_of(line, "error").value_or("false") == "true";
  if (error ? given.value.is_null()
            : given.error.empty() && agree(value_of(expected), given.value)) {
    return std::nullopt;
  }
  return "expected " + (error ? "an error" : std::string(expected)) + "\n    but got  " +
         (given.error.empty() ? feel::to_json(given.value) : given.error);
}

}  // namespace

int main() { return conformance::run_suite("feel-tck", "FEEL_TCK_FILE", differs); }
