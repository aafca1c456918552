#include "worker/jobs/task_group.h"

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>

#include "connector/base/wait.h"

namespace worker::jobs {

namespace asio = boost::asio;

task_group::task_group(asio::any_io_executor loop, std::function<void(std::exception_ptr)> bug)
    : loop_(loop), bug_(std::move(bug)), idle_(loop) {}

void task_group::spawn(asio::awaitable<void> task) {
  ++running_;
  asio::co_spawn(loop_, std::move(task),
                 [this](std::exception_ptr escaped) { ended(std::move(escaped)); });
}

void task_group::spawn(asio::awaitable<void> task, asio::cancellation_signal& stop,
                       std::shared_ptr<void> owner) {
  ++running_;
  auto done = [this, owner = std::move(owner)](std::exception_ptr escaped) {
    ended(std::move(escaped));
  };
  asio::co_spawn(loop_, std::move(task),
                 asio::bind_cancellation_slot(stop.slot(), std::move(done)));
}

void task_group::ended(std::exception_ptr escaped) {
  if (escaped) bug_(std::move(escaped));
  if (--running_ == 0) idle_.cancel();
}

asio::awaitable<bool> task_group::wait(connector::deadline end) {
  wait_aborted_ = false;
  while (running_ > 0 && !wait_aborted_) {
    const auto left = connector::left_until(end, connector::boot_clock::now());
    if (left == connector::boot_clock::duration::zero()) co_return false;
    co_await connector::wait_for(idle_, left);
  }
  co_return running_ == 0;
}

void task_group::abort_wait() {
  wait_aborted_ = true;
  idle_.cancel();
}

}  // namespace worker::jobs
