// Warns once for each task whose header `secrets` has an entry without a place. Bounded: after a
// thousand tasks one last line is logged. Loop's thread.
#pragma once

#include <cstddef>
#include <string_view>
#include <unordered_set>
#include <vector>

#include "worker/secrets/resolver.h"

namespace worker::secrets {

class place_warnings {
 public:
  static constexpr std::size_t max_tasks = 1000;

  // `process` and `element`: of the job's task.
  void look_at(const std::vector<task_value>& task, std::string_view process,
               std::string_view element);

 private:
  std::unordered_set<std::size_t> warned_;  // hashes of process and element
  bool full_ = false;
};

}  // namespace worker::secrets
