// The jobs whose lease or back-off will end, soonest first; each knows its place, so that one that
// completes leaves at once and the heap never holds more than the jobs in hand. Not thread-safe.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/sandbox/engine/job_record.h"

namespace sandbox::engine {

class due_heap {
 public:
  bool empty() const { return heap_.empty(); }
  job_record* top() const { return heap_.front(); }
  // `job.until` is its order; it must not change while the job is in here.
  void add(job_record& job);
  void remove(job_record& job);

 private:
  void place(std::size_t at, job_record* job);
  void up(std::size_t at);
  void down(std::size_t at);

  std::vector<job_record*> heap_;
};

}  // namespace sandbox::engine
