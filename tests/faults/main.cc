// Runs rows of a table: fault_rows [ROW...] [--long] [--list], and the same for attack_rows. One
// line for each row, and what was wrong below it. Exit code 0: all held. ctest runs it as any
// GoogleTest program. The table is a suite of tests; its name comes with the build.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "tests/faults/fault_report.h"

namespace faults {
namespace {

constexpr std::string_view suite = ROWS_SUITE;

// "G9" of "G9_ABurstIsLongerThanTheQueue". Names of attacks have no sentence: "url_refusal".
std::string id_of(std::string_view name) {
  for (std::size_t i = 0; i + 1 < name.size(); ++i) {
    const bool sentence = name[i] == '_' && name[i + 1] >= 'A' && name[i + 1] <= 'Z';
    if (sentence) return std::string(name.substr(0, i));
  }
  return std::string(name);
}

std::vector<std::string> all_rows() {
  std::vector<std::string> names;
  const auto* unit = testing::UnitTest::GetInstance();
  for (int i = 0; i < unit->total_test_suite_count(); ++i) {
    const auto* one = unit->GetTestSuite(i);
    if (one->name() != suite) continue;
    for (int k = 0; k < one->total_test_count(); ++k)
      names.push_back(id_of(one->GetTestInfo(k)->name()));
  }
  return names;
}

class lines final : public testing::EmptyTestEventListener {
 public:
  explicit lines(bool in_full) : in_full_(in_full) {
    for (const auto& name : all_rows()) width_ = std::max(width_, name.size() + 1);
  }

 private:
  void OnTestStart(const testing::TestInfo&) override {
    wrong_.clear();
    begin_row(in_full_);
    begin_ = std::chrono::steady_clock::now();
  }
  void OnTestPartResult(const testing::TestPartResult& part) override {
    if (part.type() == testing::TestPartResult::kSuccess) return;
    wrong_ += fmt::format("      {}:{}: {}\n", part.file_name() != nullptr ? part.file_name() : "?",
                          part.line_number(), part.message());
  }
  void OnTestEnd(const testing::TestInfo& row) override {
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin_;
    const auto* outcome = row.result();
    fmt::print("{:<{}} {:<8}{:6.1f} s  {}\n{}", id_of(row.name()), width_,
               outcome->Skipped()  ? "skipped"
               : outcome->Passed() ? "held"
                                   : "BROKEN",
               took.count(), line_of_row(), wrong_);
    std::fflush(stdout);
  }

  const bool in_full_;
  std::size_t width_ = 5;
  std::string wrong_;
  std::chrono::steady_clock::time_point begin_;
};

int run(const std::vector<std::string>& arguments) {
  bool in_full = false;
  std::string filter;
  const auto known = all_rows();
  for (const auto& each : arguments) {
    if (each == "--long") {
      in_full = true;
    } else if (each == "--list") {
      for (const auto& name : known) fmt::print("{}\n", name);
      return 0;
    } else if (std::find(known.begin(), known.end(), each) != known.end()) {
      filter += fmt::format("{0}{1}.{2}:{1}.{2}_*", filter.empty() ? "" : ":", suite, each);
    } else {
      fmt::print(stderr, "there is no row '{}'. --list names them.\n", each);
      return 2;
    }
  }
  if (!filter.empty()) testing::GTEST_FLAG(filter) = filter;
  auto& listeners = testing::UnitTest::GetInstance()->listeners();
  delete listeners.Release(listeners.default_result_printer());
  listeners.Append(new lines(in_full));
  return RUN_ALL_TESTS();
}

}  // namespace
}  // namespace faults

int main(int count, char** arguments) {
  testing::InitGoogleTest(&count, arguments);
  return faults::run({arguments + 1, arguments + count});
}
