// One round: one process at one point, started, warmed up, measured and ended. One thread; failures
// throw.
#pragma once

#include "tests/bench/figures.h"
#include "tests/bench/plan.h"
#include "tests/bench/processes.h"

namespace bench {

round_figures run_round(const plan& how, sandbox::program started, stand_in_process& others);

// How long jobs are out that arrive one after the other, `per_second` of them.
latency_figures latency_round(const plan& how, sandbox::program started, stand_in_process& others,
                              int per_second);

}  // namespace bench
