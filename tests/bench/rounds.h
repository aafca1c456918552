// The conductor: starts the stand-ins, the floor and the worker as processes, lets the peers
// take turns, and measures. One thread; failures throw, and every process is gone afterwards.
#pragma once

#include <functional>
#include <string>

#include "tests/bench/figures.h"
#include "tests/bench/plan.h"

namespace bench {

// `progress` gets a line for people after each round.
figures measure(const plan& how, const std::function<void(const std::string&)>& progress);

}  // namespace bench
