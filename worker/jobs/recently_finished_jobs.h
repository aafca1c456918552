// Keys of jobs that ended for good a moment ago. An activation can be overtaken: the lease of a job
// ends, the engine activates it again, then takes our completion of the first run, and the second
// activation is read here after the job has ended. Its key tells. The memory is bounded in number
// and time, because an engine that was wiped starts its keys again. Loop's thread.
#pragma once

#include <boost/unordered/unordered_flat_map.hpp>
#include <cstddef>

#include "worker/engine/types.h"
#include "worker/jobs/lease.h"

namespace worker::jobs {

class recently_finished_jobs {
 public:
  // Keys are kept in two generations. A generation is closed after `memory`, or when it has
  // `max_keys` keys. So a key is known for 10 to 20 seconds, unless more than 4,096 keys follow it.
  static constexpr milliseconds memory{10'000};
  static constexpr std::size_t max_keys = 4096;

  // A thrown error that no event catches becomes an incident, and the job lives on when the
  // incident is resolved. Activations that begin this long after the error are new ones.
  static constexpr milliseconds thrown{1000};

  void add(engine::job_key key, boot_clock::time_point now);
  void add_thrown(engine::job_key key, boot_clock::time_point now);
  // Whether the job's end overtook an activation that began at `activated`.
  [[nodiscard]] bool was_finished_before(engine::job_key key, boot_clock::time_point activated,
                                         boot_clock::time_point now);

 private:
  // Each key with the last moment at which an overtaken activation can have begun.
  using generation = boost::unordered_flat_map<engine::job_key, boot_clock::time_point>;
  void turn(boot_clock::time_point now);

  generation young_;
  generation old_;
  boot_clock::time_point young_since_{};
};

}  // namespace worker::jobs
