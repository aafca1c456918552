// The page of metrics beside what reads it: the table of the README, and promtool.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <optional>
#include <set>
#include <sstream>

#include "tests/unit/worker/admin/metrics_example.h"

namespace worker::admin {
namespace {

// The row of the page for operators: name (without our prefix), names of labels, help text.
std::string row_of(const std::string& name, const std::string& help, const std::string& page) {
  std::string labels;
  const auto sample = page.find("\n" + name + "{");
  const auto buckets = page.find("\n" + name + "_count{");
  if (const auto at = std::min(sample, buckets); at != std::string::npos) {
    const auto open = page.find('{', at) + 1;
    std::string text = page.substr(open, page.find('}', open) - open);
    while (!text.empty()) {
      labels += (labels.empty() ? "`" : ", `") + text.substr(0, text.find('=')) + "`";
      const auto next = text.find("\",");
      text = next == std::string::npos ? "" : text.substr(next + 2);
    }
  }
  const std::string prefix = "lambda_connector_";
  const auto shown = name.starts_with(prefix) ? name.substr(prefix.size()) : name;
  return "| `" + shown + "` | " + labels + " | " + help + " |\n";
}

TEST(Metrics, TableOfTheReadmeHasARowForEach) {
  // given
  std::ifstream in(LC_ADMIN_README);
  std::ostringstream text;
  text << in.rdbuf();
  const auto readme = text.str();
  const std::string head = "| metric | labels | meaning |\n|---|---|---|\n";
  const auto start = readme.find(head);
  ASSERT_NE(start, std::string::npos);
  const auto table = readme.substr(start, readme.find("\n\n", start) + 1 - start);

  // when
  const auto page = example().page();
  std::string expected = head;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    const std::string help = "# HELP ";
    if (!line.starts_with(help) || line.starts_with(help + "process_")) continue;
    const auto name_end = line.find(' ', help.size());
    expected += row_of(line.substr(7, name_end - 7), line.substr(name_end + 1), page);
  }

  // then
  EXPECT_EQ(table, expected) << "Put this table into worker/admin/README.md:\n" << expected;
}

// What promtool says about a page; nothing: there is no promtool.
std::optional<std::pair<int, std::string>> promtool(const std::string& page) {
  const std::string own = std::string(LC_TOOLS) + "/promtool";
  const bool there = std::filesystem::exists(own);
  if (!there && std::system("command -v promtool >/dev/null 2>&1") != 0) return std::nullopt;
  auto name = (std::filesystem::temp_directory_path() / "metrics-XXXXXX").string();
  const int file = mkstemp(name.data());
  EXPECT_GE(file, 0);
  EXPECT_EQ(write(file, page.data(), page.size()), static_cast<ssize_t>(page.size()));
  close(file);
  const auto command = (there ? own : std::string("promtool")) + " check metrics < " + name +
                       " > " + name + ".out 2>&1";
  const int code = std::system(command.c_str());
  std::string told;
  if (std::FILE* in = std::fopen((name + ".out").c_str(), "r")) {
    char text[4096] = {};
    told.assign(text, std::fread(text, 1, sizeof text, in));
    std::fclose(in);
  }
  std::filesystem::remove(name);
  std::filesystem::remove(name + ".out");
  return std::pair(code, told);
}

constexpr const char* no_promtool =
    "no promtool: install Debian's package prometheus, or let ./dev test fetch it";

TEST(Metrics, PromtoolFindsNothingWrong) {
  // All but the names of others.
  auto page = example().page();
  const auto familiar = page.find("# HELP camunda_");
  const auto after = page.find("# HELP process_");
  ASSERT_LT(familiar, after);
  const auto found = promtool(page.erase(familiar, after - familiar));
  if (!found) GTEST_SKIP() << no_promtool;
  EXPECT_EQ(found->first, 0) << found->second;
  EXPECT_EQ(found->second, "");
}

// Two labels of the connector runtime are no snake_case. Charts need them as they are.
TEST(Metrics, PromtoolMindsOnlyTheLabelsOfTheConnectorRuntime) {
  const auto found = promtool(example().page());
  if (!found) GTEST_SKIP() << no_promtool;
  // One line for each label of each sample.
  std::set<std::string> told;
  std::istringstream lines(found->second);
  for (std::string line; std::getline(lines, line);) told.insert(line);
  std::set<std::string> expected;
  for (const auto* name :
       {"execution_time_seconds", "execution_time_seconds_max", "invocations_total"}) {
    expected.insert(std::string("camunda_connector_outbound_") + name +
                    " label names should be written in 'snake_case' not 'camelCase'");
  }
  EXPECT_EQ(told, expected);
}

}  // namespace
}  // namespace worker::admin
