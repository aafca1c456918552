// How the figures are shown: a table for people, JSON for programs, and one sentence. Pure.
#pragma once

#include <string>
#include <vector>

#include "tests/bench/figures.h"

namespace bench {

// A line for each peer of each point.
std::string table(const figures& all);

// One object; which keys it has is said in README.md.
std::string json(const figures& all);

// "bench: settled, ..." or what misses its target.
std::string verdict(const figures& all);
std::string verdict(const std::vector<target>& settled);

}  // namespace bench
