// Values of settings: whatever text a list of the guards is given, it is an issue or a list, never
// "everything"; a region has its shape; messages are clean lines.
#include <algorithm>
#include <array>

#include "connector/base/regions.h"
#include "connector/base/utf8.h"
#include "tests/fuzz/target.h"
#include "worker/config/load.h"

namespace fuzz {

namespace {

namespace config = worker::config;
namespace policy = worker::policy;

struct list_setting {
  const char* variable;
  const char* flag;
  const char* key;
  policy::list_ptr policy::rule::*list;
};
constexpr std::array lists = {
    list_setting{"ALLOWED_FUNCTIONS", "--allowed-functions", "guards.allowedFunctions",
                 &policy::rule::functions},
    list_setting{"ALLOWED_HOSTS", "--allowed-hosts", "guards.allowedHosts", &policy::rule::hosts},
    list_setting{"ALLOWED_ROLE_ARNS", "--allowed-role-arns", "guards.allowedRoleArns",
                 &policy::rule::roles},
    list_setting{"ALLOWED_PROFILES", "--allowed-profiles", "guards.allowedProfiles",
                 &policy::rule::profiles},
    list_setting{"ALLOWED_SECRETS", "--allowed-secrets", "guards.allowedSecrets",
                 &policy::rule::secrets},
};

std::string one_line(std::string_view text) {
  std::string out(text);
  std::replace_if(
      out.begin(), out.end(), [](char c) { return c == '\n' || c == '\r'; }, ' ');
  return out;
}

// The same text as variables, flags or lines of the file, by turns.
config::sources sources_of(std::string_view input, std::string& file) {
  config::sources from;
  const std::string text(input);
  const auto way = input.size() % 3;
  if (way == 2) {
    file = "guards:\n";
    for (const auto& each : lists) {
      file += "  " + std::string(each.key).substr(7) + ": " + one_line(input) + "\n";
    }
    from.environment["LAMBDA_CONNECTOR_CONFIG"] = "f";
  }
  for (const auto& each : lists) {
    if (way == 0) from.environment[each.variable] = text;
    if (way == 1) from.flags.emplace_back(each.flag, text);
  }
  for (const char* other : {"AWS_REGION", "LAMBDA_CONNECTOR_DRAIN_TIME", "SECRETS_SOURCES",
                            "LAMBDA_CONNECTOR_DEFAULT_HEADERS", "CAMUNDA_GRPC_ADDRESS"}) {
    from.environment[other] = text;
  }
  from.read_file = [&file](const std::string&, std::size_t) {
    return connector::file_text{connector::file_text::state::read, file, {}, {}};
  };
  return from;
}

std::string run_setting_values(std::string_view input) {
  std::string file;
  const auto done = config::load(sources_of(input, file));
  const auto is_told = [&](std::string_view key) {
    return std::any_of(done.issues.begin(), done.issues.end(), [&](const auto& each) {
      return each.key == key || each.key.empty() || each.source == "f";
    });
  };
  for (const auto& each : lists) {
    if (done.values.policy.everywhere.*each.list == nullptr && !is_told(each.key)) {
      return std::string(each.key) + " is open without a word";
    }
  }
  const auto& region = done.values.aws.region;
  if (!region.empty() && !connector::is_region(region)) return "a region of another shape";
  for (const auto& each : done.issues) {
    const auto said = config::describe(each);
    if (said.find('\n') != std::string::npos) return "an issue of several lines";
    if (!connector::is_utf8(said)) return "an issue that is no text";
  }
  for (const auto& each : done.warnings) {
    if (each.find('\n') != std::string::npos || !connector::is_utf8(each)) {
      return "a warning that is no line of text";
    }
  }
  return {};
}

}  // namespace

target setting_values() {
  return {"SettingValues",
          run_setting_values,
          {"",
           "\xAC",
           " ",
           ",",
           "[]",
           "[ ]",
           "[],a",
           "a,[]",
           "[a]",
           "[::1]",
           "~",
           "null",
           "# none",
           "''",
           "\"\"",
           "orders-*,billing",
           "arn:aws:lambda:*:111111111111:function:x",
           "*.lambda-url.eu-central-1.on.aws",
           "us-east-1",
           "US-EAST-1",
           "25",
           "25s",
           "inputs=lambda;onFunctionError=fail",
           "inputs=lambda,onError=fail"},
          {"[",
           "]",
           ",",
           ";",
           " ",
           "\t",
           "\n",
           "'",
           "\"",
           "*",
           ":",
           "=",
           "#",
           "~",
           "null",
           "a",
           "arn:aws:iam::1:role/x",
           "inputs=",
           "onError=",
           "secrets=",
           "http://",
           "https://",
           "25",
           "ms",
           "\xC3\xA4",
           "\xFF",
           "\x01",
           "&",
           "|",
           ">",
           "{",
           "}",
           "- "},
          600};
}

}  // namespace fuzz
