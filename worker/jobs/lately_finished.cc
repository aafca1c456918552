#include "worker/jobs/lately_finished.h"

#include <utility>

namespace worker::jobs {

void lately_finished::turn(boot_clock::time_point now) {
  const auto age = now - since_;
  if (age < memory && young_.size() < most) return;
  old_.clear();
  if (age < 2 * memory) std::swap(young_, old_);
  young_.clear();
  since_ = now;
}

void lately_finished::add(engine::job_key key, boot_clock::time_point now) {
  turn(now);
  young_.insert(key);
}

bool lately_finished::contains(engine::job_key key, boot_clock::time_point now) {
  turn(now);
  return young_.contains(key) || old_.contains(key);
}

}  // namespace worker::jobs
