// The environment of a test, in one process: the embedded engine, the embedded Lambda, and the
// worker put together as the program does it, from environment variables, on a loop thread of its
// own. A test asserts on the accounts of engine and Lambda, as an operator would see them. Test's
// thread.
#pragma once

#include <boost/asio/io_context.hpp>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <thread>

#include "tests/sandbox/engine/engine.h"
#include "tests/sandbox/lambda/lambda.h"
#include "worker/config/load.h"
#include "worker/program/application.h"

namespace journey {

using environment_variables = std::map<std::string, std::string>;
using sandbox::engine::job_account;
using sandbox::engine::job_spec;
using sandbox::engine::job_state;
using std::chrono::milliseconds;

// Bounds every wait; a test that needs it whole has failed.
inline constexpr milliseconds patience{30'000};

struct test_environment_options {
  sandbox::engine::options engine;
  sandbox::lambda_options lambda;
  environment_variables worker;  // over the usual variables
  bool start_worker = true;
};

class running_worker;

class test_environment {
 public:
  explicit test_environment(test_environment_options options = {});
  ~test_environment();
  test_environment(const test_environment&) = delete;
  test_environment& operator=(const test_environment&) = delete;

  sandbox::engine::engine& engine() { return *engine_; }
  sandbox::lambda& lambda() { return *lambda_; }

  // Another worker beside the first, with its own variables on top.
  std::unique_ptr<running_worker> another_worker(environment_variables extra = {}) const;
  // The variables that a worker of this environment is started with, for a worker in a process of
  // its own.
  environment_variables variables(const environment_variables& extra = {}) const;
  running_worker& worker() { return *worker_; }
  void start_worker(environment_variables extra = {});

  // Makes the job and waits for its end (an incident counts).
  job_account run(const job_spec& spec);
  job_account wait_ended(std::int64_t job_key);
  job_account account(std::int64_t job_key) const;
  // Looks again after every change at the engine, and a hundred times a second besides, for what
  // changes elsewhere.
  bool wait(const std::function<bool()>& until) const;

 private:
  environment_variables usual() const;

  std::filesystem::path folder_;
  std::unique_ptr<sandbox::engine::engine> engine_;
  std::unique_ptr<sandbox::lambda> lambda_;
  environment_variables extra_;
  std::unique_ptr<running_worker> worker_;
};

// The worker on a thread of its own. It is started with environment variables and stopped as by a
// signal, like the program.
class running_worker {
 public:
  explicit running_worker(const environment_variables& variables);
  ~running_worker();  // stops it

  // As SIGTERM: true when nothing was left over.
  bool stop();
  // Stops without waiting for running calls.
  bool stop_now();
  // The worker stands still, as a process that was stopped or a machine that sleeps, as long as
  // what this returns lives. Time goes on meanwhile.
  [[nodiscard]] std::shared_ptr<void> stall();
  // As SIGHUP with other settings: what may change in a running worker changes.
  void take_over(const environment_variables& variables);
  worker::jobs::worker_snapshot snapshot();
  std::uint64_t ended(worker::jobs::job_end how);
  // Of the admin port, when LAMBDA_CONNECTOR_ADMIN_ADDRESS asked for one.
  std::uint16_t admin_port() { return parts_->admin().port(); }

 private:
  boost::asio::io_context loop_{1};
  worker::config::settings settings_;
  std::unique_ptr<worker::program::application> parts_;
  std::thread thread_;
  bool stopped_ = false;
};

// A job of the object form: functionName and payload in `lambda`.
job_spec call_of(const std::string& function, const std::string& payload = "{}",
                 const std::string& headers = "{}");

}  // namespace journey
