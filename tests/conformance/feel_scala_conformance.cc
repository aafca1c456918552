// Evaluates the expressions of a file, named by FEEL_SCALA_FILE, whose answers FEEL-Scala gave, and
// compares what would become process variables: objects in any order of keys, integers digit by
// digit, other numbers as doubles, all else exactly.
#include <algorithm>
#include <charconv>
#include <optional>
#include <string>

#include "connector/base/ascii.h"
#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "tests/conformance/feel_case.h"
#include "worker/feel/expression.h"
#include "worker/feel/json.h"

namespace {

namespace json = connector::json;
namespace feel = worker::feel;

double double_of(std::string_view text) {
  double out = 0;
  std::from_chars(text.data(), text.data() + text.size(), out);
  return out;
}

bool agree(std::string_view expected, std::string_view actual);

bool agree_objects(std::string_view expected, std::string_view actual) {
  const auto wanted = json::members(expected).members;
  const auto given = json::members(actual).members;
  if (wanted.size() != given.size()) return false;
  return std::all_of(wanted.begin(), wanted.end(), [&given](const json::member& each) {
    return std::any_of(given.begin(), given.end(), [&each](const json::member& other) {
      const auto quoted = [](std::string_view name) {
        return json::text_of('"' + std::string(name) + '"');
      };
      return quoted(each.name) == quoted(other.name) && agree(each.value, other.value);
    });
  });
}

bool agree(std::string_view expected, std::string_view actual) {
  expected = connector::ascii::trim(expected);
  actual = connector::ascii::trim(actual);
  const auto type = json::kind_of(expected);
  if (type != json::kind_of(actual)) return false;
  switch (type) {
    case json::kind::object:
      return agree_objects(expected, actual);
    case json::kind::array: {
      const auto wanted = json::elements(expected);
      const auto given = json::elements(actual);
      return std::equal(wanted.begin(), wanted.end(), given.begin(), given.end(), agree);
    }
    case json::kind::string:
      return json::text_of(expected) == json::text_of(actual);
    case json::kind::number:
      if (expected.find_first_of(".eE") == expected.npos) return expected == actual;
      return double_of(expected) == double_of(actual);
    default:
      return expected == actual;
  }
}

// "error: ..." or JSON.
std::string answer(const conformance::members& line) {
  const auto parsed = feel::expression::parse(conformance::text_of(line, "expression"));
  if (!parsed) return "error: " + parsed.error().message;
  feel::scope variables;
  const auto given = conformance::json_of(line, "context");
  if (given) variables.add(feel::from_json(std::string(*given)).value_or(feel::value()));
  const auto result = parsed->evaluate(variables, conformance::fixed_clock());
  if (!result.outcome) return "error: " + result.outcome.error().message;
  return feel::to_json(*result.outcome);
}

std::optional<std::string> differs(const conformance::members& line) {
  const auto given = answer(line);
  const bool failed = given.starts_with("error: ");
  const bool should_fail = conformance::json_of(line, "error").value_or("false") == "true";
  const auto wanted = conformance::text_of(line, "json");
  if (failed == should_fail && (failed || agree(wanted, given))) return std::nullopt;
  return "expected " + (should_fail ? "an error" : wanted) + "\n    but got  " + given;
}

}  // namespace

int main() { return conformance::run_suite("feel-scala", "FEEL_SCALA_FILE", differs); }
