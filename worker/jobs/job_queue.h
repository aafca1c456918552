// Jobs that are here and wait for a slot: by lane, each first come, first served; the lanes take
// turns, so that a burst of one job type does not hold up another. Pure.
#pragma once

#include <cstddef>
#include <deque>
#include <functional>
#include <memory>
#include <vector>

namespace worker::jobs {

struct active_job;
using active_job_ptr = std::shared_ptr<active_job>;

class job_queue {
 public:
  explicit job_queue(std::size_t lanes) : lanes_(lanes) {}

  void push(std::size_t lane, active_job_ptr one);
  // The next whose lane `may` run; nullptr when there is none.
  active_job_ptr next(const std::function<bool(std::size_t lane)>& may);
  std::vector<active_job_ptr> take_all();

  [[nodiscard]] std::size_t size() const { return size_; }
  [[nodiscard]] std::size_t size(std::size_t lane) const { return lanes_.at(lane).size(); }
  [[nodiscard]] bool empty() const { return size_ == 0; }

 private:
  std::vector<std::deque<active_job_ptr>> lanes_;
  std::size_t turn_ = 0;
  std::size_t size_ = 0;
};

}  // namespace worker::jobs
