// A whole world in one process: the embedded engine, the embedded Lambda, and the worker put
// together as the program does it, from environment variables, on a loop thread of its own. What a
// test asserts on is the engine's and Lambda's account, as an operator would see it.
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

using environment = std::map<std::string, std::string>;
using sandbox::engine::job_account;
using sandbox::engine::job_spec;
using sandbox::engine::job_state;
using std::chrono::milliseconds;

// Bounds every wait; a test that needs it whole has failed.
inline constexpr milliseconds patience{30'000};

struct world_options {
  sandbox::engine::options engine;
  sandbox::lambda_options lambda;
  environment worker;  // over the usual variables
  bool start_worker = true;
};

class worker_process;

class world {
 public:
  explicit world(world_options options = {});
  ~world();
  world(const world&) = delete;
  world& operator=(const world&) = delete;

  sandbox::engine::engine& engine() { return *engine_; }
  sandbox::lambda& lambda() { return *lambda_; }

  // Another worker beside the first, with its own variables on top.
  std::unique_ptr<worker_process> another_worker(environment extra = {}) const;
  // What a worker of this world is started with, for one that is a process of its own.
  environment variables(const environment& extra = {}) const;
  worker_process& worker() { return *worker_; }
  void start_worker(environment extra = {});

  // Makes the job and waits for its end (an incident counts).
  job_account run(const job_spec& spec);
  job_account wait_ended(std::int64_t job_key);
  job_account account(std::int64_t job_key) const;
  // Looks again after every change at the engine, and a hundred times a second besides, for what
  // changes elsewhere.
  bool wait(const std::function<bool()>& until) const;

 private:
  environment usual() const;

  std::filesystem::path folder_;
  std::unique_ptr<sandbox::engine::engine> engine_;
  std::unique_ptr<sandbox::lambda> lambda_;
  environment extra_;
  std::unique_ptr<worker_process> worker_;
};

// The worker on a thread of its own. Not a process, but seen as one: its variables go in, and it is
// stopped as by a signal.
class worker_process {
 public:
  explicit worker_process(const environment& variables);
  ~worker_process();  // stops it

  // As SIGTERM: true when nothing was left over.
  bool stop();
  // Stops without waiting for running calls.
  bool stop_now();
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
