// The ten kinds of jobs of the demo: what is made, how it must end, and what its variables must
// hold then. Plain values and plain functions; any thread.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "tests/sandbox/engine/job.h"
#include "tests/sandbox/lambda/access_key.h"
#include "tests/sandbox/lambda/account.h"

namespace sandbox {
class lambda;
}

namespace sandbox::demo {

// The worker knows it, and it must not be readable anywhere.
struct secrets {
  std::string api_key;         // SECRET_CARD_API_KEY of the worker's environment
  access_key billing_account;  // files BILLING_KEY_ID and BILLING_SECRET_KEY of SECRETS_DIR
};

// A job of which nothing more is to be expected, with the calls it caused, in order.
struct finished_job {
  int number = 0;  // within its kind, from 0
  engine::job_account job;
  std::vector<recorded_call> calls;
};

struct ending {
  engine::job_state state = engine::job_state::completed;
  std::string incident;  // the error code its message starts with
};

struct kind {
  std::string name;
  std::function<engine::job_spec(int number)> make;
  std::function<ending(int number)> must_end;
  unsigned requests = 1;    // for each job, of a function that is there
  unsigned executions = 1;  // of the function, for each job
  // What is wrong with a job that ended as it must; empty: nothing.
  std::function<std::string(const finished_job&)> check;
};

std::vector<kind> all_kinds(const secrets& hidden);

// Those of the demo's functions that are not built in.
void register_functions(lambda& at, const secrets& hidden);

}  // namespace sandbox::demo
