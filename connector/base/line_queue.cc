#include "connector/base/line_queue.h"

#include <utility>

namespace connector {

line_queue::line_queue(std::function<void(std::string line)> write, line_queue_limits bounds)
    : write_(std::move(write)), bounds_(bounds), thread_([this] { run(); }) {}

line_queue::~line_queue() {
  {
    const std::lock_guard lock(guard_);
    ends_ = true;
  }
  news_.notify_one();
  thread_.join();
}

bool line_queue::is_full() const {
  return !lines_.empty() && (lines_.size() > bounds_.lines || bytes_ > bounds_.bytes);
}

void line_queue::add(std::string line) {
  std::deque<std::string> dropped;  // freed without the lock
  bool sleeps = false;
  {
    const std::lock_guard lock(guard_);
    sleeps = lines_.empty();
    bytes_ += line.size();
    lines_.push_back(std::move(line));
    while (is_full()) {
      bytes_ -= lines_.front().size();
      dropped.push_back(std::move(lines_.front()));
      lines_.pop_front();
      ++lost_;
    }
  }
  if (sleeps) news_.notify_one();
}

std::uint64_t line_queue::lost() const {
  const std::lock_guard lock(guard_);
  return lost_;
}

void line_queue::run() {
  std::unique_lock lock(guard_);
  for (;;) {
    news_.wait(lock, [this] { return ends_ || !lines_.empty(); });
    if (lines_.empty()) return;
    auto line = std::move(lines_.front());
    lines_.pop_front();
    bytes_ -= line.size();
    lock.unlock();
    write_(std::move(line));
    lock.lock();
  }
}

}  // namespace connector
