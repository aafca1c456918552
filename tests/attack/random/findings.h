// What must hold for a job of the random attack, whatever befell it. Pure.
#pragma once

#include <string>
#include <vector>

#include "tests/attack/random/plan.h"
#include "tests/sandbox/engine/job.h"
#include "tests/sandbox/lambda/account.h"

namespace attack {

// The same kind of fault has the same words; the detail is this job's.
struct finding {
  std::string kind;
  std::string detail;
};

// Empty: all is as it must be.
std::vector<finding> wrong_with(std::uint64_t seed, const plan& job,
                                const sandbox::engine::job_account& found,
                                const sandbox::tally& called, const std::vector<secret>& secrets);

}  // namespace attack
