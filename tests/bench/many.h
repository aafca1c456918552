// Ten thousand calls at once: through an outage of the engine while their answers come, and through
// SIGTERM. One thread; failures throw.
#pragma once

#include <functional>
#include <string>

#include "tests/bench/plan.h"

namespace bench {

// True: all of them were at Lambda at once, each result reached the engine, and the worker ended in
// order. What it took goes to `progress`.
bool run_ten_thousand(const plan& how, const std::function<void(const std::string&)>& progress);

}  // namespace bench
