// How large the next jobs of a type may be, learned from the jobs that arrived. The estimate rises
// at once with a larger job and falls slowly, so that a poll does not bring more bytes than the
// budget has. Pure.
#pragma once

#include <algorithm>
#include <cstddef>

namespace worker::jobs {

class job_size {
 public:
  void learn(std::size_t bytes) {
    expected_ = known_ ? std::max(bytes, expected_ - expected_ / 8) : bytes;
    known_ = true;
  }

  // In bytes. Before the first job: the size of a gateway's largest message by default.
  [[nodiscard]] std::size_t expected() const { return expected_; }

  // How many jobs a poll may ask for when `free_bytes` are free and `sharers` polls and streams may
  // bring jobs at the same time. At least one: less may be free than one job needs.
  [[nodiscard]] std::size_t how_many_fit(std::size_t free_bytes, std::size_t sharers) const {
    return std::max<std::size_t>(1, free_bytes / sharers / std::max<std::size_t>(1, expected_));
  }

 private:
  std::size_t expected_ = std::size_t{4} << 20U;
  bool known_ = false;
};

}  // namespace worker::jobs
