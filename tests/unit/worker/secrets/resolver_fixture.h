// A resolver over a source of a few names, and tasks made of headers and variables.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "connector/base/json.h"
#include "connector/base/json_scan.h"
#include "tests/unit/worker/secrets/resolving.h"
#include "worker/secrets/resolver.h"

namespace worker::secrets {

class scripted_names : public source {
 public:
  std::map<std::string, lookup_result, std::less<>> answers;
  int asked = 0;

  lookup_result look_up(std::string_view name) override {
    ++asked;
    const auto it = answers.find(name);
    return it == answers.end() ? lookup_result::missing() : it->second;
  }
  [[nodiscard]] std::string describe() const override { return "fake"; }
};

class Resolver : public testing::Test {
 protected:
  static task_value header(std::string name, std::string_view text) {
    return {{std::move(name), connector::json::quote(text), false}, origin::header};
  }
  static task_value variable(std::string name, std::string json_text) {
    return {{std::move(name), std::move(json_text), false}, origin::variable};
  }

  Resolver() {
    put("TOKEN", "t0ken");
    put("QUOTES", "a\"b\\c\nd");
    put("JSONLIKE", "{\"x\":1}");
    put("NESTED", "{{secrets.TOKEN}}");
    put("json", "never");
  }
  void put(const char* name, const char* value) {
    secrets_.answers[name] = lookup_result::found(connector::secret_string(value));
  }
  connector::result<resolved_task> resolve(std::vector<task_value> task,
                                           data_mode mode = data_mode::listed,
                                           resolve_limits limits = {}) {
    return tests::resolve_now(resolver({&secrets_}, mode, limits), std::move(task));
  }
  // The first value after resolving the task; fails the test when it cannot be.
  std::string first(std::vector<task_value> task, data_mode mode = data_mode::listed) {
    const auto done = resolve(std::move(task), mode);
    if (!done) {
      ADD_FAILURE() << done.error().message;
      return {};
    }
    return done->values.front().input.value;
  }
  connector::error failure(std::vector<task_value> task, data_mode mode = data_mode::listed,
                           resolve_limits limits = {}) {
    const auto done = resolve(std::move(task), mode, limits);
    if (done) {
      ADD_FAILURE() << "resolved to " << done->values.front().input.value;
      return {};
    }
    return done.error();
  }

  scripted_names secrets_;
};

}  // namespace worker::secrets
