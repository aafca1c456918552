// The shipped binary as a process, with the embedded engine, Lambda and STS around it.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdio>
#include <string>

#include "tests/journey/test_environment.h"
#include "tests/sandbox/aws/sts.h"

namespace worker::program {

struct said {
  std::string text;  // of both streams
  int code = -1;
};

inline std::string quoted(const std::string& text) { return "'" + text + "'"; }

// The programs around it answer at once or never; `timeout` bounds the latter.
inline said run(const std::string& arguments, const journey::environment_variables& variables) {
  std::string line = "timeout 30 env -i ";
  for (const auto& [name, value] : variables) line += quoted(name + "=" + value) + " ";
  line += quoted(LAMBDA_CONNECTOR_PROGRAM) + " " + arguments + " 2>&1";
  said out;
  FILE* const stream = ::popen(line.c_str(), "r");
  if (stream == nullptr) return out;
  char piece[4096];
  while (const auto size = std::fread(piece, 1, sizeof piece, stream)) out.text.append(piece, size);
  out.code = WEXITSTATUS(::pclose(stream));
  return out;
}

class program_fixture : public testing::Test {
 protected:
  program_fixture() : environment_(without_worker()) {
    sts_.on_new_keys([this](std::vector<sandbox::access_key> keys) {
      environment_.lambda().set_keys(std::move(keys));
    });
  }
  ~program_fixture() override { sts_.on_new_keys({}); }

  static journey::test_environment_options without_worker() {
    journey::test_environment_options out;
    out.start_worker = false;
    return out;
  }
  [[nodiscard]] journey::environment_variables as_role() const {
    return environment_.variables(
        {{"LAMBDA_CONNECTOR_ASSUME_ROLE_ARN", "arn:aws:iam::123456789012:role/worker"},
         {"LAMBDA_CONNECTOR_ASSUME_ROLE_EXTERNAL_ID", "x-1"},
         {"AWS_ENDPOINT_URL_STS", sts_.url()}});
  }
  // Neither keys that were given nor those that were fetched.
  static auto says_no_secret() {
    return testing::AllOf(testing::Not(testing::HasSubstr(sandbox::access_key{}.secret)),
                          testing::Not(testing::HasSubstr("sandbox/sts/secret")),
                          testing::Not(testing::HasSubstr("sandbox+sts/token")));
  }

  sandbox::sts sts_;
  journey::test_environment environment_;
};

}  // namespace worker::program
