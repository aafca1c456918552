// The tables of the pages for users are the tables of the code. A test that fails prints the table
// that its page should have.
#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <sstream>

#include "connector/base/error.h"
#include "connector/base/words.h"
#include "connector/operations.h"
#include "worker/config/credential_profiles.h"
#include "worker/config/load.h"
#include "worker/config/sdk_settings.h"
#include "worker/config/settings_markdown.h"
#include "worker/jobs/task_headers.h"

namespace worker {
namespace {

const std::string settings_page = "worker/config/README.md";
const std::string task_page = "templates/task-reference.md";

std::string text_of(const std::string& page) {
  std::ifstream in(LC_ROOT "/" + page);
  std::ostringstream text;
  text << in.rdbuf();
  return text.str();
}

void expect_table(const std::string& page, const std::string& table) {
  EXPECT_NE(text_of(page).find("\n\n" + table + "\n"), std::string::npos)
      << "Put this table into " << page << ":\n"
      << table;
}

// "lambda|short" as `lambda`, `short`.
std::string quoted(std::string_view words) {
  std::string out;
  for (const char c : words) out += c == '|' ? "`, `" : std::string(1, c);
  return "`" + out + "`";
}

std::string quoted(connector::word_list words) { return connector::joined(words, ", ", "`"); }

std::string value_of(const connector::input_spec& input) {
  using enum connector::input_type;
  if (!input.words.empty()) return quoted(input.words);
  switch (input.type) {
    case string:
      return "text";
    case any_json:
      return "any JSON";
    case object:
      return "object";
    case iso_duration:
      return "duration, such as `PT30S`";
    case integer:
      return "number, 1 to " + std::to_string(input.most);
    case boolean:
      return "`true`, `false`";
    case string_list:
      return "list of texts";
  }
  return "";
}

std::string value_of(const jobs::header_spec& header) {
  using enum jobs::header_type;
  if (!header.words.empty()) return quoted(header.words);
  if (header.type == iso_duration) return "duration, such as `PT30S`";
  if (header.type == duration_or_expression) return "duration, such as `PT30S`, or `=` and FEEL";
  if (header.type == expression) return "FEEL";
  if (header.type == variable_name) return "name of a variable";
  if (header.type == name_list) return "names, separated by commas";
  if (header.type == secret_list) return "entries, separated by commas";
  return "text";
}

std::string row(std::string_view name, const std::string& value, std::string_view text) {
  return "| `" + std::string(name) + "` | " + value + " | " + std::string(text) + " |\n";
}

TEST(Pages, SettingsTableIsTheGeneratedOne) {
  expect_table(settings_page, config::markdown_of_settings());
}

// What the first example of the page, a configuration file, is loaded as.
config::loaded loaded_example(const std::string& page) {
  const auto text = text_of(page);
  const std::string fence = "```yaml\n";
  const auto start = text.find(fence);
  if (start == std::string::npos) {
    ADD_FAILURE() << page << " has no example";
    return {};
  }
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
  return config::load(sources);
}

TEST(Pages, ExampleOfAConfigurationFileIsOne) {
  // when
  const auto loaded = loaded_example(settings_page);

  // then
  for (const auto& each : loaded.issues) ADD_FAILURE() << config::describe(each);
  EXPECT_TRUE(loaded.warnings.empty()) << loaded.warnings.front();
  EXPECT_EQ(loaded.values.jobs.max_active, 64);
  EXPECT_EQ(loaded.values.profiles.size(), 2U);
  EXPECT_EQ(loaded.values.policy.rules.size(), 2U);
}

TEST(Pages, ExampleOfLimitsMeansWhatThePageSays) {
  // given
  const auto loaded = loaded_example("worker/policy/README.md");
  for (const auto& each : loaded.issues) ADD_FAILURE() << config::describe(each);
  EXPECT_TRUE(loaded.warnings.empty()) << loaded.warnings.front();
  const auto bounds_of = [&](const std::string& name, const std::string& account) {
    connector::guarded_function function{name, "PROD", "aws", "eu-central-1", account};
    for (const auto& each : loaded.values.limits) {
      if (each.fits(function)) return text_of(each.bounds());
    }
    return std::string("none");
  };
  // then
  const std::string ours = "111111111111";
  EXPECT_EQ(bounds_of("orders-import", ""), "20 calls at once");
  EXPECT_EQ(bounds_of("orders-export", ""), "5 calls at once, 10 a second");
  EXPECT_EQ(bounds_of("orders-export", ours), "5 calls at once, 10 a second");
  EXPECT_EQ(bounds_of("legacy-report", ""), "paused");
  EXPECT_EQ(bounds_of("billing", ""), "0.5 a second");
  EXPECT_EQ(bounds_of("billing", ours), "0.5 a second");
  EXPECT_EQ(bounds_of("billing", "222222222222"), "none");
  EXPECT_EQ(bounds_of("other", ours), "none");
}

TEST(Pages, SettingsOfTheSdksAreATable) {
  std::string table =
      "| variable | in the shared config file | what the worker does |\n|---|---|---|\n";
  for (const auto& each : config::sdk_settings()) {
    table += row(
        each.variable, each.key.empty() ? "" : "`" + std::string(each.key) + "`",
        each.changes == nullptr ? "nothing, in silence" : "warns: " + std::string(each.instead));
  }
  expect_table(settings_page, table);
}

TEST(Pages, InputsOfEachOperationAreATable) {
  for (const auto& operation : connector::operations()) {
    std::string table = "| input | value | meaning |\n|---|---|---|\n";
    for (const auto& input : operation.inputs) {
      table += row(input.name, value_of(input) + (input.required ? " (required)" : ""), input.text);
    }
    expect_table(task_page, table);
  }
}

TEST(Pages, HeadersAreATable) {
  std::string table = "| header | value | meaning |\n|---|---|---|\n";
  for (const auto& header : jobs::header_table()) {
    table += row(header.name, value_of(header), header.text);
  }
  expect_table(task_page, table);
}

TEST(Pages, ResultVariablesAreATable) {
  std::string table = "| job type | variable | meaning |\n|---|---|---|\n";
  for (const auto& operation : connector::operations()) {
    for (const auto& output : operation.outputs) {
      table += row(operation.default_job_type, "`" + std::string(output.name) + "`", output.text);
    }
  }
  expect_table(task_page, table);
}

// The words are the page's own; the codes, all of them and in their order, are the code's.
TEST(Pages, ErrorCodesEachHaveARow) {
  // given
  const auto text = text_of(task_page);
  const auto start = text.find("| code | what it says | what the worker does |\n");
  ASSERT_NE(start, std::string::npos);
  std::istringstream lines(text.substr(start, text.find("\n\n", start) - start));

  // when
  std::vector<std::string> on_the_page;
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("| `")) on_the_page.push_back(line.substr(3, line.find('`', 3) - 3));
  }

  // then
  std::vector<std::string> in_the_code;
  constexpr auto last = static_cast<int>(connector::error_code::cancelled);
  for (int i = 0; i <= last; ++i) {
    in_the_code.emplace_back(connector::name_of(static_cast<connector::error_code>(i)));
  }
  EXPECT_EQ(on_the_page, in_the_code);
}

TEST(Pages, SourcesOfCredentialProfilesEachHaveARow) {
  const auto text = text_of("connector/aws/credentials/README.md");
  for (const auto name : config::source_names()) {
    EXPECT_NE(text.find("\n| `" + std::string(name) + "` | "), std::string::npos) << name;
  }
}

}  // namespace
}  // namespace worker
