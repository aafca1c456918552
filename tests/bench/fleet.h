// Ten workers at one engine and one account: what each more asks of them. One thread; failures
// throw.
#pragma once

#include <functional>
#include <string>

#include "tests/bench/plan.h"

namespace bench {

// True: no job failed, and every worker ended in order. The figures go to `progress`.
bool run_fleet(const plan& how, const std::function<void(const std::string&)>& progress);

}  // namespace bench
