// Jobs that wait for a slot. Each job type has a queue of its own, first come, first served. The
// types take turns, so that a burst of one type does not delay another. Pure.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace worker::jobs {

class active_job;
using active_job_ptr = std::shared_ptr<active_job>;

class job_queue {
 public:
  explicit job_queue(std::size_t types) : queues_(types) {}

  void push(std::size_t type_index, active_job_ptr job);
  // The next job of a type that `may_run` accepts; nullptr when there is no such job.
  active_job_ptr next(const std::function<bool(std::size_t type_index)>& may_run);
  std::vector<active_job_ptr> take_all();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t size(std::size_t type_index) const {
    return queues_.at(type_index).size();
  }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  std::vector<std::deque<active_job_ptr>> queues_;
  std::size_t turn_ = 0;
  std::size_t size_ = 0;
};

}  // namespace worker::jobs
