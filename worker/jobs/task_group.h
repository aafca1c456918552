// Owns the coroutines that this room spawns: counts them and waits until all have ended. No other
// file of the room spawns a coroutine for longer than one call. Must outlive its tasks. Loop's
// thread.
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
  // `bug` receives an exception that escaped a task: always a bug of the worker.
  task_group(boost::asio::any_io_executor loop, std::function<void(std::exception_ptr)> bug);

  void spawn(boost::asio::awaitable<void> task);
  // `stop` can cancel the task; `owner`, which has the signal, lives until the task has ended.
  void spawn(boost::asio::awaitable<void> task, boost::asio::cancellation_signal& stop,
             std::shared_ptr<void> owner);

  [[nodiscard]] std::size_t running() const { return running_; }

  // Returns when no task runs, at `end`, or after abort_wait(). True when no task runs.
  boost::asio::awaitable<bool> wait(connector::deadline end);

  // Ends the wait that is under way.
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
