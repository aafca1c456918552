// Activatable jobs by type and tenant, first come first served in each partition. Jobs that ended
// while they waited are skipped when their turn comes. Not thread-safe.
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
  // The next job of this partition, counted from 0; null when there is none. pop() takes it.
  job_record* front(const std::string& type, const std::string& tenant, std::size_t partition);
  void pop(const std::string& type, const std::string& tenant, std::size_t partition);

 private:
  using lanes = std::vector<std::deque<job_record*>>;
  lanes* find(const std::string& type, const std::string& tenant);

  std::size_t partitions_;
  std::unordered_map<std::string, std::unordered_map<std::string, lanes>> types_;
};

}  // namespace sandbox::engine
