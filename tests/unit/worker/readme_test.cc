// The tables of the main README are the tables of the code.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "connector/operations.h"
#include "worker/config/documents.h"
#include "worker/jobs/headers.h"

namespace worker {
namespace {

std::string readme() {
  std::ifstream in(LC_README);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void expect_row(std::string_view name, std::string_view text) {
  const auto row = "| `" + std::string(name) + "` | " + std::string(text) + " |\n";
  EXPECT_NE(readme().find(row), std::string::npos) << "README.md lacks the row:\n" << row;
}

TEST(Readme, SettingsTableIsTheGeneratedOne) {
  const auto generated = config::markdown_of_settings();
  EXPECT_NE(readme().find(generated), std::string::npos)
      << "Put the output of 'lambda-connector print-settings-table' into README.md:\n"
      << generated;
}

TEST(Readme, EveryInputHasItsRow) {
  for (const auto& operation : connector::operations()) {
    for (const auto& input : operation.inputs) expect_row(input.name, input.text);
  }
}

TEST(Readme, EveryHeaderHasItsRow) {
  for (const auto& header : jobs::header_table()) expect_row(header.name, header.text);
}

}  // namespace
}  // namespace worker
