// What a row of the attack table works with: a world whose worker is the program that ships, as a
// process of its own with nothing but its environment, and runs of that program's other commands.
// Test's thread.
#pragma once

#include <string>
#include <vector>

#include "tests/faults/row.h"
#include "tests/faults/shipped.h"
#include "tests/journey/world.h"

namespace attack {

using faults::did;
using faults::settle;
using journey::call_of;
using journey::environment;
using journey::job_account;
using journey::job_spec;
using journey::job_state;

// The engine, the functions and the program.
class stage {
 public:
  explicit stage(const environment& extra = {}, const sandbox::engine::options& engine = {});

  journey::world& world() { return world_; }
  sandbox::engine::engine& engine() { return world_.engine(); }
  sandbox::lambda& lambda() { return world_.lambda(); }
  faults::shipped& worker() { return worker_; }

  std::vector<std::int64_t> create(const job_spec& spec, std::size_t count) {
    return engine().create_many(spec, count);
  }
  job_account run(const job_spec& spec) { return world_.run(spec); }
  // The gateway killed and started on its port, which an outgoing connection may have for a moment.
  void restart_gateway();
  // A call of `echo` that completes: the worker still works.
  bool works();
  // Settles the world, and then the program must end as asked, without a sanitizer's word.
  void end();

 private:
  journey::world world_;
  faults::shipped worker_;
};

// The program with these arguments and no other environment: its exit code and all that it wrote.
struct outcome {
  int code = -1;
  std::string told;
};
outcome run_program(const std::vector<std::string>& arguments, const environment& variables);

}  // namespace attack
