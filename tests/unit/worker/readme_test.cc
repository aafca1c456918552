// The tables of the main README are the tables of the code.
#include <gtest/gtest.h>

#include <fstream>
#include <sstream>

#include "connector/operations.h"
#include "worker/config/documents.h"
#include "worker/config/load.h"
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

TEST(Readme, ExampleOfAConfigurationFileIsOne) {
  const auto text = readme();
  const std::string fence = "```yaml\n";
  const auto start = text.find(fence);
  ASSERT_NE(start, std::string::npos);
  const auto from = start + fence.size();
  const auto example = text.substr(from, text.find("```", from) - from);
  config::sources sources;
  sources.environment["LAMBDA_CONNECTOR_CONFIG"] = "example.yaml";
  sources.read_file = [&](const std::string&, std::size_t) {
    connector::file_text file;
    file.result = connector::file_text::state::read;
    file.text = example;
    return file;
  };
  const auto loaded = config::load(sources);
  for (const auto& each : loaded.mistakes) ADD_FAILURE() << config::describe(each);
  EXPECT_TRUE(loaded.warnings.empty()) << loaded.warnings.front();
  EXPECT_EQ(loaded.values.jobs.max_active, 64);
  EXPECT_EQ(loaded.values.profiles.size(), 2U);
  EXPECT_EQ(loaded.values.guards.rules.size(), 2U);
}

TEST(Readme, EveryInputHasItsRow) {
  for (const auto& operation : connector::operations()) {
    for (const auto& input : operation.inputs) expect_row(input.name, input.text);
  }
}

TEST(Readme, EveryOutputHasItsRow) {
  for (const auto& operation : connector::operations()) {
    for (const auto& output : operation.outputs) {
      const auto name =
          std::string(operation.default_job_type) + "` | `" + std::string(output.name);
      expect_row(name, output.text);
    }
  }
}

TEST(Readme, EveryHeaderHasItsRow) {
  for (const auto& header : jobs::header_table()) expect_row(header.name, header.text);
}

}  // namespace
}  // namespace worker
