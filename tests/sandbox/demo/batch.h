// A number of jobs of each kind: made, looked up when they have ended, judged. One thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "tests/sandbox/demo/kinds.h"
#include "tests/sandbox/demo/stage.h"

namespace sandbox::demo {

struct findings {
  std::size_t jobs = 0;
  std::size_t lost = 0;  // without an end
  std::string table;
  std::vector<std::string> wrong;  // everything that is not as it must be, a line each
};

class batch {
 public:
  // The jobs are made here, one of each kind in turn, as work mixes in life. `kinds` must outlive
  // the batch.
  batch(stage& on, const std::vector<kind>& kinds, int of_each);

  [[nodiscard]] findings judge() const;

 private:
  stage& on_;
  const std::vector<kind>& kinds_;
  std::vector<std::vector<std::int64_t>> keys_;  // kind by kind
};

}  // namespace sandbox::demo
