// The report of a row of the fault table: what the row did, what ran, how the jobs ended. A row is
// TEST(Faults, ID_Sentence) in a file of its own (README.md). Rows run one after the other, each in
// a process of its own. Test's thread.
#pragma once

#include <cstdint>
#include <string>

#include "tests/journey/test_environment.h"

namespace faults {

// Whether the row runs in full (--long): with the numbers and times of the table, not scaled.
bool is_long();

// Adds one clause to the row's line: what the row did.
void report_action(const std::string& action);

// Adds executions at the stand-in; adds ends by name: "completed", "incident", "CONNECTION_ERROR".
void report_executions(std::uint64_t executions);
void report_end(const std::string& how, std::uint64_t count = 1);

// Waits until no job is open, checks that the engine's account adds up, and adds the ends of its
// jobs and the executions of functions to the report.
void expect_all_ended(journey::test_environment& env);

// Only main() calls the next two.
void begin_row(bool in_full);
// "refused, unknown name; executions 3; ends 3 completed, 1 incident".
std::string line_of_row();

}  // namespace faults
