#include "worker/results/expressions.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "connector/base/ascii.h"
#include "connector/base/clock.h"
#include "connector/base/utf8.h"
#include "worker/feel/json.h"

namespace worker::results {

namespace {

constexpr std::size_t max_steps = 1'000'000;
constexpr std::uint32_t max_match_steps = 200'000;
constexpr std::size_t quoted_bytes = 30;

// "line 2, column 5 (near "price >")": a header may have several lines.
std::string place_of(std::string_view text, std::size_t offset) {
  offset = std::min(offset, text.size());
  const auto before = text.substr(0, offset);
  const auto line = std::count(before.begin(), before.end(), '\n') + 1;
  const auto start = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  // Bytes behind the first of a character are no columns.
  const auto column =
      std::count_if(before.begin() + static_cast<std::ptrdiff_t>(start), before.end(),
                    [](char each) { return (static_cast<unsigned char>(each) & 0xc0) != 0x80; }) +
      1;
  auto rest = text.substr(offset);
  rest = connector::cut_utf8(rest.substr(0, rest.find('\n')), quoted_bytes);
  const auto near = rest.empty() ? std::string(" (the end)") : fmt::format(" (near \"{}\")", rest);
  return line == 1 ? fmt::format("column {}{}", column, near)
                   : fmt::format("line {}, column {}{}", line, column, near);
}

expression_error parse_failure(std::string_view text, const feel::parse_error& why) {
  return {expression_fault::unreadable,
          fmt::format("is no FEEL expression, at {}: {}", place_of(text, why.offset), why.message)};
}

}  // namespace

expression_session begin_session(feel::expression_cache& parsed, bool wants_warnings) {
  auto surroundings = feel::present();
  surroundings.limits.steps = max_steps;
  surroundings.limits.bytes = most_built;
  surroundings.limits.match_steps = max_match_steps;
  surroundings.limits.until = connector::boot_clock::now() + longest_evaluation;
  return {parsed, std::move(surroundings), wants_warnings};
}

bool is_expression(std::string_view text) {
  text = connector::ascii::trim(text);
  return !text.empty() && text != "=";
}

std::optional<expression_error> unreadable(feel::expression_cache& parsed, std::string_view text) {
  const auto read = parsed.get(text);
  if (read) return std::nullopt;
  return parse_failure(text, read.error());
}

evaluated<feel::value> evaluate(expression_session& session, std::string_view text,
                                const feel::scope& names) {
  const auto read = session.parsed.get(text);
  if (!read) return parse_failure(text, read.error());
  auto result = read->evaluate(names, session.surroundings);
  for (const auto& warning : result.warnings) {
    if (!session.wants_warnings) break;
    session.warnings.push_back(
        fmt::format("{}: {}", place_of(text, warning.offset), warning.message));
  }
  if (result.outcome) return std::move(*result.outcome);
  const auto& why = result.outcome.error();
  return expression_error{expression_fault::failed,
                          fmt::format("failed at {}: {}", place_of(text, why.offset), why.message)};
}

feel::byte_bound bound_of(const expression_session& session) {
  return feel::byte_bound(session.surroundings.limits.bytes);
}

evaluated<void> within_bound() {
  if (!feel::byte_bound::is_broken()) return {};
  return expression_error{
      expression_fault::failed,
      fmt::format("gives more than {} bytes of values", feel::byte_bound::of_thread()->most())};
}

evaluated<feel::context> with_variables(feel::context from, const feel::value& with) {
  const auto& more = with.entries();
  feel::byte_bound::count(more.bytes());
  if (const auto within = within_bound(); !within) return within.error();
  from.reserve(from.variables().size() + more.variables().size());
  for (const auto& each : more.variables()) from.set(each.key, each.value);
  return from;
}

evaluated<std::string> json_of(const expression_session& session, const feel::value& of) {
  const auto until = session.surroundings.limits.until;
  const bool unbounded = until == connector::deadline::max();
  auto text = feel::to_json(of, most_variables, unbounded ? until : until + longest_writing);
  if (const auto within = within_bound(); !within) return within.error();
  if (text) return *std::move(text);
  return expression_error{
      expression_fault::failed,
      fmt::format("gives more than {} bytes of variables, or they take longer to write than they "
                  "may",
                  most_variables)};
}

evaluated<feel::scope> scope_of(std::string_view response, std::string_view job) {
  auto read = feel::from_borrowed_json(response);
  auto of_job = feel::from_borrowed_json(job.empty() ? std::string_view("null") : job);
  if (!read || !of_job) {
    return expression_error{
        expression_fault::failed,
        fmt::format("cannot be evaluated: the response is no JSON that an expression takes (at "
                    "most {} levels deep)",
                    feel::max_json_depth)};
  }
  feel::scope names;
  names.add(*read);
  names.add("response", *std::move(read));
  if (!job.empty()) names.add("job", *std::move(of_job));
  return names;
}

}  // namespace worker::results
