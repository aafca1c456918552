// What --stay does after the table: says how to look at what runs, makes more jobs on demand, and
// waits for a signal. One thread.
#pragma once

#include <csignal>
#include <filesystem>
#include <string>
#include <vector>

#include "tests/sandbox/demo/kinds.h"
#include "tests/sandbox/demo/stage.h"

namespace sandbox::demo {

// For people; every command in it works when pasted into another terminal.
std::string how_to_look(stage& all, const std::filesystem::path& worker);

// Returns after a signal of the set, which must be blocked in every thread.
void stay(stage& all, const std::vector<kind>& kinds, const sigset_t& end_signals);

}  // namespace sandbox::demo
