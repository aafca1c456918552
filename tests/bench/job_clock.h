// How long jobs are out, by the engine's own events: from the hand-out to the completion. Any
// thread; the engine calls it under its mutex.
#pragma once

#include <chrono>
#include <cstdint>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "tests/sandbox/engine/parent.h"

namespace bench {

class job_clock final : public sandbox::engine::parent {
 public:
  void happened(sandbox::engine::job_event event) override {
    using kind = sandbox::engine::job_event::kind;
    const auto now = std::chrono::steady_clock::now();
    const std::lock_guard lock(mutex_);
    if (event.type == kind::activated) {
      out_[event.job] = now;
    } else if (const auto left = out_.find(event.job);
               event.type == kind::completed && left != out_.end()) {
      const std::chrono::duration<double, std::micro> time = now - left->second;
      times_.push_back(time.count());
      out_.erase(left);
    }
  }
  void asked(std::uint64_t, std::string_view, std::string) override {}
  void gone(std::uint64_t) override {}

  // In microseconds, of the jobs that were completed since the last call.
  std::vector<double> take() {
    const std::lock_guard lock(mutex_);
    return std::exchange(times_, {});
  }

 private:
  std::mutex mutex_;
  std::unordered_map<std::int64_t, std::chrono::steady_clock::time_point> out_;
  std::vector<double> times_;
};

}  // namespace bench
