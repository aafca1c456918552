// Activatable jobs by type and tenant, first come first served in each partition; those that were
// ever leased wait apart. Jobs that ended while they waited are skipped when their turn comes. Not
// thread-safe.
#pragma once

#include <cstddef>
#include <deque>
#include <string>
#include <unordered_map>
#include <vector>

#include "tests/sandbox/engine/job_record.h"

namespace sandbox::engine {

class ready_queue {
 public:
  explicit ready_queue(int partitions) : partitions_(static_cast<std::size_t>(partitions)) {}

  void add(job_record& job);
  struct place {
    const std::string& type;
    const std::string& tenant;
    std::size_t partition = 0;  // counted from 0
    bool leased = false;
  };
  // The next job there; null when there is none. pop() takes it.
  job_record* front(const place& at);
  void pop(const place& at);

 private:
  using lanes = std::vector<std::deque<job_record*>>;
  using by_type = std::unordered_map<std::string, std::unordered_map<std::string, lanes>>;
  lanes* find(const place& at);

  std::size_t partitions_;
  by_type never_leased_;
  by_type leased_;
};

}  // namespace sandbox::engine
