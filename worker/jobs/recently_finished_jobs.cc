#include "worker/jobs/recently_finished_jobs.h"

#include <utility>

namespace worker::jobs {

void recently_finished_jobs::turn(boot_clock::time_point now) {
  const auto age = now - young_since_;
  if (age < memory && young_.size() < max_keys) return;
  old_.clear();
  if (age < 2 * memory) std::swap(young_, old_);
  young_.clear();
  young_since_ = now;
}

void recently_finished_jobs::add(engine::job_key key, boot_clock::time_point now) {
  turn(now);
  young_[key] = boot_clock::time_point::max();
}

void recently_finished_jobs::add_thrown(engine::job_key key, boot_clock::time_point now) {
  turn(now);
  young_[key] = now + thrown;
}

bool recently_finished_jobs::was_finished_before(engine::job_key key,
                                                 boot_clock::time_point activated,
                                                 boot_clock::time_point now) {
  turn(now);
  for (const auto* generation : {&young_, &old_}) {
    if (const auto found = generation->find(key); found != generation->end()) {
      return activated <= found->second;
    }
  }
  return false;
}

}  // namespace worker::jobs
