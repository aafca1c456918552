// The environment of a row of the attack table: the sandbox, and the program that ships as a
// process of its own with nothing but its environment variables. Also runs that program's other
// commands. Test's thread.
#pragma once

#include <string>
#include <vector>

#include "tests/faults/fault_report.h"
#include "tests/faults/shipped.h"
#include "tests/journey/test_environment.h"

namespace attack {

using faults::expect_all_ended;
using faults::report_action;
using journey::call_of;
using journey::environment_variables;
using journey::job_account;
using journey::job_spec;
using journey::job_state;

// The engine, the functions and the program.
class stage {
 public:
  explicit stage(const environment_variables& extra = {},
                 const sandbox::engine::options& engine = {});

  sandbox::engine::engine& engine() { return environment_.engine(); }
  sandbox::lambda& lambda() { return environment_.lambda(); }
  faults::shipped& worker() { return worker_; }

  std::vector<std::int64_t> create(const job_spec& spec, std::size_t count) {
    return engine().create_many(spec, count);
  }
  job_account run(const job_spec& spec) { return environment_.run(spec); }
  job_account account(std::int64_t job_key) const { return environment_.account(job_key); }
  bool wait(const std::function<bool()>& until) const { return environment_.wait(until); }
  // Kills the gateway and starts it on its port, which an outgoing connection may have for a
  // moment.
  void restart_gateway();
  // A call of `echo` that completes: the worker still works.
  bool works();
  // The program's memory, in megabytes: what it has, and the most that it had.
  struct megabytes {
    std::size_t now = 0;
    std::size_t peak = 0;
  };
  megabytes memory();
  // Waits until every job has ended. Then the program must end as asked, without a report of a
  // sanitizer.
  void end();

 private:
  journey::test_environment environment_;
  faults::shipped worker_;
};

// The program with these arguments and no other environment: its exit code and all that it wrote.
struct outcome {
  int code = -1;
  std::string told;
};
outcome run_program(const std::vector<std::string>& arguments,
                    const environment_variables& variables);

}  // namespace attack
