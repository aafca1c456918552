// Keys of jobs that ended for good a moment ago. An activation can be overtaken: the engine gives
// a job out again because its lease ran out, takes our completion of the first run right after,
// and the second activation is read here when the job is over. Its key tells. Bounded in number
// and time, because an engine that was wiped counts its keys from the start again. Loop's thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>

#include "worker/engine/types.h"
#include "worker/jobs/lease.h"

namespace worker::jobs {

class recently_finished_jobs {
 public:
  // Each key is known for at least so long, unless `most` more came after it; and at most twice so
  // long.
  static constexpr milliseconds memory{10'000};
  static constexpr std::size_t most = 4096;

  // A thrown error that nobody caught is an incident, and its job lives on when that is resolved:
  // activations that began so long after it are new ones.
  static constexpr milliseconds thrown{1000};

  void add(engine::job_key key, boot_clock::time_point now);
  void add_thrown(engine::job_key key, boot_clock::time_point now);
  // Whether an activation that began at `activated` was overtaken by the job's end.
  [[nodiscard]] bool was_finished_before(engine::job_key key, boot_clock::time_point activated,
                                         boot_clock::time_point now);

 private:
  // With the last moment at which an activation of it can have begun.
  using keys = boost::unordered_flat_map<engine::job_key, boot_clock::time_point>;
  void turn(boot_clock::time_point now);

  keys young_;
  keys old_;
  boot_clock::time_point since_{};  // of the young ones
};

}  // namespace worker::jobs
