// How one job ended here, for people: a line in the log, and the last failures on the status page.
// Never a message, a payload or a secret: a code says what went wrong, the engine has the message.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>

#include "connector/base/clock.h"
#include "worker/jobs/job_command.h"
#include "worker/jobs/job_end.h"

namespace worker::jobs {

// The facts of a job's way through this worker. Empty texts: not known.
struct end_facts {
  std::string function;  // as the input named it, masked
  std::string region;
  std::string request_id;      // of AWS
  std::string code;            // of a job that failed or threw: "NOT_FOUND", an errorType
  std::optional<int> retries;  // that a failed job has left
  // Superseded by the engine's word: another activation holds the job's lease.
  bool fenced = false;
};

struct end_report {
  connector::wall_clock::time_point at;
  job_end end = job_end::completed;
  std::string job_type;
  std::int64_t job_key = 0;
  std::int64_t process_instance_key = 0;
  std::string bpmn_process_id;
  std::string element_id;
  // Of engines that have them (8.8, 8.10); masked.
  std::string business_id;
  std::string tags;  // with commas between
  std::string physical_tenant;
  int priority = 0;
  std::chrono::milliseconds held{0};  // from its arrival here
  end_facts facts;
};

// Notes code and retries of a command that ends the job otherwise than by completing it.
void note(end_facts& facts, const job_command& command);

// Whether an end of this kind may get a line. `successes`: whether completed jobs get one.
bool logs(job_end end, bool successes);

// Writes the line: a job without retries left and an end that the engine did not take as warnings,
// others as information.
void log_end(const end_report& report);

}  // namespace worker::jobs
