// How large the next jobs of a type may be, from those that came: up at once with a larger one,
// down slowly, so that a poll does not bring more than memory is meant for. Pure.
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

  // In bytes. Before the first job came: as large as a gateway's message can be by default.
  [[nodiscard]] std::size_t expected() const { return expected_; }

  // How many jobs a poll may ask for when so many bytes are free and so many others may bring jobs
  // meanwhile. One at least: what is free may be less than a job.
  [[nodiscard]] std::size_t how_many_fit(std::size_t free_bytes, std::size_t sharers) const {
    return std::max<std::size_t>(1, free_bytes / sharers / std::max<std::size_t>(1, expected_));
  }

 private:
  std::size_t expected_ = std::size_t{4} << 20U;
  bool known_ = false;
};

}  // namespace worker::jobs
