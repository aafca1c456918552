#include "worker/feel/function_page.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "worker/feel/function_table.h"

namespace worker::feel {
namespace {

TEST(FunctionPage, IsTheOneInTheRoom) {
  std::ifstream file(LC_ROOT "/worker/feel/functions.md");
  const std::string written{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(written, function_page())
      << "make it again: lambda-connector feel --functions > worker/feel/functions.md";
}

TEST(FunctionTable, EveryRowHasItsSentence) {
  for (const auto& family : function_families()) {
    for (const auto& row : family.rows) {
      EXPECT_NE(row.run, nullptr) << row.name;
      EXPECT_TRUE(row.summary.ends_with('.')) << row.name;
    }
  }
}

TEST(FunctionTable, FindsRowsByCountAndByNames) {
  EXPECT_EQ(find_function("sublist", 2)->arity(), 2u);
  EXPECT_EQ(find_function("sublist", 3)->arity(), 3u);
  EXPECT_EQ(find_function("sublist", 4), nullptr);
  EXPECT_EQ(find_function("sum", 0), nullptr);
  EXPECT_NE(find_function("sum", 7), nullptr);
  const std::string_view names[] = {"length", "list"};
  EXPECT_EQ(find_function("sublist", names)->arity(), 3u);
  const std::string_view unknown[] = {"list", "other"};
  EXPECT_EQ(find_function("sublist", unknown), nullptr);
}

}  // namespace
}  // namespace worker::feel
