// Expressions that would take for ever, or all memory: each ends within the bounds of a session.
#include <gtest/gtest.h>

#include "connector/base/clock.h"
#include "worker/results/error_expression.h"
#include "worker/results/result_expression.h"

namespace worker::results {
namespace {

std::string repeated(std::string_view text, std::size_t times) {
  std::string out;
  for (std::size_t at = 0; at < times; ++at) out += text;
  return out;
}

struct row {
  std::string name;
  std::string expression;
  std::string says;  // part of the message
};

class HostileExpression : public testing::TestWithParam<row> {};

TEST_P(HostileExpression, Ends) {
  feel::expression_cache cache;
  auto session = begin_session(cache);
  session.surroundings.limits.until = connector::deadline::max();  // the other bounds decide
  const auto out = result_variables(session, "", GetParam().expression, R"({"payload":"aaaa"})");
  ASSERT_FALSE(out) << out->substr(0, 200);
  EXPECT_NE(out.error().message.find(GetParam().says), std::string::npos) << out.error().message;
  EXPECT_LT(out.error().message.size(), 500U);
}

INSTANTIATE_TEST_SUITE_P(
    Rows, HostileExpression,
    testing::Values(row{"Endless", "={a: for i in 1..1000000, j in 1..1000000 return i}", "steps"},
                    row{"Deep", "=" + repeated("{a:", 5000) + "1" + repeated("}", 5000), "nested"},
                    row{"Huge", "={a: \"" + repeated("x", 70'000) + "\"}", "longer than"},
                    row{"Text",
                        "={a: for i in 1..64 return if i = 1 then \"" + repeated("x", 1000) +
                            "\" else partial[-1] + partial[-1]}",
                        "bytes of values"},
                    row{"SharedParts",
                        "={a0: \"" + repeated("x", 1000) +
                            "\", a1: [a0,a0,a0,a0,a0,a0,a0,a0], a2: [a1,a1,a1,a1,a1,a1,a1,a1], a3: "
                            "[a2,a2,a2,a2,a2,a2,a2,a2], a4: [a3,a3,a3,a3,a3,a3,a3,a3], a5: "
                            "[a4,a4,a4,a4,a4,a4,a4,a4], a6: [a5,a5,a5,a5,a5,a5,a5,a5]}",
                        "bytes of variables"},
                    row{"Regex", R"(={a: matches(")" + repeated("a", 40) + R"(b", "^(a+)+$")})",
                        "takes too many steps"}),
    [](const testing::TestParamInfo<row>& info) { return info.param.name; });

TEST(ExpressionSession, HasOneDeadlineForAllItsExpressions) {
  feel::expression_cache cache;
  auto session = begin_session(cache);
  session.surroundings.limits.until = connector::boot_clock::now();
  const auto late = decide(session, "=for i in 1..10000 return i", "{}", "");
  ASSERT_FALSE(late);
  EXPECT_NE(late.error().message.find("takes longer than it may"), std::string::npos)
      << late.error().message;
}

}  // namespace
}  // namespace worker::results
