// Processes of one task that `lambda-sandbox serve` knows, read from a file: CreateProcessInstance
// makes a job of them. A JSON array of
//   {"id": "...", "type": "...", "headers": {}, "retries": 3, "caughtErrors": [], "tenant": "..."}
// where all but id and type may be left out.
#pragma once

#include <string>
#include <vector>

#include "tests/sandbox/engine/job.h"

namespace sandbox {

// Throws std::runtime_error that names what is wrong with the text.
std::vector<engine::job_spec> read_processes(const std::string& json);

}  // namespace sandbox
