#include "tests/conformance/feel_case.h"

#include <chrono>
#include <cstdlib>
#include <fstream>
#include <iostream>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"

namespace conformance {

std::optional<std::string_view> json_of(const members& object, std::string_view name) {
  return connector::json::find(object, name);
}

std::string text_of(const members& object, std::string_view name) {
  const auto json = json_of(object, name);
  return json ? connector::json::text_of(*json).value_or("") : "";
}

worker::feel::environment fixed_clock() {
  using namespace std::chrono_literals;
  worker::feel::environment out;
  out.now = std::chrono::sys_days(std::chrono::year(2024) / 3 / 15) + 9h + 30min;
  out.zone = "Europe/Berlin";
  return out;
}

int run_suite(std::string_view name, const char* variable,
              const std::function<std::optional<std::string>(const members&)>& differs) {
  const char* file = std::getenv(variable);
  if (file == nullptr || *file == '\0') {
    std::cout << "skipped: " << variable << " does not name a file of FEEL cases\n";
    return 77;
  }
  std::ifstream lines(file);
  if (!lines) {
    std::cout << "cannot read " << file << "\n";
    return 1;
  }
  std::size_t total = 0;
  std::size_t passed = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.empty()) continue;
    ++total;
    const auto read = connector::json::members(line);
    const auto difference = read.wrong ? std::optional<std::string>("the line is no JSON object")
                                       : differs(read.members);
    if (!difference) {
      ++passed;
      continue;
    }
    std::cout << text_of(read.members, "id") << ": " << text_of(read.members, "expression")
              << "\n    " << *difference << "\n";
  }
  std::cout << name << ": " << passed << "/" << total << "\n";
  return passed == total && total > 0 ? 0 : 1;
}

}  // namespace conformance
