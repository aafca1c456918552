// What a row of the fault table tells about itself while it runs: what was done, what ran, how the
// jobs ended. A row is TEST(Faults, ROW) in a file of its own (README.md). Rows run one after the
// other, each in a process of its own; the test's thread only.
#pragma once

#include <cstdint>
#include <string>

#include "tests/journey/world.h"

namespace faults {

// Whether the row was asked for in full (--long): numbers and times as in the table, not scaled.
bool is_long();

// One clause of the row's line: what was done to whom.
void did(const std::string& what);

// Adds what ran at the stand-in, and ends by name: "completed", "incident", "CONNECTION_ERROR".
void ran(std::uint64_t executions);
void ended(const std::string& how, std::uint64_t count = 1);

// At the end of a world: waits until no job is open, checks that the engine's account adds up, and
// adds its ends and the functions that ran.
void settle(journey::world& all);

// The next three are for main(), and for nobody else.
void begin_row(bool in_full);
// "refused, unknown name; executions 3; ends 3 completed, 1 incident".
std::string line_of_row();

}  // namespace faults
