#include "worker/jobs/job_queue.h"

#include <utility>

namespace worker::jobs {

void job_queue::push(std::size_t type_index, active_job_ptr job) {
  queues_.at(type_index).push_back(std::move(job));
  ++size_;
}

active_job_ptr job_queue::next(const std::function<bool(std::size_t type_index)>& may_run) {
  for (std::size_t looked = 0; looked < queues_.size(); ++looked) {
    const std::size_t type_index = turn_;
    turn_ = (turn_ + 1) % queues_.size();
    auto& queue = queues_[type_index];
    if (queue.empty() || !may_run(type_index)) continue;
    auto job = std::move(queue.front());
    queue.pop_front();
    --size_;
    return job;
  }
  return nullptr;
}

std::vector<active_job_ptr> job_queue::take_all() {
  std::vector<active_job_ptr> all;
  all.reserve(size_);
  for (auto& queue : queues_) {
    for (auto& job : std::exchange(queue, {})) all.push_back(std::move(job));
  }
  size_ = 0;
  return all;
}

}  // namespace worker::jobs
