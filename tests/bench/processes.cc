#include "tests/bench/processes.h"

#include <poll.h>

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include "tests/bench/stand_ins.h"

namespace bench {

using sandbox::program;
using std::chrono::milliseconds;

void wait(milliseconds time) { ::poll(nullptr, 0, static_cast<int>(time.count())); }

stand_in_process::stand_in_process(const plan& how, milliseconds delay)
    : ca_file((how.folder / "ca.pem").string()),
      process({"the stand-ins",
               how.self,
               {"--role", "stand-ins", "--delay", std::to_string(delay.count()), "--ca", ca_file,
                "--payload", std::to_string(how.payload), "--functions",
                std::to_string(how.functions), "--types", std::to_string(how.types), "--secrets",
                std::to_string(how.secrets), "--account-limit", std::to_string(how.account_limit),
                how.time_jobs ? "--time-jobs=true" : "--time-jobs=false"},
               {},
               how.folder / "stand-ins.log",
               true}) {
  std::istringstream greeting(process.hear(start_time));
  if (!(greeting >> gateway_port >> lambda_port >> region >> key_id >> secret)) {
    throw std::runtime_error("the stand-ins greeted with something else");
  }
}

std::string stand_in_process::ask(const std::string& line) {
  process.say(line);
  return process.hear(answer_time);
}

counts stand_in_process::look() { return counts_of(ask("counts")); }

void stand_in_process::keep_waiting(int jobs) { ask("backlog " + std::to_string(jobs)); }

void stand_in_process::make_jobs(int per_second) { ask("rate " + std::to_string(per_second)); }

latency_figures stand_in_process::take_times() {
  std::istringstream answer(ask("times"));
  latency_figures out;
  if (!(answer >> out.jobs >> out.p50_us >> out.p99_us)) {
    throw std::runtime_error("the stand-ins told no times");
  }
  return out;
}

void stand_in_process::stop_engine() { ask("stop-engine"); }
void stand_in_process::start_engine() { ask("start-engine"); }

program floor_program(const plan& how, const stand_in_process& others, int in_flight) {
  return {"the floor",
          how.self,
          {"--role", "floor", "--gateway", "127.0.0.1:" + others.gateway_port, "--lambda-port",
           others.lambda_port, "--ca", others.ca_file, "--in-flight", std::to_string(in_flight)},
          {},
          how.folder / "floor.log"};
}

namespace {

// Files as an operator would mount them.
std::string secrets_folder(const plan& how) {
  const auto folder = how.folder / "secrets";
  std::filesystem::create_directories(folder);
  for (int number = 0; number < how.secrets; ++number) {
    std::ofstream(folder / secret_name(number)) << "value-of-secret-" << 1'000'000 + number;
  }
  return folder.string();
}

std::string served_types(int types) {
  std::string out;
  for (int number = 0; number < types; ++number) {
    out += (number > 0 ? "," : "") + job_type_name(number) + "=invoke";
  }
  return out;
}

}  // namespace

program worker_program(const plan& how, const stand_in_process& others, int in_flight,
                       const std::vector<std::string>& more) {
  const char* const path = std::getenv("PATH");
  program out{"the worker",
              how.worker,
              {},
              {"PATH=" + std::string(path != nullptr ? path : "/usr/bin:/bin"),
               "CAMUNDA_GRPC_ADDRESS=http://127.0.0.1:" + others.gateway_port,
               "CAMUNDA_CLIENT_WORKER_DEFAULTS_MAXJOBSACTIVE=" + std::to_string(in_flight),
               "AWS_REGION=" + others.region, "AWS_ACCESS_KEY_ID=" + others.key_id,
               "AWS_SECRET_ACCESS_KEY=" + others.secret,
               "AWS_ENDPOINT_URL_LAMBDA=https://localhost:" + others.lambda_port,
               "AWS_CA_BUNDLE=" + others.ca_file, "LOG_LEVEL=warning",
               "LAMBDA_CONNECTOR_ADMIN_ADDRESS=127.0.0.1:0"},
              how.folder / "worker.log"};
  auto& environment = out.environment;
  environment.insert(environment.end(), more.begin(), more.end());
  if (how.types > 1) {
    environment.push_back("LAMBDA_CONNECTOR_JOB_TYPES=" + served_types(how.types));
  }
  if (how.secrets > 0) environment.push_back("SECRETS_DIR=" + secrets_folder(how));
  return out;
}

program peer_program(const plan& how, const stand_in_process& others, int in_flight) {
  return {"the Go worker",
          how.peer,
          {"--gateway", "127.0.0.1:" + others.gateway_port, "--endpoint",
           "https://localhost:" + others.lambda_port, "--ca", others.ca_file, "--in-flight",
           std::to_string(in_flight)},
          {"AWS_REGION=" + others.region, "AWS_ACCESS_KEY_ID=" + others.key_id,
           "AWS_SECRET_ACCESS_KEY=" + others.secret, "AWS_EC2_METADATA_DISABLED=true"},
          how.folder / "go.log"};
}

}  // namespace bench
