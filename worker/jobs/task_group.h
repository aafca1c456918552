// Owns spawned coroutines: counts them, and lets one wait until none is left. The only place that
// spawns in this room. Must outlive its tasks. Loop's thread.
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/awaitable.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <cstddef>
#include <exception>
#include <functional>
#include <memory>

#include "connector/base/boot_timer.h"
#include "connector/base/clock.h"

namespace worker::jobs {

class task_group {
 public:
  // `bug` is told what escaped a task: never an outside reason.
  task_group(boost::asio::any_io_executor loop, std::function<void(std::exception_ptr)> bug);

  void spawn(boost::asio::awaitable<void> task);
  // `stop` can cancel the task; `owner` keeps it alive until the task has ended.
  void spawn(boost::asio::awaitable<void> task, boost::asio::cancellation_signal& stop,
             std::shared_ptr<void> owner);

  [[nodiscard]] std::size_t running() const { return running_; }

  // Comes back when nothing runs or `end` has come; true when nothing runs.
  boost::asio::awaitable<bool> wait(connector::deadline end);

  // The wait under way ends now.
  void abort_wait();

 private:
  void ended(std::exception_ptr escaped);

  boost::asio::any_io_executor loop_;
  std::function<void(std::exception_ptr)> bug_;
  std::size_t running_ = 0;
  bool wait_aborted_ = false;
  connector::boot_timer idle_;
};

}  // namespace worker::jobs
