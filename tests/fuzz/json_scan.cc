// The scanner: its verdict is that of another parser, and what it slices are the same bytes.
#include "connector/base/json_scan.h"

#include <boost/json/parser.hpp>

#include "connector/base/utf8.h"
#include "tests/fuzz/json_seeds.h"
#include "tests/fuzz/target.h"

namespace fuzz {

namespace {

namespace json = connector::json;

constexpr std::size_t depth = 24;

enum class validity { good, bad, undecided };

bool has_surrogate_escape(std::string_view text) {
  for (const std::string_view start : {"\\ud", "\\uD"}) {
    if (text.find(start) != std::string_view::npos) return true;
  }
  return false;
}

// Boost.JSON's. It refuses lone surrogates, which we let pass, and exponents of ten digits.
validity other_validity(std::string_view text) {
  boost::json::parse_options how;
  how.max_depth = depth;
  boost::json::parser parser({}, how);
  boost::system::error_code failed;
  parser.write(text, failed);
  if (failed && has_surrogate_escape(text)) return validity::undecided;
  if (failed == boost::json::error::exponent_overflow) return validity::undecided;
  return failed ? validity::bad : validity::good;
}

std::string compare_validity(std::string_view text) {
  json::limits how;
  how.depth = depth;
  const auto wrong = json::check(text, how);
  const auto other = other_validity(text);
  if (wrong && other == validity::good) {
    return "refused, but another parser takes it: " + std::string(wrong->reason);
  }
  if (!wrong && other == validity::bad) return "taken, but another parser refuses it";
  if (wrong && wrong->offset > text.size()) return "the problem lies behind the end";
  if (!wrong && !connector::is_utf8(text)) return "taken, but it is not UTF-8";
  return {};
}

// The object put together again from its slices is the same object.
std::string look_at_members(std::string_view text) {
  const bool is_object = json::is_json(text) && json::kind_of(text) == json::kind::object;
  const auto found = json::members(text);
  if (found.wrong.has_value() == is_object) return "members() and check() do not agree";
  std::string again = "{";
  for (const auto& [name, value] : found.members) {
    if (!json::is_json(value)) return "a member that is no value";
    if (again.size() > 1) again += ',';
    again.append("\"").append(name).append("\":").append(value);
  }
  again += '}';
  if (is_object && !json::is_json(again)) return "slices that do not make an object";
  const auto round = json::members(again);
  if (is_object && round.members.size() != found.members.size()) return "slices lost a member";
  for (std::size_t i = 0; i < round.members.size(); ++i) {
    if (round.members[i].value != found.members[i].value) return "a slice changed";
  }
  return {};
}

std::string run_json_scan(std::string_view text) {
  if (auto wrong = compare_validity(text); !wrong.empty()) return wrong;
  if (auto wrong = look_at_members(text); !wrong.empty()) return wrong;
  for (const auto element : json::elements(text)) {
    if (!json::is_json(element)) return "an element that is no value";
  }
  json::kind_of(text);
  const auto same = json::rewrite_strings(text, [](std::string_view) { return std::nullopt; });
  if (same != text) return "rewriting nothing changed something";
  const auto copied =
      json::rewrite_strings(text, [](std::string_view token) { return std::string(token); });
  if (copied != text) return "rewriting each string with itself changed something";
  if (!json::is_json(text)) return {};
  std::string broken;
  const auto replaced = json::rewrite_strings(text, [&](std::string_view token) {
    if (!json::is_json(token) || json::kind_of(token) != json::kind::string) broken = token;
    return std::string("\"replaced\"");
  });
  if (!broken.empty()) return "a token that is no string: " + broken;
  if (!json::is_json(replaced)) return "no JSON any more after its strings were replaced";
  return {};
}

}  // namespace

target json_scan() { return {"JsonScan", run_json_scan, json_seeds(), json_words()}; }

}  // namespace fuzz
