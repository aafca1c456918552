// Everything the demo needs to be running: the embedded engine and Lambda in this process, the
// worker as its child, configured by environment as an operator would. One thread; the destructor
// stops all. Start-up failures throw.
#pragma once

#include <chrono>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/sandbox/demo/kinds.h"
#include "tests/sandbox/engine/engine.h"
#include "tests/sandbox/lambda/lambda.h"
#include "tests/sandbox/process/child_process.h"

namespace sandbox::demo {

class stage {
 public:
  // `folder` is made when it is not there.
  stage(const std::filesystem::path& worker, const std::filesystem::path& folder);

  engine::engine& gateway() { return gateway_; }
  lambda& functions() { return functions_; }
  child_process& worker() { return worker_; }

  [[nodiscard]] const secrets& hidden() const { return hidden_; }
  [[nodiscard]] std::vector<std::string> never_shown() const;
  // The settings of the worker, NAME=value; those of them that a call by hand needs.
  [[nodiscard]] std::vector<std::string> settings() const;
  [[nodiscard]] std::vector<std::string> call_settings() const;
  [[nodiscard]] const std::filesystem::path& log_file() const { return log_file_; }

  // Until the worker asks for jobs. Throws when it does not in time.
  void wait_for_worker(std::chrono::milliseconds limit);
  // Jobs that ended, with the calls they caused; `keys` in the order of their numbers.
  [[nodiscard]] std::vector<finished_job> look_up(const std::vector<std::int64_t>& keys);

 private:
  [[nodiscard]] program worker_program(const std::filesystem::path& path) const;

  secrets hidden_;
  std::filesystem::path folder_;
  std::filesystem::path log_file_;
  lambda functions_;
  engine::engine gateway_;
  child_process worker_;
};

}  // namespace sandbox::demo
