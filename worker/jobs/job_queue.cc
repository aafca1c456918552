#include "worker/jobs/job_queue.h"

#include <utility>

namespace worker::jobs {

void job_queue::push(std::size_t lane, active_job_ptr one) {
  lanes_.at(lane).push_back(std::move(one));
  ++size_;
}

active_job_ptr job_queue::next(const std::function<bool(std::size_t lane)>& may) {
  for (std::size_t looked = 0; looked < lanes_.size(); ++looked) {
    const std::size_t lane = turn_;
    turn_ = (turn_ + 1) % lanes_.size();
    auto& waiting = lanes_[lane];
    if (waiting.empty() || !may(lane)) continue;
    auto one = std::move(waiting.front());
    waiting.pop_front();
    --size_;
    return one;
  }
  return nullptr;
}

std::vector<active_job_ptr> job_queue::take_all() {
  std::vector<active_job_ptr> all;
  all.reserve(size_);
  for (auto& waiting : lanes_) {
    for (auto& one : std::exchange(waiting, {})) all.push_back(std::move(one));
  }
  size_ = 0;
  return all;
}

}  // namespace worker::jobs
