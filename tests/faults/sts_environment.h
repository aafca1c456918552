// A worker whose keys come from a source alone, and STS as that source.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "tests/journey/test_environment.h"
#include "tests/sandbox/aws/sts.h"

namespace faults {

// A worker without any keys but those of `sources`.
inline journey::test_environment_options with_sources(journey::environment_variables sources) {
  journey::test_environment_options out;
  out.worker = {{"AWS_ACCESS_KEY_ID", ""},
                {"AWS_SECRET_ACCESS_KEY", ""},
                {"HOME", "/nonexistent"},
                {"AWS_EC2_METADATA_DISABLED", "true"}};
  for (auto& [name, value] : sources) out.worker[name] = std::move(value);
  return out;
}

// STS as the worker's own source, and Lambda that takes the keys which STS gave.
class sts_environment {
 public:
  explicit sts_environment(journey::environment_variables sources)
      : options_(with_sources(std::move(sources))) {
    options_.worker["AWS_ENDPOINT_URL_STS"] = sts_.url();
    options_.start_worker = false;
    options_.lambda.record = true;
    env_ = std::make_unique<journey::test_environment>(options_);
    sts_.on_new_keys([this](std::vector<sandbox::access_key> keys) {
      env_->lambda().set_keys(std::move(keys));
    });
  }
  ~sts_environment() { sts_.on_new_keys({}); }
  sts_environment(const sts_environment&) = delete;
  sts_environment& operator=(const sts_environment&) = delete;

  journey::test_environment& env() { return *env_; }
  sandbox::sts& sts() { return sts_; }
  std::string key_of_last_call() {
    const auto calls = env_->lambda().account().invocations();
    return calls.empty() ? "" : calls.back().request.access_key_id;
  }
  void fail(int times) {
    sandbox::sts_fault away;
    away.status = 503;
    away.message = "away";
    away.times = times;
    sts_.fail(away);
  }

 private:
  sandbox::sts sts_;
  journey::test_environment_options options_;
  std::unique_ptr<journey::test_environment> env_;
};

}  // namespace faults
