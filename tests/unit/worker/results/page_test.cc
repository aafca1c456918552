// The examples of worker/feel/README.md, each evaluated as the page says.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>
#include <vector>

#include "worker/results/error_expression.h"
#include "worker/results/result_expression.h"

namespace worker::results {
namespace {

std::string page() {
  std::ifstream in(LC_ROOT "/worker/feel/README.md");
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

std::string between(const std::string& text, std::string_view begin, std::string_view end,
                    std::size_t from = 0) {
  const auto start = text.find(begin, from);
  EXPECT_NE(start, text.npos) << begin;
  const auto at = start + begin.size();
  return text.substr(at, text.find(end, at) - at);
}

// The two cells of each row that has them in backticks.
std::vector<std::pair<std::string, std::string>> rows_below(const std::string& text,
                                                            const std::string& head) {
  std::istringstream lines(between(text, head + "|---|---|\n", "\n\n"));
  std::vector<std::pair<std::string, std::string>> out;
  for (std::string line; std::getline(lines, line);) {
    out.emplace_back(between(line, "| `", "` | `"), between(line, "` | `", "` |"));
  }
  return out;
}

TEST(FeelPage, ResultExpressionsGiveTheVariablesOfTheTable) {
  // given
  const auto text = page();
  const auto response = between(text, "```json\n", "```", text.find("Seven result expressions"));
  const auto rows = rows_below(text, "| expression | variables |\n");
  ASSERT_EQ(rows.size(), 7U);
  feel::expression_cache cache;
  for (const auto& [expression, variables] : rows) {
    // when
    auto session = begin_session(cache);
    const auto out = result_variables(session, "", expression, response);
    // then
    ASSERT_TRUE(out) << expression << ' ' << out.error().message;
    EXPECT_EQ(*out, variables) << expression;
  }
}

std::string end_of(const error_decision& decision) {
  if (const auto* thrown = std::get_if<bpmn_error_decision>(&decision))
    return "throws " + thrown->code;
  if (const auto* failed = std::get_if<job_error_decision>(&decision)) {
    return fmt::format("fails with {} retries after {} s", failed->retries,
                       failed->back_off.count() / 1000);
  }
  if (const auto* ignored = std::get_if<ignore_error_decision>(&decision)) {
    return "completes with " + ignored->variables;
  }
  return "none";
}

TEST(FeelPage, ErrorExpressionsEndTheJobAsTheTableSays) {
  const auto text = page();
  const auto response = between(text, "```json\n", "```", text.find("Three error expressions"));
  const auto rows = rows_below(text, "| expression | end of the job |\n");
  ASSERT_EQ(rows.size(), 3U);
  feel::expression_cache cache;
  for (const auto& [expression, end] : rows) {
    auto session = begin_session(cache);
    const auto out = decide(session, expression, response, R"({"retries":3,"attempt":1})");
    ASSERT_TRUE(out) << expression << ' ' << out.error().message;
    EXPECT_EQ(end_of(*out), end) << expression;
  }
}

// The name of a variable is an expression too.
TEST(FeelPage, TheHeadersOfTheElementAreExpressions) {
  const auto text = between(page(), "```xml\n", "```");
  feel::expression_cache cache;
  std::size_t headers = 0;
  for (auto at = text.find("value=\""); at != text.npos; at = text.find("value=\"", at + 1)) {
    auto value = between(text, "value=\"", "\"/>", at);
    for (auto quote = value.find("&#34;"); quote != value.npos; quote = value.find("&#34;")) {
      value.replace(quote, 5, "\"");
    }
    EXPECT_FALSE(unreadable(cache, value)) << value;
    ++headers;
  }
  EXPECT_EQ(headers, 4U);
}

}  // namespace
}  // namespace worker::results
