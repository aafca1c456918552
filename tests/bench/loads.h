// Jobs that arrive at a rate: what the worker adds to the time of one, and what a flood of pushed
// jobs costs. One thread; failures throw.
#pragma once

#include <functional>
#include <string>

#include "tests/bench/figures.h"
#include "tests/bench/plan.h"

namespace bench {

load_figures measure_loads(const plan& how,
                           const std::function<void(const std::string&)>& progress);

}  // namespace bench
