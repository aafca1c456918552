// From finished jobs to the rows of the table, and what is not as it must be. Pure.
#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "tests/sandbox/demo/kinds.h"

namespace sandbox::demo {

struct row {
  std::string kind;
  std::size_t jobs = 0;
  std::size_t completed = 0;
  std::size_t bpmn_errors = 0;
  std::size_t incidents = 0;
  std::size_t executions = 0;
  std::string says;  // the message of the first incident

  // Jobs with no end.
  [[nodiscard]] std::size_t open() const { return jobs - completed - bpmn_errors - incidents; }
};

row counted(const kind& job_kind, const std::vector<finished_job>& jobs);
// `says` holds the incident's code alone.
row expected(const kind& job_kind, std::size_t jobs);

// What is wrong with one job, in words; empty: nothing. `never_shown`: texts that no log, error or
// message may hold.
std::string wrong_with(const kind& job_kind, const finished_job& job,
                       const std::vector<std::string>& never_shown);

// The cells that are not as they must be, then one line for all jobs that are not, with the first.
std::vector<std::string> complaints(const kind& job_kind, const std::vector<finished_job>& jobs,
                                    const std::vector<std::string>& never_shown);

// For people: a head, a line for each row and the sums. The last column is cut after first words.
std::string table(const std::vector<row>& rows);

}  // namespace sandbox::demo
